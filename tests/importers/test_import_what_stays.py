"""What stays in a text, or is taken out of it, is listed with its line; links to drafts are told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Note, Topic
from generator.importers.summary import sentences

Blog = Callable[..., Path]
Bring = Callable[..., ImportOutcome]
FRONT = "---\ntitle: A\ndate: 2020-01-02\n---\n"
HUGO = "content/p/a.md"
JEKYLL = "_posts/2020-01-02-a.md"
SETTINGS = {HUGO: {"hugo.toml": ""}, JEKYLL: {"_config.yml": "title: x\n"}}


@pytest.fixture
def listed(blog: Blog, bring: Bring) -> Callable[..., list[tuple[str, int]]]:
    """Import one text and give what the report lists below a topic: words and line, counted from the text's first."""

    def run(body: str, name: str = HUGO, topic: Topic = Topic.TEMPLATE) -> list[tuple[str, int]]:
        notes = bring(blog({**SETTINGS[name], name: FRONT + body + "\n"}, name.partition("/")[0])).notes
        assert {note.path for note in notes if note.topic is topic} <= {f"{name.partition('/')[0]}/{name}"}
        return [(note.words, note.line - 4) for note in notes if note.topic is topic]

    return run


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("{{< note >}}\nx\n{{< /note >}}", [("`{{< note … >}}`", 1), ("`{{< note … >}}`", 3)]),
        ('a\n\n{{%include file="x.md"%}}', [("`{{< include … >}}`", 3)]),
        ('{{< note "a }} b" >}}', [("`{{< note … >}}`", 1)]),
        ("{{< note `a\n\nb` >}}\n\n{{< b/c.html >}}", [("`{{< b/c.html … >}}`", 5), ("`{{< note … >}}`", 1)]),
        ("`x` {{< note a=`1` >}} `y`", [("`{{< note … >}}`", 1)]),
        ("{{< note never closed\n\nText", [("`{{< note … >}}`", 1)]),
        ('{{< note 5" >}} text "q" {{< more 3" >}}', [("`{{< more … >}}`", 1), ("`{{< note … >}}`", 1)]),
        ("```\n{{< note >}}\n```", [("`{{< note … >}}`", 2)]),
        ("```\n{{</* note */>}}\n```\n`{{</* x */>}}`", []),
        ('{{< figure caption="no picture" >}}', [("`{{< figure … >}}`", 1)]),
        ("> - {{< note >}}", [("`{{< note … >}}`", 1)]),
        ("<div>\n{{< note >}}\n</div>", [("`{{< note … >}}`", 2)]),
    ],
)
def test_each_shortcode_that_stays_is_listed(
    listed: Callable[..., list[tuple[str, int]]], body: str, notes: list[tuple[str, int]]
) -> None:
    assert listed(body) == notes
    assert listed(body.replace("\n", "\r\n")) == notes


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("{% include a.html %}", [("`{% include … %}`", 1)]),
        ("{% if x %}\ny\n{% endif %}", [("`{% if … %}`", 1), ("`{% if … %}`", 3)]),
        ("{%- include_relative\n  a.md -%}", [("`{% include_relative … %}`", 1)]),
        ("x {{ page.nothing }}", [("`{{ page.nothing }}`", 1)]),
        ("{% unless x %}{% endunless %}", [("`{% unless … %}`", 1)]),
        ("`{% include a.html %}` {% raw %}{% include b.html %}{% endraw %}", []),
    ],
)
def test_each_liquid_tag_that_stays_is_listed(
    listed: Callable[..., list[tuple[str, int]]], body: str, notes: list[tuple[str, int]]
) -> None:
    assert listed(body, JEKYLL) == notes


SCRIPT = "`<script>` is removed, with all that is in it."
FRAME = "`<iframe>` becomes a link to its page."
FORM = "`<form>` is removed. The text in it stays."


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("a\n\n<script>if (a<b) { '<form>' }</script>", [(SCRIPT, 3)]),
        ('<SCRIPT src="x.js"></SCRIPT>\n\n<script async\nsrc=y>\n</script>', [(SCRIPT, 1), (SCRIPT, 3)]),
        ('<div>\n<iframe src="https://x.example"></iframe></div>', [(FRAME, 2)]),
        ("<form>\nx</form>", [(FORM, 1)]),
        ("<style>\np > a {}\n</style>", [("`<style>` is removed, with all that is in it.", 1)]),
        ("x <svg viewBox='0 0 1 1'></svg>", [("`<svg>` is removed, with all that is in it.", 1)]),
        ("<p>kept</p> <b>kept</b> <video src=a.mp4></video> <center>kept</center>", []),
        ("`<script>` and\n\n```html\n<form>\n```\n\n<!-- <script> -->", []),
        ("5 <form 6, a<b and <https://x.example> or <me@x.example>", []),
    ],
)
def test_raw_html_that_a_build_removes_is_listed(
    listed: Callable[..., list[tuple[str, int]]], body: str, notes: list[tuple[str, int]]
) -> None:
    assert listed(body, topic=Topic.CUT_HTML) == notes
    assert listed(body, JEKYLL, topic=Topic.CUT_HTML) == notes


def test_frames_are_not_listed_where_the_site_shows_them(blog: Blog, bring: Bring, site: Path) -> None:
    with (site / "site.toml").open("a") as file:
        file.write('[markup]\nraw_html = "trusted"\n')
    outcome = bring(blog({HUGO: f"{FRONT}<iframe src='https://x.example'></iframe> <form></form>"}))
    assert [note.words for note in outcome.notes if note.topic is Topic.CUT_HTML] == [FORM]


def draft_links(outcome: ImportOutcome) -> list[Note]:
    return [note for note in outcome.notes if note.topic is Topic.DRAFT_LINK]


DRAFT = "---\ntitle: D\ndate: 2020-01-01\ndraft: true\n---\nx\n"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("[x](/p/d/) [y](/p/d/#part)\n\n[z](/p/d)", 3),
        ('[x]({{< ref "d.md" >}})', 1),
        ("[x](d.md)", 1),
        ('<a href="/p/d/">x</a>', 1),
        ("[x][y]\n\n[y]: /p/d/", 1),
        ("[x](https://old.example.net/p/d/)", 1),
        ("`[x](/p/d/)` [y](/nowhere/) [z](/p/b/)", 0),
    ],
)
def test_links_to_drafts_are_told_once(blog: Blog, bring: Bring, site: Path, body: str, count: int) -> None:
    files = {"hugo.toml": 'baseURL = "https://old.example.net"\n', "content/p/d.md": DRAFT, "content/p/b.md": FRONT}
    outcome = bring(blog({**files, HUGO: FRONT + body}))
    notes = draft_links(outcome)
    assert len(notes) == bool(count)
    said = (site / "import-report.md").read_text("utf-8")
    for note in notes:
        assert note.words.startswith(f"{count} link{'s' if count > 1 else ''} in 1 post or page lead")
        assert "`blog/content/p/d.md`" in note.words
        assert f"\n- {note.words}\n" in said


def test_a_thousand_links_to_drafts_are_one_line(blog: Blog, bring: Bring, site: Path) -> None:
    many = {f"content/p/{n}.md": f"---\ntitle: P{n}\ndate: 2020-01-02\n---\n" + "[x](/p/d/)\n" * 10 for n in range(100)}
    drafts = {f"content/p/{name}.md": DRAFT for name in ("d", "e", "f", "g")}
    links = {"content/p/x.md": FRONT + "[x](/p/e/) [x](/p/f/) [x](/p/g/)"}
    outcome = bring(blog({"hugo.toml": "", **many, **drafts, **links}))
    (note,) = draft_links(outcome)
    assert note.words == (
        "1,003 links in 101 posts and pages lead to `blog/content/p/d.md` (1,000 links), `blog/content/p/e.md` "
        "(1 link), `blog/content/p/f.md` (1 link) and 1 more. "
        "See, for example, `blog/content/p/0.md:5`, `blog/content/p/x.md:5`."
    )
    assert "Please check: links to drafts (1)." in sentences(outcome, dry_run=False)


def test_links_of_drafts_to_drafts_are_not_told(blog: Blog, bring: Bring) -> None:
    assert not draft_links(bring(blog({"hugo.toml": "", "content/p/d.md": DRAFT, HUGO: DRAFT + "[x](/p/d/)"})))


def test_a_page_that_many_posts_miss_is_told_with_a_few_examples(blog: Blog, bring: Bring, site: Path) -> None:
    many = {f"content/p/{n}.md": f"---\ntitle: P{n}\ndate: 2020-01-02\n---\n[x](/gone/)\n" for n in range(9)}
    bring(blog({"hugo.toml": "", **many}))
    said = (site / "import-report.md").read_text("utf-8")
    assert "- `/gone/` (9 files)\n    - blog/content/p/0.md:5\n" in said
    assert "    - and 6 more\n" in said
    assert "blog/content/p/3.md:5" not in said
