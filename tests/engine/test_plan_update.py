"""After an edit of posts, only the targets and the entries of the sitemap that it changes are planned and made again.

As it debugs, the engine compares both with those of a whole plan, and the stale outputs with what all have read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport
from tests.factories import CLOCK, config, post, tree

Site = Callable[[Mapping[str, str]], Path]
Files = Mapping[str, str | None]
POSTS = 60


def path_of(number: int) -> str:
    return f"posts/{2020 + number // 12}-{number % 12 + 1:02}-05-p{number}.md"


def a_post(number: int, **keys: Any) -> str:
    """Write a post: of one tag all, of another every fifth; every tenth is a part of a series."""
    series = {"series": "Days", "part": number // 10 + 1} if number % 10 == 0 else {}
    said = {"tags": ["all", *(["fifth"] if number % 5 == 0 else [])], "author": "jo", "summary": f"Said {number}."}
    return post(str(keys.pop("title", f"Post {number}")), "Text.", **(said | series | keys))


class Desk:
    """A site that an engine watches: `change` writes or deletes files of content/ and builds with a hint."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root = root
        self.engine = engine
        self.first = engine.build()
        engine.prepare()

    def change(self, changes: Files) -> BuildReport:
        for path, text in changes.items():
            file = self.root / "content" / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
        return self.engine.build(hint={f"content/{path}" for path in changes})

    @property
    def entries(self) -> int:
        """How many entries of the sitemap the last build made that made any list of them."""
        cache = self.engine._cache
        assert cache is not None
        assert cache.plan is not None
        assert cache.plan.mapped is not None
        return cache.plan.mapped.made


@pytest.fixture
def desk(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    files = {path_of(number): a_post(number) for number in range(POSTS)}
    settings = config("[output]\nper_page = 5\n")
    about = {"pages/about.md": post("About"), "newsletters/2024-07-01-n.md": post("News", posts=["p12"])}
    root = site({"site.toml": settings, **files, **about, "static/a.txt": "a"})
    with Engine(root, BuildOptions(live=True), CLOCK) as engine:
        yield Desk(root, engine)


def assert_clean(desk: Desk, tmp_path: Path) -> None:
    Engine(desk.root, BuildOptions(tmp_path / "out", state=tmp_path / "state", live=True), CLOCK).build()
    assert tree(desk.root / "output") == tree(tmp_path / "out")


def test_edits_of_posts_plan_what_they_change(desk: Desk, tmp_path: Path) -> None:
    assert desk.first.work["targets"] > 150
    assert desk.first.work["keys"] == 0  # nothing had been read
    new = "posts/2025-06-01-new.md"
    # What is edited; the most targets that are planned; the most entries that are made.
    table: list[tuple[Files, int, int]] = [
        ({path_of(31): a_post(31, title="Other")}, 0, 200),
        ({new: a_post(99)}, 8, 20),
        ({new: a_post(99, tags=["all", "fifth"])}, 8, 8),
        ({path_of(31): a_post(31, tags=["all", "rare"])}, 4, 8),
        ({path_of(31): a_post(31)}, 0, 8),
        ({path_of(25): a_post(25, date="2025-07-07")}, 8, 40),
        ({path_of(26): a_post(26, updated="2025-07-08")}, 0, 12),
        ({path_of(27): a_post(27, aliases=["/old/", "/older/"])}, 3, 8),
        ({path_of(28): a_post(28, slug="elsewhere")}, 1, 2),
        ({path_of(20): None}, 4, 40),
        ({path_of(29): a_post(29, author="Else")}, 8, 10),
        ({new: None, path_of(29): a_post(29)}, 6, 40),
    ]
    for changes, targets, entries in table:
        report = desk.change(changes)
        assert report.work["keys"] < 260, (changes, report.work)  # of about 900
        assert report.work["targets"] <= targets, (changes, report.work)
        assert desk.entries <= entries, (changes, desk.entries)
    assert_clean(desk, tmp_path)


def test_what_may_plan_anything_else_plans_everything(desk: Desk, tmp_path: Path) -> None:
    everything: list[Files] = [
        {"pages/tags.md": post("About the tags", permalink="/tags/")},
        {"static/b.txt": "b"},
        {"newsletters/2024-08-01-more.md": post("More news", posts=["p13"])},
        {"pages/tags.md": None},
        {path_of(31): a_post(31, permalink="/about/")},
        {path_of(31): a_post(31)},
    ]
    for changes in everything:
        assert desk.change(changes).work["targets"] > 100, changes
    assert_clean(desk, tmp_path)


def test_a_page_introduces_the_first_tag_and_stands_alone_after_the_last(site: Site, tmp_path: Path) -> None:
    files = {path_of(number): a_post(number, tags=[]) for number in range(12)}
    root = site({"site.toml": config(), **files, "pages/tags.md": post("About the tags", permalink="/tags/")})
    with Engine(root, BuildOptions(live=True), CLOCK) as engine:
        desk = Desk(root, engine)
        for tags in ([], ["rare"], ["rare", "other"], ["other"], []):
            desk.change({path_of(3): a_post(3, tags=tags, title=f"Now {len(tags)}")})
            assert (b"About the tags" in (root / "output/tags/index.html").read_bytes()) is True
            assert (root / "output/tags/rare/index.html").is_file() is ("rare" in tags)
            assert_clean(desk, tmp_path / "-".join(["clean", *tags, str(len(tags))]))
