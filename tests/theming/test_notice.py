"""The theme `notice`, which only extends the default one."""

from pathlib import Path
from typing import Any

import pytest

FILES = {f"posts/2024-01-0{n}-p{n}.md": f"---\ntitle: P{n}\ntags: [x]\n---\nText.\n" for n in range(1, 8)}
FILES["pages/closed.md"] = "---\ntitle: Closed\n---\nText.\n"
THEMES = Path(__file__).parents[2] / "themes"


@pytest.mark.parametrize(
    ("options", "shown", "href"),
    [
        ("", None, None),
        ('notice = ""', None, None),
        ('notice = "It\'s closed"', "It’s closed", None),
        ('notice = "Closed <today>"\nnotice_url = "/closed/"', "Closed <today>", "/blog/closed/"),
        ('notice = "Closed"\nnotice_url = "https://status.example/"', "Closed", "https://status.example/"),
    ],
)
def test_the_banner_is_on_every_page_if_there_is_a_notice(
    letters: Any, options: str, shown: str | None, href: str | None
) -> None:
    settings = f'title = "T"\nurl = "https://example.org/blog/"\n[theme]\nname = "notice"\n{options}\n'
    made = letters({"site.toml": settings, **FILES})
    assert made.codes == []
    for path in ("index.html", "2024/01/p1/index.html", "tags/x/index.html", "404.html"):
        banners = made.html(path).xpath('//aside[@class="service-notice"]')
        assert [each.text_content().strip() for each in banners] == ([shown] if shown else []), path
        assert [str(link) for each in banners for link in each.xpath(".//a/@href")] == ([href] if href else []), path


def test_the_front_page_is_a_list_of_rows_in_the_themes_own_look(letters: Any) -> None:
    made = letters({"site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "notice"\n', **FILES})
    page = made.html("index.html")
    assert [card.get("class") for card in page.xpath("//article")] == ["card h-entry is-row"] * 7
    assert page.get("class") == "accent-indigo type-sans"
    sheets = page.xpath("//link[@rel='stylesheet']/@href")
    assert [sheet.rpartition("/")[2].partition(".")[0] for sheet in sheets] == ["style", "notice"]


def test_it_changes_no_more_than_it_says() -> None:
    own = {file.relative_to(THEMES / "notice").as_posix() for file in (THEMES / "notice").rglob("*") if file.is_file()}
    assert own == {"theme.toml", "templates/base.html", "templates/home.html", "static/notice.css"}
