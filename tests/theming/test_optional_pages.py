"""A theme of its own may do without some pages: none is planned, linked or missed; they come with their templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import Site, post, write_site

PAGES = {"series-list": "series", "authors": "authors", "follow": "follow"}
WORDS = "{{ site.listings.series }}|{{ site.listings.authors }}|{{ site.listings.follow }}"
NAMES = (
    "home", "page", "post", "listing", "tag", "tags", "series", "author",
    "month", "year", "archive", "newsletter", "issue", "404", "feed-entry", "redirect",
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give a site with a theme that extends no other and has none of the optional templates."""
    theme = {f"themes/bare/templates/{name}.html": f"<p>{WORDS}</p>" for name in NAMES}
    files: dict[str, str | bytes] = {
        "site.toml": 'title = "T"\nurl = "https://letters.example/"\ntheme = "bare"\n',
        "themes/bare/theme.toml": 'name = "bare"\nextends = ""\n',
        "posts/2024-01-01-a.md": post(series="S", authors=["Ann"]),
        **theme,
    }
    return Site(write_site(tmp_path, files))


def test_without_a_template_there_is_no_page_and_no_link(site: Site) -> None:
    site.build()
    assert not {f"{folder}/index.html" for folder in PAGES.values()} & set(site.paths)
    assert "<p>||</p>" in (site.root / "output/index.html").read_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_comes_and_goes_with_its_template(site: Site, name: str) -> None:
    site.build()
    template = site.root / f"themes/bare/templates/{name}.html"
    template.write_text("<p>Here.</p>")
    site.build()
    assert f"{PAGES[name]}/index.html" in site.paths
    assert f"/{PAGES[name]}/" in (site.root / "output/index.html").read_text()
    template.unlink()
    site.build()
    assert f"{PAGES[name]}/index.html" not in site.paths
    assert "<p>||</p>" in (site.root / "output/index.html").read_text()


def test_the_policy_of_a_page_that_leads_on_allows_the_fonts_of_its_style_sheet(tmp_path: Path) -> None:
    site = Site(write_site(tmp_path, {"posts/2024-01-01-a.md": post(aliases=["/old/"])}))
    site.build()
    (policy,) = site.html("old/index.html").xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert "font-src 'self'" in policy
