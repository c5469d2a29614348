"""Hugo's `figure`, and pictures named like it: captions in Markdown or HTML, links, attributions, any quoting."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.importers.captions import read_caption
from generator.importers.import_model import ImportOutcome, Topic
from tests.factories import build_site

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
FRONT = "---\ntitle: A\ndate: 2020-01-02\n---\n"
SETTINGS = {"hugo.toml": 'baseURL = "https://old.example.net/"\n'}


@pytest.fixture
def text(blog: Blog, bring: Bring, site: Path) -> Callable[[str], str]:
    """Import one text of Hugo's and give it as it came."""

    def run(body: str) -> str:
        files: dict[str, str | bytes] = {**SETTINGS, "content/p/f/index.md": FRONT + body + "\n"}
        outcome = bring(blog({**files, "content/p/f/a.png": b"a", "content/p/f/B.PNG": b"b"}))
        assert [note for note in outcome.notes if note.topic is Topic.TEMPLATE] == []
        return (site / outcome.posts[0].path).read_text("utf-8").split("---\n", 2)[2].strip()

    return run


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ('caption="Plain words"', '![Plain words](a.png "Plain words")'),
        ('caption="Größe & 東京, تجربة"', '![Größe & 東京, تجربة](a.png "Größe & 東京, تجربة")'),
        ('caption="AT&amp;T, &copy; 2020"', '![AT&T, © 2020](a.png "AT&T, © 2020")'),
        ('caption="1. Not a list"', '![1. Not a list](a.png "1. Not a list")'),
        ('caption="# Not a heading"', '![# Not a heading](a.png "# Not a heading")'),
        ('caption="He said \\"yes\\""', '![He said "yes"](a.png "He said &quot;yes&quot;")'),
        ('caption=`raw "q" {{ x }} \\n`', '![raw "q" {{ x }} \\\\n](a.png "raw &quot;q&quot; {{ x }} \\n")'),
        ("caption=`over\ntwo lines`", '![over two lines](a.png "over two lines")'),
        ("caption='single, it is'", '![single, it is](a.png "single, it is")'),
        ("caption=bare", '![bare](a.png "bare")'),
        ('caption="it\'s > 3 {or so}"', "![it's > 3 {or so}](a.png \"it's > 3 {or so}\")"),
        ('caption="a } b }} c"', '![a } b }} c](a.png "a } b }} c")'),
        ('alt="the *alt* [x](https://x.example)" caption=""', "![the alt x](a.png)"),
        ('alt=""', "![](a.png)"),
        ('title="Head"', '![Head](a.png "Head")'),
        ('caption="C" link="https://x.example/?a=1&b=2"', '[![C](a.png "C")](https://x.example/?a=1&b=2)'),
        ('alt="A" link="/p/g/" target="_blank" class="w" width=300', "[![A](a.png)](/p/g/)"),
        ('attr="Ann"', '![Ann](a.png "Ann")'),
    ],
)
def test_a_plain_caption_is_a_title(text: Callable[[str], str], written: str, came: str) -> None:
    assert text(f'{{{{< figure src="a.png" {written} >}}}}') == came


@pytest.mark.parametrize(
    ("written", "alt", "caption"),
    [
        ('caption="By [Ann](https://x.example)"', "By Ann", 'By <a href="https://x.example">Ann</a>'),
        ('caption="**b** `c` _d_"', "b c d", "<strong>b</strong> <code>c</code> <em>d</em>"),
        ("caption=\"<a href='https://x.example'>x</a> &amp; y\"", "x & y", "<a href='https://x.example'>x</a> &amp; y"),
        ('caption=`<em>x</em> "y"`', 'x "y"', '<em>x</em> "y"'),
        (
            'caption="See https://x.example/y."',
            "See https://x.example/y.",
            'See <a href="https://x.example/y">https://x.example/y</a>.',
        ),
        (
            'attr="Ann *B*" attrlink="https://x.example/?a&b"',
            "Ann B",
            '<a href="https://x.example/?a&amp;b">Ann <em>B</em></a>',
        ),
        ('title="T" caption="C" attr="D"', "T C D", "<strong>T</strong> C D"),
    ],
)
def test_a_caption_with_markup_makes_a_figure(text: Callable[[str], str], written: str, alt: str, caption: str) -> None:
    came = text(f'{{{{% figure src="a.png" {written} %}}}}').replace("&quot;", '"')
    assert (
        came
        == f'<figure><img src="a.png" alt="{alt.replace("&", "&amp;")}"><figcaption>{caption}</figcaption></figure>'
    )


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ('{{<figure src="B.PNG" caption="C">}}', '![C](B.PNG "C")'),
        ('{{< figure\n  src="a.png"\n  caption="C"\n>}}', '![C](a.png "C")'),
        ('{{< figure src="a.png" />}}', "![](a.png)"),
        ('{{< figure src="a.png" >}}{{< /figure >}}', "![](a.png)"),
        ('{{< figure src="https://cdn.example/p?w=8" alt="A" >}}', "![A](https://cdn.example/p?w=8)"),
        ('{{< figure src="a" alt="A" >}}', "![A](a.png)"),
        ('- x\n\n  {{< figure src="a.png" caption="C" >}}', '- x\n\n  ![C](a.png "C")'),
        ('<div>\n{{< figure src="a.png" alt="A" caption="*C*" >}}\n</div>',
         '<div>\n<figure><img src="a.png" alt="A"><figcaption><em>C</em></figcaption></figure>\n</div>'),
        ("A `code` b {{< figure src=\"a.png\" caption=`c` >}} and `d`.", 'A `code` b ![c](a.png "c") and `d`.'),
    ],
)  # fmt: skip
def test_figures_in_all_places_and_spellings(text: Callable[[str], str], written: str, came: str) -> None:
    assert text(written) == came


@pytest.mark.parametrize(
    ("before", "after"),
    [("Text\n", "\nText"), ("> ", "\n> Text"), ("- a\n  ", "\n  b"), ("", "\n{{< figure src=B.PNG caption=*d* >}}")],
)
def test_a_figure_in_html_stands_apart_from_the_text_around_it(
    text: Callable[[str], str], site: Path, before: str, after: str
) -> None:
    text(f'{before}{{{{< figure src="a.png" alt="A" caption="*C*" >}}}}{after} *end*')
    build_site(site)
    page = (site / "output/2020/01/f/index.html").read_text("utf-8")
    assert "<figcaption><em>C</em></figcaption>" in page
    assert "<em>end</em>" in page or "</em>*" not in page
    assert not re.search(r"<p>[^<]*<figure", page)


def test_windows_line_ends_change_nothing(blog: Blog, bring: Bring, site: Path) -> None:
    body = f'{FRONT}{{{{< figure\n src="a.png"\n caption=`C\nD` >}}}}\n'
    outcome = bring(blog({**SETTINGS, "content/p/f/index.md": body.replace("\n", "\r\n"), "content/p/f/a.png": b"a"}))
    assert '![C D](a.png "C D")' in (site / outcome.posts[0].path).read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "rich", "words"),
    [
        ("a * b", False, "a * b"),
        ("snake_case_name", False, "snake_case_name"),
        ("5 < 6 > 3", False, "5 < 6 > 3"),
        ("[x]: y", False, "[x]: y"),
        ("- *x*", True, "- x"),
        ("<script>alert(1)</script>x", True, "x"),
        ("<!-- x -->y", False, "y"),
        ("", False, ""),
    ],
)
def test_captions(written: str, rich: bool, words: str) -> None:
    found = read_caption(written)
    assert (found.rich, found.words) == (rich, words)
