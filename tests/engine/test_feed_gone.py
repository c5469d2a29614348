"""A feed that was public and is gone is noticed, by each build, until someone settles it."""

from pathlib import Path

import pytest

from generator.errors import Level
from tests.factories import Site, config, post, write_site

ALL = '[output]\nlisting_feeds = ["rss", "atom", "json"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    files = {f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}", tags=["x", f"t{n}"], authors=["Ana"]) for n in (1, 2, 3)}
    site = Site(write_site(tmp_path, {"site.toml": config(ALL), **files}))
    assert site.build().problems == ()
    return site


def gone(site: Site) -> list[tuple[Level, str]]:
    return [(problem.level, problem.message) for problem in site.build().problems if problem.code == "feed-gone"]


def settings(site: Site, text: str) -> None:
    (site.root / "site.toml").write_text(config(text))


def test_the_default_is_rss_alone_for_lists_and_all_formats_for_the_site(tmp_path: Path) -> None:
    site = Site(write_site(tmp_path, {"posts/2024-01-01-a.md": post(tags=["x"], series="S", part=1, authors=["Ana"])}))
    assert site.build().problems == ()
    feeds = {path for path in site.paths if path.endswith((".xml", ".json")) and path != "sitemap.xml"}
    lists = {"tags/x/feed.xml", "series/s/feed.xml", "authors/ana/feed.xml"}
    assert feeds == {"feed.xml", "atom.xml", "feed.json"} | lists


def test_a_format_that_is_taken_away_is_one_warning_for_all_lists_of_a_kind(site: Site) -> None:
    settings(site, "")
    told = gone(site)
    assert [level for level, _ in told] == [Level.WARNING] * 4
    assert sorted(message.partition(",")[0] for _, message in told) == [
        "4 published feeds are gone", "4 published feeds are gone",
        "The published feed /authors/ana/atom.xml is gone", "The published feed /authors/ana/feed.json is gone",
    ]  # fmt: skip
    assert gone(site) == told


@pytest.mark.parametrize(
    ("output", "lost"),
    [
        ('feeds = ["rss", "atom"]', ["/feed.json"]),
        ("feeds = []", ["/atom.xml", "/feed.json", "/feed.xml"]),
        ('feeds_for = ["tags", "authors"]', ["/atom.xml", "/feed.json", "/feed.xml"]),
        ('feeds_for = ["site", "tags"]', ["/authors/ana/atom.xml", "/authors/ana/feed.json", "/authors/ana/feed.xml"]),
    ],
)
def test_each_way_to_lose_a_feed_is_told(site: Site, output: str, lost: list[str]) -> None:
    settings(site, f"{ALL}{output}\n")
    assert sorted(message.split()[3] for _, message in gone(site)) == lost


@pytest.mark.parametrize(
    "addresses", ['"/tags/*/atom.xml"', '"/tags/x/atom.xml", "/tags/t1/atom.xml", "/tags/t*/atom.xml"']
)
def test_a_line_in_gone_settles_it(site: Site, addresses: str) -> None:
    settings(
        site, f'[output]\nlisting_feeds = ["rss", "json"]\n[gone]\naddresses = [{addresses}, "/authors/ana/atom.xml"]\n'
    )
    assert gone(site) == []


def test_making_the_feed_again_settles_it(site: Site) -> None:
    settings(site, "")
    assert gone(site)
    settings(site, ALL)
    assert gone(site) == []


def test_a_list_without_posts_is_a_note(site: Site) -> None:
    (site.root / "content/posts/2024-01-03-p3.md").write_text(post("P3", tags=["x"], authors=["Ana"]))
    assert {level for level, _ in gone(site)} == {Level.NOTE}
    assert len(gone(site)) == 3
