from __future__ import annotations

import tomllib
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import mean, median

import frontmatter
import pytest

from benchmarks.contestants import OWN
from benchmarks.corpus import LAST_DATE, Post, make_post, make_posts
from benchmarks.layouts import LAYOUTS, write_sites
from benchmarks.words import AUTHORS, PAGES


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    return list(make_posts(600))


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_post_is_a_function_of_seed_number_and_count(posts: list[Post]) -> None:
    assert make_post(17, 600) == posts[17]
    assert make_post(17, 600, seed=1).body != posts[17].body
    assert list(islice(make_posts(600), 5)) == posts[:5]


def test_posts_run_from_2012_to_2026_oldest_first_each_at_its_own_address(posts: list[Post]) -> None:
    dates = [post.date for post in posts]
    assert dates == sorted(set(dates))
    assert dates[0].year == 2012
    assert dates[-1] < LAST_DATE
    assert LAST_DATE.year == 2026
    assert len({post.slug for post in posts}) == 600


def test_bodies_have_the_size_and_the_parts_of_real_posts(posts: list[Post]) -> None:
    words = sorted(len(post.body.split()) for post in posts)
    assert 400 < median(words) < 500
    assert 150 <= words[0] < 250
    assert 1000 < words[-1] < 1800
    marks = {
        "\n## ": 0.5,
        "\n- ": 0.5,
        "](/posts/": 0.99,
        "*": 0.9,
        "\n| --- ": 0.05,
        "[^1]: ": 0.06,
        "\n```python": 0.05,
    }
    for mark, share in marks.items():
        assert mean(mark in post.body for post in posts) >= share, mark
    assert mean("\n| --- " in post.body for post in posts) < 0.2


def test_tags_are_zipf_like_and_a_third_is_in_series_without_gaps(posts: list[Post]) -> None:
    counts = Counter(tag for post in posts for tag in post.tags)
    assert 2.0 < counts.total() / 600 < 2.4
    commonest = [count for _, count in counts.most_common(3)]
    assert 0.35 < commonest[0] / 600 < 0.5
    assert commonest[0] > 1.5 * commonest[1] > 1.5 * commonest[2]
    parts: dict[str, list[int]] = {}
    for post in posts:
        if post.series:
            parts.setdefault(post.series, []).append(post.part)
    assert sum(map(len, parts.values())) == 200
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in parts.values())


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    write_sites({name: [tmp_path / "a" / name] for name in LAYOUTS}, 12)
    write_sites({"openletter": [tmp_path / "b" / "openletter"]}, 12)
    assert contents(tmp_path / "a" / "openletter") == contents(tmp_path / "b" / "openletter")


@pytest.mark.parametrize("layout", ["openletter", "openletter-equal", "hugo"])
def test_sources_parse_with_python_frontmatter(layout: str, tmp_path: Path, posts: list[Post]) -> None:
    write_sites({layout: [tmp_path]}, 600)
    files = sorted(tmp_path.glob("content/posts/**/*.md"), key=lambda file: file.stem[-5:])
    assert len(files) == 600
    for file, post in zip(files, posts, strict=True):
        parsed = frontmatter.load(str(file))
        assert parsed["title"] == post.title
        assert parsed["date"] == post.date
        assert parsed["tags"] == list(post.tags)
        assert parsed.content.strip() == post.body.strip()


def test_every_layout_holds_the_same_bodies_and_pages(tmp_path: Path) -> None:
    write_sites({name: [tmp_path / name] for name in LAYOUTS}, 30)
    for name in LAYOUTS:
        texts = [file.read_text(encoding="utf-8") for file in (tmp_path / name).rglob("*.md")]
        assert len(texts) == 30 + len(PAGES)
        assert all(any(text.endswith(f"\n{post.body}") for text in texts) for post in make_posts(30)), name


@pytest.mark.parametrize("name", OWN)
def test_our_sites_name_the_authors_of_the_posts(name: str) -> None:
    site = tomllib.loads((OWN[name].site / "site.toml").read_text(encoding="utf-8"))
    assert {key: author["name"] for key, author in site["authors"].items()} == AUTHORS
