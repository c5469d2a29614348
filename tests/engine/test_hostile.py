"""Hostile files, one by one and together: each ends as EXPECT.json says, within bounds, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.errors import Level
from tests.guards import HANG_S
from tests.peak_memory import run_with_peak

pytestmark = pytest.mark.slow

BOUND_KB = 500_000
GROUPS = {"same-slug-1.md": "same-slug-*.md", "same-slug-2.md": "same-slug-*.md"} | dict.fromkeys(
    (f"date-mixed-naive-aware-{n}.md" for n in (1, 2, 3)), "date-mixed-naive-aware-*.md"
)
SECRETS = re.compile(rb"[A-Z-]*MUST-NOT-LEAK[A-Z-]*|PWNED|root:x:0|Traceback")
UNSAFE = (
    "script",
    "style",
    "iframe",
    "form",
    "input",
    "meta",
    "base",
    "embed",
    "object",
    "applet",
    "svg",
    "frame",
    "link",
)


def cases(*folders: str) -> list[Any]:
    """List the expectations for the files of some folders; none where the samples are missing."""
    file = Path(os.environ.get("OPENLETTER_SAMPLES") or os.devnull) / "hostile/EXPECT.json"
    known = json.loads(file.read_text()) if file.is_file() else []
    chosen = [case for case in known if case["file"].startswith(folders)]
    return [pytest.param(case, id=case["file"]) for case in chosen]


def tree(folder: Path) -> dict[str, int]:
    """List all files below a folder, but for those a build may write."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    kept = (path for path in files if not {"output", ".openletter"} & set(path.relative_to(folder).parts))
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in kept}


def check_output(made: Any) -> None:
    """Hold the output to what is true of every build, whatever went in."""
    for path in made.paths:
        data = (made.output / path).read_bytes()
        assert not SECRETS.search(data), (path, SECRETS.search(data))
        assert path.endswith((".png", ".gif", ".jpg", ".ico", ".woff2")) or b"\0" not in data, path
        assert ".." not in path.split("/")
        if path.endswith("feed.json"):
            assert made.json(path)["items"]
        if path.endswith(("feed.xml", "atom.xml")):
            assert made.feed(path).entries
        if path.endswith(".html"):
            page = made.html(path)
            assert len(page.xpath("//footer")) == 1 or page.xpath("//body[@class='kind-redirect']"), path
            assert (page.findtext(".//title") or "").strip() not in ("", "None", "None · Letters"), path


def check_problems(made: Any) -> None:
    for problem in made.report.problems:
        assert problem.path.startswith("content/") or problem.code == "nothing-published", problem
        assert problem.message.rstrip().endswith((".", "!", "?")), problem
        assert problem.hint, problem
        assert len(str(problem)) < 2000, problem


@pytest.fixture
def lay(letters: Callable[..., Any], samples: Path, tmp_path: Path) -> Callable[..., Any]:
    """Build a site of hostile files and hold it to what is always true: `lay({"posts/a.md": bytes})`."""

    def build(files: dict[str, str | bytes]) -> Any:
        root = letters({}).root
        shutil.rmtree(root)
        for path, data in files.items():
            place = root / "content" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data if isinstance(data, bytes) else data.encode())
        (root / "site.toml").write_text('title = "Letters"\nurl = "https://example.org/"\n')
        before, started = tree(tmp_path), time.monotonic()
        made = letters({})
        assert time.monotonic() - started < HANG_S
        assert tree(tmp_path) == before
        check_output(made)
        check_problems(made)
        return made

    return build


@pytest.mark.parametrize("case", cases("frontmatter/", "encodings/"))
def test_a_source_ends_as_expected(case: dict[str, str], lay: Callable[..., Any], samples: Path) -> None:
    file = samples / "hostile" / case["file"]
    files = {f"posts/{each.name}": each.read_bytes() for each in file.parent.glob(GROUPS.get(file.name, file.name))}
    made = lay(files)
    path = f"content/posts/{file.name}"
    errors = [problem for problem in made.report.problems if problem.level is Level.ERROR]
    named = any(problem.path == path and problem.line for problem in errors)
    built = made.report.posts == len(files) and not errors
    warned = bool(made.report.problems)
    hidden = made.report.posts == 0 and not errors
    check = {
        "build": built,
        "error-named": named and made.report.posts == 0,
        "error-named-or-build": named or built,
        "build-or-error-named": named or built,
        "warn-or-error": warned,
        "warn-or-merge": warned or len([at for at in made.paths if re.match(r"tags/[^/]+/index", at)]) == 2,
        "error-both-named": len(errors) == 1 and all(f"same-slug-{n}.md" in str(errors[0]) for n in (1, 2)),
        "hidden": hidden,
        "documented": named or built or hidden,
    }
    assert check[case["expect"]], (case, made.report)
    shown = sum(b"CANARY-BODY" in (made.output / at).read_bytes() for at in made.paths if at.startswith("2020/"))
    assert bool(shown) is (made.report.posts > 0 and any(b"CANARY-BODY" in data for data in files.values()))


@pytest.mark.parametrize(
    ("name", "wanted", "unwanted"),
    [
        ("frontmatter/title-html.md", (), ("<b>", "<script>alert")),
        ("frontmatter/template-injection.md", ("{{ 7*7 }}", "{{ config }}"), (">49<", " 49 ")),
        ("frontmatter/tags-string.md", ("/tags/customer-service/", "/tags/leadership/"), ("/tags/c/",)),
        ("frontmatter/draft-string-false.md", ("CANARY-BODY",), ()),
        ("frontmatter/rule-in-body.md", ("<hr>",), ()),
        ("frontmatter/leading-blank-line.md", (), ("title:", "date:")),
        ("frontmatter/title-types-int.md", ("<h1>2020</h1>",), ()),
        ("encodings/utf8-bom.md", (), ("\ufeff", "title:")),
        ("encodings/nfd-body.md", ("Caf\u00e9",), ()),
        ("html/unclosed-comment-post.md", ("Before", "</article>", "</footer>"), ("<!-- never",)),
        ("html/cdata-end.md", ("]]&gt;",), ()),
        ("html/js-links.md", (), ("javascript:", "data:text", "JaVaScRiPt")),
    ],
)
def test_what_is_shown_of_a_source_is_safe_and_whole(
    lay: Callable[..., Any], samples: Path, name: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    made = lay({"posts/a.md": (samples / "hostile" / name).read_bytes(), "posts/2020-02-02-next.md": NEXT})
    pages = [made.text(path) for path in made.paths if path.startswith("2020/") and path.endswith("/a/index.html")]
    if not pages:
        assert any(problem.path == "content/posts/a.md" for problem in made.report.problems)
        return
    for words in wanted:
        assert words in pages[0], words
    for path in made.paths:
        if path.endswith((".html", ".xml")):
            assert not [words for words in unwanted if words in made.text(path)], path
    assert "The next post." in made.text("feed.xml")
    assert "/2020/02/next/" in made.text("index.html")


@pytest.mark.parametrize("name", ["comment_xss.json", "feedparser_sanitize.json"])
def test_old_comments_are_clean(lay: Callable[..., Any], samples: Path, name: str) -> None:
    payloads = [case["html"] for case in json.loads((samples / "hostile/html" / name).read_text())]
    kept = [{"id": f"c{n}", "author": "A", "date": "2020-01-01", "body": body} for n, body in enumerate(payloads)]
    made = lay({"posts/2020-01-01-a.md": NEXT, "posts/2020-01-01-a.comments.yaml": json.dumps(kept)})
    (section,) = made.html("2020/02/a/index.html").xpath('//section[@class="discussion"]')
    assert len(section.xpath('.//article[@class="comment"]')) + len(made.report.problems) >= len(payloads)
    for element in section.xpath('.//div[@class="prose"]//*'):
        assert element.tag not in UNSAFE, element.tag
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on"), attribute
            assert attribute not in ("style", "srcdoc", "background", "src"), (attribute, value)
            assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), value


@pytest.mark.parametrize("case", cases("images/"))
def test_a_picture_ends_as_expected(case: dict[str, str], lay: Callable[..., Any], samples: Path) -> None:
    file = samples / "hostile" / case["file"]
    text = f"---\ntitle: A\n---\n![alt]({file.name})\n"
    made = lay({"posts/2020-01-01-a/index.md": text, f"posts/2020-01-01-a/{file.name}": file.read_bytes()})
    output = f"2020/01/a/{file.name}"
    named = any(file.name in f"{problem.path} {problem.message}" for problem in made.report.problems)
    assert made.report.posts == 1
    assert (output in made.paths) or named
    assert (f'src="/{output}"' in made.text("2020/01/a/index.html")) is (output in made.paths)
    if case["expect"] == "copied":
        assert (made.output / output).read_bytes() == file.read_bytes()
    if file.suffix == ".svg" and output in made.paths:
        assert "<script" not in made.text(output)


@pytest.mark.parametrize("case", cases("markdown/", "images/bomb"))
def test_a_costly_file_stays_within_bounds(case: dict[str, str], samples: Path, tmp_path: Path) -> None:
    assert case["expect"] == "bounded"
    picture = case["file"].endswith(".png")
    folder = tmp_path / ("content/static" if picture else "content/posts")
    folder.mkdir(parents=True)
    shutil.copy(samples / "hostile" / case["file"], folder)
    report = bounded_build(tmp_path)
    assert report["problems"] or (not picture and report["posts"] == 1)


def test_all_hostile_files_together_stay_within_bounds(samples: Path, tmp_path: Path) -> None:
    posts = tmp_path / "content/posts"
    for folder in ("frontmatter", "encodings", "markdown", "html"):
        for file in (samples / "hostile" / folder).glob("*.md"):
            (posts / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, posts / folder)
    shutil.copytree(samples / "hostile/images", tmp_path / "content/static/images")
    before = tree(tmp_path)
    report = bounded_build(tmp_path)
    assert report["posts"] > 20
    assert {problem["path"].partition("/")[0] for problem in report["problems"]} == {"content"}
    assert set(tree(tmp_path)) - set(before) <= {"site.toml"}
    for file in (tmp_path / "output").rglob("*"):
        assert not file.is_file() or not SECRETS.search(file.read_bytes()), file


def bounded_build(root: Path) -> Any:
    """Build in a process of its own; it must end in time and within memory, with a report and no traceback."""
    (root / "site.toml").write_text('title = "Letters"\nurl = "https://letters.example/"\n')
    command = [sys.executable, "-m", "generator", "build", "--site", str(root), "--json"]
    with (root / "stdout").open("wb") as out, (root / "stderr").open("wb") as err:
        code, peak_kb = run_with_peak(command, root, out, err)
    said, wrong = (root / "stdout").read_text(), (root / "stderr").read_text()
    (root / "stdout").unlink()
    (root / "stderr").unlink()
    assert "Traceback" not in said + wrong, wrong
    assert code in (0, 1), wrong
    assert peak_kb < BOUND_KB
    return json.loads(said)


def test_hostile_names_of_files_are_built_or_named(lay: Callable[..., Any], samples: Path, tmp_path: Path) -> None:
    named = json.loads((samples / "hostile/filenames.json").read_text())["cases"]
    root = tmp_path / "site"
    posts = root / "content/posts"
    posts.mkdir(parents=True)
    (root / "site.toml").write_text('title = "Letters"\nurl = "https://letters.example/"\n')
    for case in named:
        place = posts / case["name_json"]
        if "symlink" in case:
            place.symlink_to(case["symlink"])
        elif case.get("directory"):
            place.mkdir()
        elif not place.exists():
            place.write_text(f"---\ntitle: title-of-{case['key']}\ndate: 2020-01-01\n---\nText.\n")
    report = bounded_build(root)
    said = {Path(problem["path"]).name for problem in report["problems"]}
    pages = {file.parent.name: file.read_text() for file in (root / "output/2020/01").rglob("index.html")}
    for case in named:
        key, expect = case["key"], case["expect"]
        built = any(f"<h1>title-of-{key}</h1>" in page for page in pages.values())
        if expect in ("ignored", "not published"):
            assert not built, key
        elif "directory" not in case and "symlink" not in case:
            assert built or case["name_json"] in said or {"nfc", "nfd"} >= {key}, key
    for text in ("root:x:0", "title-of-leading-dot", "title-of-backup", 'it\'s "quoted" <b>'):
        assert not any(text in page for page in pages.values()), text
    links = re.findall(r'href="(/2020/[^"]+)"', (root / "output/archive/index.html").read_text())
    assert all(link.isascii() and not set(link) & set(' "<>?#') for link in links)


NEXT = "---\ntitle: Next\ndate: 2020-02-02\n---\nThe next post.\n"
