"""Real blogs and hostile files, which lie outside the repository: counted against figures not made by our code."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generator.content.document import ParsedSource, parse_source
from generator.content.read import read_source
from generator.content.site_files import Role, scan_content
from generator.errors import Level
from generator.model import Kind
from generator.text.dates import parse_moment

ZONE = ZoneInfo("America/New_York")


def parse_all(folder: Path) -> list[ParsedSource]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".markdown", ".html"))
    return [post(path, path.relative_to(folder).as_posix()) for path in paths]


def post(file: Path, name: str) -> ParsedSource:
    path = f"content/posts/{name}"
    return parse_source(path, read_source(file, path), kind=Kind.POST, zone=ZONE)


def expected(samples: Path, blog: str) -> Any:
    return json.loads((samples / "expected.json").read_text())["blogs"][blog]


def test_every_post_of_18f_is_read_with_its_year_and_tags(samples: Path) -> None:
    sources, figures = parse_all(samples / "blogs/18f/posts"), expected(samples, "18f")
    metas = [source.meta for source in sources if source.meta]
    assert len(metas) == figures["posts_public"] == 509
    assert Counter(str(meta.date.year) for meta in metas if meta.date) == figures["posts_per_year_as_written"]
    tags = Counter(tag for meta in metas for tag in meta.tags)
    assert len(tags) == figures["distinct_tags_as_written"]
    for tag, count in figures["top_tags"]:
        assert tags[tag] - count in (0, 1), tag  # one post has a trailing tab that the figures could not read
    assert all(source.text for source in sources)


def test_posts_of_a_blog_without_dates_are_refused_by_name(samples: Path) -> None:
    sources = parse_all(samples / "blogs/rust-inside-toml")
    assert len(sources) == expected(samples, "rust-inside-toml")["posts"]
    for source in sources:
        errors = [problem for problem in source.problems if problem.level is Level.ERROR]
        assert [problem.code for problem in errors] == ["no-date"]
        assert source.text
        assert "+++" not in source.text.split("\n", 1)[0]


def test_titles_and_lists_of_toml_are_read(samples: Path) -> None:
    files = list((samples / "blogs/rust-inside-toml").rglob("*.md"))
    assert len(files) > 10
    for file in files:
        data = read_source(file, file.name).replace(b"+++\n", b'+++\ndate = "2024-01-01"\n', 1)
        meta = parse_source(f"content/posts/{file.name}", data, kind=Kind.POST, zone=ZONE).meta
        assert meta is not None
        assert meta.title
        assert meta.authors
        assert "team" in meta.extra or "[extra]" not in data.decode()


@pytest.mark.parametrize("blog", ["18f", "digitalgov-part", "jekyll-news", "cc-labs-html", "jekyll-edge-posts"])
def test_every_post_is_read_or_refused_with_its_place(samples: Path, blog: str) -> None:
    sources = parse_all(samples / "blogs" / blog)
    assert len(sources) == expected(samples, blog)["posts"]
    for source in sources:
        errors = [problem for problem in source.problems if problem.level is Level.ERROR]
        assert (source.meta is None) == bool(errors)
        assert all(problem.line for problem in source.problems)


def test_what_is_hidden_elsewhere_is_never_public(samples: Path) -> None:
    for blog in ("digitalgov-part", "jekyll-edge-posts"):
        names = expected(samples, blog)["draft"]["files"]
        assert names
        for name in names:
            (file,) = (samples / "blogs" / blog).rglob(Path(name).name)
            source = post(file, file.name)
            assert source.meta is None or source.meta.draft


def test_files_with_a_key_twice_are_refused_by_key(samples: Path) -> None:
    names = expected(samples, "digitalgov-part")["duplicate_keys"]["files"]
    assert names
    for name in names:
        source = post(samples / "blogs/digitalgov-part" / name, Path(name).name)
        assert source.meta is None
        assert {problem.code for problem in source.problems} == {"duplicate-key"}


def test_years_are_those_of_the_dates_as_written(samples: Path) -> None:
    for blog in ("jekyll-news", "cc-labs-html"):
        figures = expected(samples, blog)
        years: Counter[str] = Counter()
        for source in parse_all(samples / "blogs" / blog):
            if source.meta and source.meta.date:
                years[str(source.meta.date.year)] += 1
        refused = Counter(name.split("/")[-1][:4] for name, _ in figures.get("date_not_parsable", {}).get("files", ()))
        assert years + refused == figures["posts_per_year_as_written"]


def test_the_impossible_date_of_jekyll_is_an_error_at_its_line() -> None:
    with pytest.raises(ValueError, match="2023-01-29 18:30:22 2023 -0800"):
        parse_moment("2023-01-29 18:30:22 2023 -0800", ZONE)


HOSTILE_NOT_HERE = {
    "frontmatter/date-future.md",  # the build's clock decides
    "frontmatter/same-slug-1.md",  # the index finds collisions
    "frontmatter/same-slug-2.md",
}


def test_hostile_files_end_as_expected(samples: Path) -> None:
    cases = json.loads((samples / "hostile/EXPECT.json").read_text())
    wrong = []
    for case in cases:
        name, expect = case["file"], case["expect"]
        if not name.startswith(("frontmatter/", "encodings/")) or name in HOSTILE_NOT_HERE:
            continue
        source = post(samples / "hostile" / name, Path(name).name)
        errors = [problem for problem in source.problems if problem.level is Level.ERROR]
        right = {
            "build": source.meta is not None and not source.meta.draft,
            "error-named": source.meta is None and all(problem.line for problem in errors),
            "hidden": source.meta is None or source.meta.draft,
            "warn-or-error": bool(source.problems),
        }.get(expect, (source.meta is None) == bool(errors))
        if not right:
            wrong.append((name, expect, source.problems))
    assert not wrong


def test_hostile_texts_are_clean_when_read(samples: Path) -> None:
    files = list((samples / "hostile/frontmatter").glob("*.md"))
    assert len(files) > 10
    for file in files:
        meta = post(file, file.name).meta
        if meta is not None:
            assert meta.title.isprintable()
            assert meta.title != "None"
            assert all(".." not in alias for alias in meta.aliases)


def test_hostile_names_are_found_or_named(samples: Path, tmp_path: Path) -> None:
    posts = tmp_path / "content/posts"
    posts.mkdir(parents=True)
    cases = json.loads((samples / "hostile/filenames.json").read_text())["cases"]
    for case in cases:
        place = posts / case["name_json"]
        if "symlink" in case:
            place.symlink_to(case["symlink"])
        elif case.get("directory"):
            place.mkdir()
        elif not place.exists():
            place.write_text("---\ntitle: x\ndate: 2020-01-01\n---\n")
    found = scan_content(tmp_path)
    names = {item.path.removeprefix("content/posts/") for item in found.found}
    named = {problem.path.removeprefix("content/posts/") for problem in found.problems}
    assert all(item.role is Role.POST for item in found.found)
    assert {".hidden.md", "post.md~"}.isdisjoint(names | named)
    assert {"link.md", "loop"} <= named - names
    assert {"CON.md"} <= named & names
    assert {
        "my first post.md",
        "100%25 sure.md",
        "🎉-party.md",
        "-rf.md",
        "README.MD",
        'it\'s "quoted" <b>.md',
    } <= names
    for item in found.found:
        assert post(tmp_path / item.real, item.path.removeprefix("content/posts/")).meta is not None
