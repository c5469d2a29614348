"""Texts made to be slow to read: the patterns of the checks take a time in proportion to a text's length."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest

from generator.checks import headings
from generator.checks.english import FIELDS
from generator.checks.link_texts import _link_with
from generator.checks.page_contents import read_page
from generator.content.site_files import scan_content
from generator.engine.locator import Locator
from generator.text.places import places

SIZE = 200_000
GUARD_S = 5.0
"""Ten times what the slowest takes; the square of the length would take minutes."""
HOSTILE = (
    *(
        "[",
        "{",
        "<",
        "](",
        "](a(",
        "a",
        "a@",
        "a.",
        "-",
        "`",
        "<!--",
        "<a ",
        "<h1 ",
        "[*",
        "[ ",
        "# ",
        "# a ",
        "\n",
        "\n ",
    ),
    *("a\n", "# a\n", "title: teh\n", "utilise\n", "utilise ", "<a>here", "[here](x) "),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_is_read_in_proportion_to_its_length(tmp_path: Path, piece: str) -> None:
    text = f"---\ntitle: A\n---\n# {piece * (SIZE // len(piece))}x"
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "content/posts/2026-01-01-a.md").write_text(text, "utf-8")
    path, began = "content/posts/2026-01-01-a.md", monotonic()
    locate = Locator(tmp_path, scan_content(tmp_path))
    prose = locate.prose(path, FIELDS)
    for pattern in (headings._HEADING, _link_with("click here")):
        assert all(line > 0 for _, (line, _) in locate.matches(path, pattern))
    locate(path, "nowhere", "tags")
    assert (len(prose), prose.count("\n")) == (len(text), text.count("\n"))
    assert monotonic() - began < GUARD_S


def test_places_count_lines_and_columns_from_one() -> None:
    text = "a\nbc\n\nd"
    assert list(places(text, range(len(text)))) == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 1), (4, 1)]
    assert list(places(text, (0, 0, 6))) == [(1, 1), (1, 1), (4, 1)]


@pytest.mark.parametrize("url", ["http://[x", "//[", "http://]", "mailto:a@example.org", "javascript:x", " ", "#a"])
def test_an_address_that_no_browser_opens_is_left_out(url: str) -> None:
    html = f'<a href="{url}">a</a><img src="{url}"><a href="/b/">b</a>'.encode()
    links = read_page(html, "https://example.org/").links
    assert [each for each in links if each != "https://example.org/"] == ["https://example.org/b/"]
