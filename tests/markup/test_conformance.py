"""Both dialects end in one body: every feature that is ours goes through both engines, and the results are equal.

Equal but for white space between blocks, which no reader sees, and what DIFFERENT lists.
"""

from __future__ import annotations

import re

import pytest
from msgspec.structs import fields

from generator.markup.placeholders import Context
from generator.markup.sanitise import BLOCK
from generator.model import Body

ALIKE = {
    "emphasis and code": 'Some *emphasis*, **strong**, `code "x" -- y`.',
    "quotation marks and dashes": "\"Quoted\" -- it's the '90s, 5 o'clock... `--option`",
    "a figure": '![Alt](a.jpg "A caption -- nice")',
    "a linked figure": '[![Alt](b.jpg "Linked caption")](c.pdf)',
    "a picture alone": "![Alt](a.jpg)",
    "a picture among words": 'See ![Alt](a.jpg "title") here.',
    "a picture on another host": '![Alt](https://pics.example/x.png "Caption")',
    "a pull quote": "> [!PULLQUOTE]\n> We *did* it.\n>\n> -- Ann Example",
    "a pull quote on one line": "> [!PULLQUOTE] We did it.",
    "a note": "> [!NOTE]\n> Mind this.\n>\n> - one\n> - two",
    "a tip": "> [!tip]\n> Do this.",
    "a warning with a title": "> [!WARNING] The *gap* -- wide\n> It is wide.",
    "GitHub's other alerts": "> [!IMPORTANT]\n> a\n\n> [!CAUTION]\n> b",
    "two notes in a row": "> [!NOTE]\n> a\n\n> [!TIP]\n> b",
    "a quotation after a note": "> [!NOTE]\n> a\n\nBetween.\n\n> b",
    "an unknown alert": "> [!WHATEVER]\n> x",
    "a note within a quotation": "> > [!NOTE]\n> > inner",
    "a quotation": "> One.\n>\n> Two.",
    "an excerpt": "One *two*[^1].\n\n<!--more-->\n\nThree.\n\n[^1]: Note.",
    "an excerpt that ends within a paragraph": "One <!-- more --> two.\n\nThree.",
    "footnotes": "One[^b] and again[^b], two[^a].\n\n[^a]: Note a.\n[^b]: Note b.",
    "a footnote of several blocks": "One[^x].\n\n[^x]: First.\n\n    Second.\n\n    > Quoted.",
    "a footnote with a list at its end": "One[^x].\n\n[^x]: First.\n\n    - a\n    - b",
    "a footnote within a footnote": "a[^1] b[^2]\n\n[^1]: x\n\n    > [^2]: nested",
    "a footnote nobody refers to": "One[^b].\n\n[^a]: *Unused*.\n\n[^b]: Used.",
    "a footnote in a heading": "## Head[^1]\n\nText.\n\n[^1]: Note.",
    "a reference to no footnote": "One[^none].",
    "a footnote's name that is no word": "One[^a-b.c].\n\n[^a-b.c]: Note.",
    "a footnote above its reference": "[^1]: Note.\n\nOne[^1].",
    "headings": "# One\n\n## Two *em*\n\n#### Skips\n\n## Two em\n\nSet\n---",
    "a heading's own id": "## First {#mine}\n\n### Größe & 日本\n\n## Other {#own .wide}\n\n[to it](#mine)",
    "links inside the site": "[a](../b.md#c) [b](/x/) [c](#d) [d](b.pdf 'T') [f](../b.md#c)",
    "links outside": "[a](https://example.org/?a=1&b=2) <https://example.org/x> [c](//cdn.example/x)",
    "a mail link": "[feedback](mailto:a@example.org?subject=Hello)",
    "a reference link": "[a][x] and [y] and [z][]\n\n[x]: /one/\n[y]: https://example.org/ 'T'\n[z]: two.md",
    "a link nobody may follow": "[x](javascript:alert(1)) [y](data:text/html,x)",
    "a table": 'Left | Centre | Right | None\n:--- | :----: | ----: | ---\na | *b* | `c` | "d"\n',
    "a table with edges": "| a | b |\n|---|--:|\n| 1 | 2 |\n\nAfter.",
    "tasks": "- [ ] open\n- [x] done\n- plain",
    "loose tasks": "- [ ] open\n\n- [X] done",
    "numbered tasks": "1. [ ] open\n2. [x] done",
    "nested lists": "1. one\n    - nested\n        - deep\n2. two\n\nText.\n\n- a\n\n    second paragraph\n\n- b",
    "a list that begins at three": "3. three\n4. four",
    "a definition list": "Term\n:   Meaning *one*\n\nOther\n:   Two",
    "code": "``` python\nprint('a') -- \"b\"\n```\n\n    indented <b>\n",
    "code with tildes": "~~~\na\n\n\nb\n~~~",
    "a hard line end": "One  \ntwo",
    "a rule": "One\n\n---\n\nTwo",
    "a block of HTML": '<div class="x">\n<p align=right>raw "quoted"</p>\n</div>\n\nText <b>bold</b> &amp; &copy;.',
    "HTML that may not pass": '<p onclick="x()" style="color:red">a</p>\n\n<script>alert(1)</script>\n\nb',
    "a film": '<div><video src="a.mp4" autoplay></video></div>\n\n<iframe src="https://film.example/1"></iframe>',
    "a details element": "<details>\n<summary>Sum</summary>\n<p>With HTML.</p>\n</details>",
    "escaped signs": r"\*not em\* \[not a link\] \# \`",
    "a list right below a line of text": "Text:\n- a\n- b\n\n> Text:\n> 1. a",
    "a year at the head of a line": "It began in\n2014. It ended.",
    "a list of the other kind right below": "1. a\n- b\n\nText\n\n- c\n1. d",
    "a list of the other kind set in": "1. a\n   - b\n   - c\n2. d",
    "Word's bullets": "•\tone\n•\ttwo\n\nText\n\n·  three\n\nText\n\n–\tfour\n–\tfive\n\nText\n\no\tsix",
    "bullets in bullets": "• one\n    • two\n\nText:\n• three\n\n> • quoted",
    "bullets in code": "    • a\n\n```\n• b\n```\n\n`• c`\n\n<pre>\n• d\n</pre>",
    "dashes that are no bullets": "– one\n– two\n\n— Ann\n\na · b",
    "numbers with a bracket": "1) one\n2) two\n\nText\n1) three",
    "hard spaces after the sign of an item": "-\u00a0a\n-\u00a0b\n\nText\n\n1.\u00a0c",
    "bare addresses": "See https://example.org/a?b=1&c=2, www.example.org. Mail jane@example.org!",
    "bare addresses with signs of Markdown": "https://example.org/_a_/*b*/x (https://example.org/a_(b)) *www.x.org*",
    "addresses that are no links": "`https://a.org` @jane@b.example http:// www.x [https://c.org/](/d/) ftp://e.org",
    "bare addresses in code": "    https://a.org/_b_ x = 1\n\n```\nhttps://a.org/_b_ c@d.org\n```",
    "a heading's sign": "## Learning C#\n\n### F# ##\n\n## C #",
    "striking out": "~~gone~~ *~~a~~* ~~ b ~~ \\~~c~~ `~~d~~`",
    "a bar in the code of a table": "a | b\n-|-\n`x \\| y` | z \\| w",
    "code in an item": "1. a\n\n    ``` sh\n    x\n      y\n\n    z\n    ```\n\n2. b",
    "code in an item, set in by less": "1. a\n\n   ```\n   x\n   ```\n\n2. b\n\nText\n\n- c\n\n  ~~~\n  x\n  ~~~",
    "code in an item of an item": "- a\n\n    - b\n\n        ```\n        x\n        ```\n\n- c",
    "code in a quotation": "> a\n>\n> ```\n> x\n>\n> y\n> ```\n>\n> b",
    "code in a footnote": "a[^1]\n\n[^1]: b\n\n    ```\n    x\n    ```",
    "a paragraph that is set in": "\tDear all,\n\n    This is (not) code #5.\n\nText",
    "code that is set in": "Text:\n\n    x = 1\n\nText:\n\n\tDear all\n",
    "a link without a scheme": "[x](www.example.org/a) and [y](jane@example.org) and [z](photo@2x.png)",
    "the end of an excerpt in a list": "a\n\n- b\n\n    <!--more-->\n\n- c\n\nd",
    "the end of an excerpt in a quotation": "> a\n>\n> <!--more-->\n>\n> b\n\nc",
    "an entity": "&lt;b&gt; &#8212; &nbsp;x",
}

DIFFERENT = {
    "striking out with one tilde": ("~gone~", "<p>~gone~</p>", "<p><del>gone</del></p>"),
    "an admonition": (
        "!!! note\n    Mind.",
        '<div class="note note-note" role="note"><p class="note-title">\ufdd0Nnote\ufdd1</p><p>Mind.</p></div>',
        "<p>!!! note\nMind.</p>",
    ),
    "an abbreviation": (
        "A CIO.\n\n*[CIO]: Chief",
        '<p>A <abbr title="Chief">CIO</abbr>.</p>',
        "<p>A CIO.</p><p>*[CIO]: Chief</p>",
    ),
    "a paragraph's class": ("Text.\n{: .lead }", '<p class="lead">Text.</p>', "<p>Text.\n{: .lead }</p>"),
    "Markdown in HTML without blank lines": (
        '<div markdown="1">\n*a*\n</div>',
        "<div><p><em>a</em></p></div>",
        "<div>*a*</div>",
    ),
    "Markdown in HTML, between blank lines": (
        "<div>\n\n*a*\n\n</div>",
        "<div>*a*</div>",
        "<div><p><em>a</em></p></div>",
    ),
    "an element within a line, alone": (
        '<video src="a.mp4"></video>',
        '<video controls="" preload="metadata"\ufdd0S0\ufdd1></video>',
        '<p><video controls="" preload="metadata"\ufdd0S0\ufdd1></video></p>',
    ),
    "emphasis of both kinds": (
        "***both***",
        "<p><strong><em>both</em></strong></p>",
        "<p><em><strong>both</strong></em></p>",
    ),
    "an escaped quotation mark in a title": (
        'a [b](c "d \\"e\\" f")',
        "<p>a <a title='d \\\"e\\\" f'\ufdd0L0\ufdd1>b</a></p>",
        "<p>a <a title='d \"e\" f'\ufdd0L0\ufdd1>b</a></p>",
    ),
    "a list nested with two spaces": (
        "- a\n  - b",
        "<ul><li>a</li><li>b</li></ul>",
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
    ),
    "a line end with a backslash": ("a\\\nb", "<p>a\\\nb</p>", "<p>a<br>b</p>"),
}
"""Name → text, what Python-Markdown makes of it, what CommonMark says: docs/writing-posts.md lists them."""

_SPACE = re.compile(rf"\s*(</?(?:{'|'.join(sorted(BLOCK))}|br)\b[^>]*>)\s*")


def without_space(html: str) -> str:
    """Take out the white space next to blocks, but not that of code."""
    parts = re.split(r"(<pre.*?</pre>)", html, flags=re.DOTALL)
    parts[::2] = [_SPACE.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts).strip()


def seen(body: Body) -> dict[str, object]:
    """Give all a body holds, its HTML without white space between blocks."""
    values = {field.name: getattr(body, field.name) for field in fields(body)}
    return values | {name: without_space(values[name]) for name in ("html", "excerpt")}


@pytest.mark.parametrize("name", ALIKE)
def test_both_dialects_give_one_body(name: str, body_of) -> None:  # type: ignore[no-untyped-def]
    bodies = [body_of(ALIKE[name], engine=engine) for engine in ("markdown", "commonmark")]
    assert seen(bodies[0]) == seen(bodies[1])
    assert bodies[0].html


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.parametrize("context", Context)
def test_both_dialects_show_alike_everywhere(name: str, context: Context, body_of, show) -> None:  # type: ignore[no-untyped-def]
    shown = [show(body_of(ALIKE[name], engine=engine), context, shift=1) for engine in ("markdown", "commonmark")]
    assert without_space(shown[0]) == without_space(shown[1])


@pytest.mark.parametrize("name", DIFFERENT)
def test_dialects_differ_only_as_documented(name: str, body_of) -> None:  # type: ignore[no-untyped-def]
    text, *expected = DIFFERENT[name]
    shown = [without_space(body_of(text, engine=engine).html) for engine in ("markdown", "commonmark")]
    assert shown == expected


def test_footnote_ids_are_those_of_the_other_dialect(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One[^x].\n\n[^x]: Note.", engine="commonmark")
    assert set(body.anchors) == {"fn-a-post-1", "fnref-a-post-1"}


def test_two_footnotes_of_one_name_are_both_kept(body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of("One[^x].\n\n[^x]: First.\n\n[^x]: Second.", engine="commonmark"))
    assert re.findall(r'<li id="(.*?)">\s*<p>(\w+)', html) == [("fn-a-post-1", "First"), ("fn-a-post-2", "Second")]


def test_a_footnote_within_a_footnote_becomes_one_of_the_list(body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of("a[^1] b[^3]\n\n[^1]: > [^3]: nested", engine="commonmark"))
    assert html.count("<li ") == 2
    assert "footnote-definition" not in html
