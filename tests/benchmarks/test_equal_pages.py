from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.contestants import OWN, ROOT
from benchmarks.corpus import make_posts
from benchmarks.run import prepare
from benchmarks.words import PAGES

POSTS = 200
PER_PAGE = 10

pytestmark = pytest.mark.slow


def listing(address: str, count: int) -> set[str]:
    """The pages of a listing: its own shows the newest 10, and 10 more while the newest page is less than half full."""
    full, rest = divmod(count, PER_PAGE)
    older = full if rest >= PER_PAGE / 2 else full - 1
    return {address, *(f"{address}page/{number}/" for number in range(1, older + 1))}


def expected() -> set[str]:
    posts = list(make_posts(POSTS))
    addresses = {f"posts/{post.slug}/" for post in posts} | {f"{slug}/" for slug in PAGES}
    addresses |= {"series/archive/", "tags/"} | listing("", POSTS)
    addresses |= {f"tags/{tag}/" for post in posts for tag in post.tags}
    return {f"{address}index.html" for address in addresses} | {"404.html"}


@pytest.mark.parametrize("name", ["equal", "commonmark"])
def test_the_equal_theme_makes_exactly_the_pages_of_the_comparison(name: str, tmp_path: Path) -> None:
    ours = OWN[name]
    site = tmp_path / "site"
    prepare([ours], {ours.name: site}, POSTS)
    run = subprocess.run(ours.command(site), cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "warning" not in run.stdout + run.stderr
    output = site / "output"
    assert {file.relative_to(output).as_posix() for file in output.rglob("*.html")} == expected()
    assert {"feed.xml", "sitemap.xml", "robots.txt"} <= {file.name for file in output.iterdir()}
