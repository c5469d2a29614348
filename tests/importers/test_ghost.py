"""Ghost's exports: Lexical, Mobiledoc, cards, who could read what, and no members."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.importers.import_model import ImportOutcome, Topic
from tests.importers.exports import leaks
from tests.importers.test_wordpress import PEAK

Take = Callable[..., ImportOutcome]
IMPORT = (
    "import sys\nfrom pathlib import Path\nfrom generator.importers.flow import import_source\n"
    "from generator.importers.import_model import ImportOptions\n"
    "from generator.importers.ghost.ghost_reader import GhostReader\n"
    "root = Path(sys.argv[1])\n(root / 'site.toml').write_text('title = \"S\"\\nurl = \"https://example.org/\"\\n')\n"
    "done = import_source(root, ImportOptions((Path(sys.argv[2]),)), GhostReader())\n"
    f"{PEAK}print(len(done.posts), peak)\n"
)


def lexical(*children: dict[str, Any]) -> str:
    return json.dumps({"root": {"type": "root", "children": list(children)}})


def words(text: str, bits: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": text, "format": bits}


def line(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "children": list(children)}


def mobiledoc(*sections: Any, cards: Any = (), markups: Any = (), atoms: Any = ()) -> str:
    return json.dumps({"version": "0.3.1", "sections": sections, "cards": cards, "markups": markups, "atoms": atoms})


def post(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": f"p{number}", "uuid": f"u{number}", "title": f"Post {number}", "slug": f"post-{number}", "type": "post",
        "status": "published", "visibility": "public", "published_at": f"2022-03-0{number}T10:00:00.000Z",
        "updated_at": f"2022-03-0{number}T12:00:00.000Z", "featured": 0, "lexical": lexical(line(words("Text."))),
    } | values  # fmt: skip


def export(folder: Path, *posts: dict[str, Any], **more: Any) -> Path:
    data: dict[str, Any] = {
        "posts": list(posts),
        "tags": [{"id": "t1", "name": "Trains"}, {"id": "t2", "name": "#internal"}],
        "posts_tags": [{"post_id": "p1", "tag_id": "t1", "sort_order": 1}, {"post_id": "p1", "tag_id": "t2"}],
        "users": [{"id": "a1", "name": "Kim Ivory", "email": "kim@private.example.net"}],
        "posts_authors": [{"post_id": "p1", "author_id": "a1"}],
        "members": [{"email": "reader@private.example.net"}],
        "settings": [{"key": "title", "value": "Old blog"}, {"key": "timezone", "value": "Europe/Oslo"}],
    }
    file = folder / "ghost.json"
    file.write_text(json.dumps({"db": [{"meta": {"exported_on": 1646000000000}, "data": data | more}]}))
    return file


def text_of(site: Path, slug: str) -> str:
    (file,) = site.glob(f"content/*/**/*{slug}.md")
    return file.read_text("utf-8")


def test_posts_pages_tags_authors_and_settings_come_and_members_do_not(take: Take, site: Path, tmp_path: Path) -> None:
    file = export(tmp_path, post(1, featured=1, custom_excerpt="In short."), post(2, type="page"))
    outcome = take("ghost", file)
    head = yaml.safe_load(text_of(site, "post-1").split("---\n")[1])
    assert (head["tags"], head["authors"], head["pinned"], head["summary"]) == (
        ["Trains"],
        ["Kim Ivory"],
        True,
        "In short.",
    )
    assert head["aliases"] == ["/post-1/"]
    assert [each.kind for each in outcome.posts] == ["page", "post"]
    assert 'title = "Blog"' in (site / "site.toml").read_text()  # the user's own title stays
    assert leaks(site, ["private.example.net"]) == []


HIDDEN = (
    {"status": "draft"}, {"status": "scheduled"}, {"status": "sent"}, {"visibility": "members"}, {"visibility": "paid"},
    {"visibility": "tiers"}, {"status": "draft", "published_at": None, "created_at": "2021-01-01T00:00:00.000Z"},
)  # fmt: skip


@pytest.mark.parametrize("values", HIDDEN, ids=str)
def test_what_was_not_for_everyone_is_a_draft_and_reported(
    take: Take, site: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    outcome = take("ghost", export(tmp_path, post(1, **values)))
    assert "draft: true" in text_of(site, "post-1")
    assert [note.topic for note in outcome.notes if note.topic is Topic.HIDDEN] == [Topic.HIDDEN]


IMAGE = {"type": "image", "src": "__GHOST_URL__/content/images/a.png", "alt": "A", "caption": "Words"}
LEXICAL: tuple[tuple[dict[str, Any], str], ...] = (
    (line(words("bold", 1), words(" and "), words("both", 3)), "**bold** and ***both***"),
    (line(words("x", 16), words(" 2 "), words("*", 0)), "`x` 2 \\*"),
    ({"type": "extended-heading", "tag": "h3", "children": [words("Why?")]}, "### Why?"),
    ({"type": "list", "listType": "number", "start": 3, "children": [
        {"type": "listitem", "children": [words("three")]}, {"type": "listitem", "children": [words("four")]}]},
     "3. three\n4. four"),
    (line({"type": "link", "url": "https://example.org/a_b", "children": [words("there")]}), "[there](https://example.org/a_b)"),
    (IMAGE, '![A](/content/images/a.png "Words")'),
    ({"type": "codeblock", "code": "a < b\n", "language": "python"}, "```python\na < b\n```"),
    ({"type": "horizontalrule"}, "---"),
    ({"type": "html", "html": "<table><tr><td>1</td></tr></table>"}, "<table>"),
    ({"type": "markdown", "markdown": "Some *words*."}, "Some *words*."),
    (
        {"type": "call-to-action", "textValue": "<p>Come.</p>", "buttonText": "Book", "buttonUrl": "https://a.example/"},
        "Come.\n\n[Book](https://a.example/)",
    ),
    ({"type": "callout", "calloutEmoji": "💡", "calloutText": "Look here."}, "> 💡 Look here."),
    ({"type": "toggle", "heading": "More", "content": "<p>Inside.</p>"}, "<summary>More</summary>"),
    ({"type": "button", "buttonUrl": "https://example.org/", "buttonText": "Go"}, "[Go](https://example.org/)"),
    ({"type": "embed", "url": "https://www.youtube.com/watch?v=abc123def45", "html": "<iframe></iframe>"},
     "<https://www.youtube.com/watch?v=abc123def45>"),
    ({"type": "bookmark", "url": "https://example.org/x", "metadata": {"title": "Title", "description": "D"}},
     "[Title](https://example.org/x)"),
    ({"type": "quote", "children": [words("Said.")]}, "> Said."),
)  # fmt: skip


@pytest.mark.parametrize(("node", "wanted"), LEXICAL, ids=[node["type"] for node, _ in LEXICAL])
def test_lexical_becomes_markdown(take: Take, site: Path, tmp_path: Path, node: dict[str, Any], wanted: str) -> None:
    outcome = take("ghost", export(tmp_path, post(1, lexical=lexical(node))))
    assert wanted in text_of(site, "post-1")
    assert [note for note in outcome.notes if note.topic is Topic.TEXT] == []


MOBILEDOC: tuple[tuple[str, str], ...] = (
    (mobiledoc([1, "p", [[0, [0], 1, "bold"], [0, [], 0, " words"]]], markups=[["strong"]]), "**bold** words"),
    (
        mobiledoc([1, "p", [[0, [0], 1, "there"]]], markups=[["a", ["href", "https://example.org/"]]]),
        "[there](https://example.org/)",
    ),
    (mobiledoc([1, "p", [[0, [], 0, "a"], [1, [], 0, 0], [0, [], 0, "b"]]], atoms=[["soft-return", "", {}]]), "a  \nb"),
    (mobiledoc([3, "ul", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]]), "- one\n- two"),
    (
        mobiledoc([10, 0], cards=[["image", {"src": "https://example.org/a.png", "alt": "A"}]]),
        "![A](https://example.org/a.png)",
    ),
    (mobiledoc([10, 0], cards=[["card-markdown", {"markdown": "## Head"}]]), "## Head"),
)


@pytest.mark.parametrize(("written", "wanted"), MOBILEDOC)
def test_mobiledoc_becomes_markdown(take: Take, site: Path, tmp_path: Path, written: str, wanted: str) -> None:
    take("ghost", export(tmp_path, post(1, lexical=None, mobiledoc=written)))
    assert wanted in text_of(site, "post-1")


@pytest.mark.parametrize("written", ['{"root": 1}', "{", "[]", '{"root": {"children": 5}}'])
def test_a_damaged_text_is_reported_and_the_post_comes(take: Take, site: Path, tmp_path: Path, written: str) -> None:
    outcome = take("ghost", export(tmp_path, post(1, lexical=written), post(2)))
    assert len(outcome.posts) == 2
    assert "Text." in text_of(site, "post-2")


@pytest.mark.parametrize("data", ["", "{", '{"db": []}', '{"db": [{"data": {}}]}', "<rss/>", "[1]"])
def test_what_is_no_export_is_refused_by_name(take: Take, tmp_path: Path, data: str) -> None:
    file = tmp_path / "ghost.json"
    file.write_text(data)
    outcome = take("ghost", file)
    assert [(each.path, each.code) for each in outcome.problems] == [("ghost.json", "import-kind")]


def test_posts_without_an_id_are_all_imported(take: Take, site: Path, tmp_path: Path) -> None:
    rows = [{"html": f"<p>Post {n}.</p>", "status": "published", "title": "A"} for n in range(3)]
    take("ghost", export(tmp_path, *rows))
    texts = "".join(file.read_text("utf-8") for file in (site / "content/posts").rglob("*.md"))
    assert [n for n in range(3) if f"\nPost {n}." not in texts] == []


def test_a_second_run_changes_nothing(take: Take, tmp_path: Path) -> None:
    file = export(tmp_path, post(1), post(2, title="🎉", slug="untitled-2"))
    assert len(take("ghost", file).written) == 2
    assert take("ghost", file).written == ()


@pytest.mark.parametrize("wrapped", [True, False])
def test_of_a_file_that_is_cut_off_comes_what_can_be_read(
    take: Take, site: Path, tmp_path: Path, wrapped: bool
) -> None:
    file = export(tmp_path, *(post(number) for number in range(1, 6)))
    data = json.loads(file.read_text())
    text = json.dumps(data if wrapped else data["db"][0], indent=1)
    cut = text.index('"slug": "post-4"')
    file.write_text(text[:cut])
    outcome = take("ghost", file)
    assert len(outcome.posts) == 3
    (problem,) = outcome.problems
    assert (problem.code, problem.line) == ("import-kind", text[:cut].count("\n") + 1)
    assert "cut off at line" in problem.message


@pytest.mark.parametrize(
    "data",
    [
        '{"db": [{"data": {"posts": [5, "x", [], null, {}]}}]}',
        '{"db": [{"data": {"posts": [{"id": {"a": [1]}, "title": ["x"], "slug": 5, "uuid": null}]}}]}',
        '{"db": [{"data": {"posts": [], "settings": 5, "tags": {"id": 1}, "users": [[[]]]}}]}',
        '{"db": [{"data": {"posts": [{"id": "1", "slug": "a"}], "posts_tags": [{"sort_order": "x"}]}}]}',
        '{"db": [{"data": {"posts": [{"id": 1e999, "slug": "a"}]}}]}',
        '{"db": [{"data": {"posts": ' + "[" * 5000 + "]" * 5000 + "}}]}",
        '\ufeff{"db": [{"data": {"posts": [{"id": "1", "slug": "a"}]}}]}',
    ],
)  # fmt: skip
def test_strange_rows_stop_nothing(take: Take, tmp_path: Path, data: str) -> None:
    file = tmp_path / "ghost.json"
    file.write_text(data, encoding="utf-8")
    take("ghost", file)


@pytest.mark.slow
def test_a_large_export_of_ghost_needs_little_memory(tmp_path: Path) -> None:
    peaks = []
    for size in (2, 20):
        (root := tmp_path / str(size)).mkdir()
        html, code = "<p>Words.</p>\n" * 300, "<script>1</script>" * 50_000
        more = {"lexical": "", "html": html, "codeinjection_head": code}
        posts = [post(1, id=f"p{n}", uuid=f"u{n}", slug=f"s{n}") | more for n in range(size)]
        file = export(root, *posts)
        assert file.stat().st_size > size * 800_000
        done = subprocess.run([sys.executable, "-c", IMPORT, root, file], capture_output=True, text=True, check=True)
        count, peak = map(int, done.stdout.split())
        assert count == size
        peaks.append(peak)
    assert peaks[1] < 200_000_000
    assert peaks[1] - peaks[0] < 15_000_000
