"""Names that some system cannot hold, wherever a source may write one; and pictures whose address no page may have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport

WORDS = (
    "CON", "nul", "aux.html", "com1", "LPT9.txt", "con .txt", "CONIN$", "COM¹", "git~1", "trailing.", "PRN.", "x:y",
    'a"b', "a*b", "a|b", "<script>", "../../x", "/../x", "C:\\x", "%2e%2e/x", "a/aux/b", ".git/config", "🎉", "...",
    "\u202eevil", "é" * 150, "x" * 300, "file:///etc/passwd", "//evil.example/x", "javascript:alert(1)", "ａｕｘ",
    "a//b",
)  # fmt: skip
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]|git~1)( *\..*)?")


def build(root: Path, posts: dict[str, str], settings: str = "") -> BuildReport:
    folder = root / "site/content/posts"
    folder.mkdir(parents=True)
    (root / "site/site.toml").write_text('title = "S"\nurl = "https://example.org/"\ntimezone = "UTC"\n' + settings)
    for name, text in {**posts, "good.md": "---\ntitle: Good\ndate: 2019-01-01\n---\nText\n"}.items():
        (folder / name).write_text(text)
    return Engine(root / "site", BuildOptions(), Clock(datetime(2026, 1, 1, tzinfo=UTC))).build()


@pytest.mark.parametrize("key", ["slug", "permalink", "aliases", "series", "tags", "authors", "title", "id"])
def test_no_value_makes_a_file_that_some_system_cannot_hold(key: str, tmp_path: Path) -> None:
    posts = {}
    for number, word in enumerate(WORDS):
        value = '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
        title = "" if key == "title" else "title: T\n"
        posts[f"p{number}.md"] = f"---\n{title}date: 2020-01-01\n{key}: {value}\n---\nText\n"
    report = build(tmp_path, posts)
    steps = {step for file in (tmp_path / "site/output").rglob("*") for step in file.name.split("/")}
    assert not {step for step in steps if RESERVED.fullmatch(step) or re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', step)}
    assert max(len(step.encode()) for step in steps) <= 255
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (tmp_path / "site/output/2019/01/good/index.html").is_file()
    refused = {problem.path for problem in report.problems if problem.level == "error"}
    assert report.posts + len(refused) == len(posts) + 1
    assert all(problem.hint for problem in report.problems)


@pytest.mark.parametrize("name", ["con", "aux.notes", "lpt1"])
def test_a_file_with_a_reserved_name_gets_another_address(name: str, tmp_path: Path) -> None:
    build(tmp_path, {f"2020-01-01-{name}.md": "---\ntitle: T\n---\nText\n"})
    (folder,) = (tmp_path / "site/output/2020/01").glob("*/")
    assert not RESERVED.fullmatch(folder.name)


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "written",
    [
        "![the words](data:image/png;base64,iVBORw0KGgo=)",
        "Before ![the words](ftp://example.org/a.png) after",
        "![the words](javascript:alert(1))",
        '<img src="data:image/png;base64,x" alt="the words">',
        "[![the words](blob:x)](https://example.org/)",
    ],
)
def test_a_picture_that_cannot_be_shown_leaves_its_words_and_a_warning(
    written: str, engine: str, tmp_path: Path
) -> None:
    report = build(
        tmp_path, {"a.md": f"---\ntitle: T\ndate: 2020-01-01\n---\n{written}\n"}, f'[markup]\nengine = "{engine}"\n'
    )
    html = (tmp_path / "site/output/2020/01/a/index.html").read_text()
    feed = (tmp_path / "site/output/feed.xml").read_text()
    assert "the words" in html[html.index('class="prose"') :]
    assert "the words" in feed
    assert not re.search("data:image|ftp:|javascript:|blob:", html[html.index('class="prose"') :] + feed)
    assert [(p.code, p.line) for p in report.problems] == [("dead-picture", 5)]
