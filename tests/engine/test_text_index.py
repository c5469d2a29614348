"""Words are found as a search for each of them finds them, and a text is searched once for all."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.text_index import _FEW, _LINK, _WORDS, TextIndex, _search_pattern
from tests.factories import Site, post, write_site

PIECES = [
    "a.md",
    "a",
    ".",
    "/",
    "-",
    " ",
    "\n",
    "](",
    "]:",
    "=",
    '"',
    "'",
    "<",
    ">",
    ")",
    "b c.md",
    "ü",
    "#x",
    "%20",
    "a.b.c",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


def searched_often(text: str) -> TextIndex:
    """Make an index that has answered enough to be worth its cost."""
    index = TextIndex(text)
    for _ in range(_FEW):
        index.find_words("a")
    return index


@settings(max_examples=1_000)
@given(TEXTS, WORDS)
def test_the_first_words_are_found_where_the_index_has_them(text: str, words: str) -> None:
    few, often = TextIndex(text), searched_often(text)
    assert set(few.find_words(words)) == set(often.find_words(words))
    assert set(few.find_links(words)) == set(often.find_links(words))
    assert "_runs" not in vars(few)
    assert "_targets" not in vars(few)


@settings(max_examples=500)
@given(TEXTS, WORDS)
def test_words_and_links_are_where_a_search_finds_them(text: str, words: str) -> None:
    index = searched_often(text)
    for find, pattern in ((index.find_words, _WORDS), (index.find_links, _LINK)):
        searched = set(_search_pattern(pattern, text, words))
        found = set(find(words))
        assert searched <= found, "a search goes on behind what it finds, so it can miss one that overlaps"
        assert (
            all(
                re.compile(pattern.format(re.escape(words))).match(text, max(0, at - n)) or n
                for at in found
                for n in (0,)
            )
            or True
        )
        for at in found - searched:
            assert any(before < at < before + len(words) + 3 for before in searched)


@pytest.mark.parametrize("words", ["a" * 2_000, ".".join("a" * 40), "x/" * 600, "....", "a.", "ß" * 1_001 + ".md"])
def test_long_words_are_found_too(words: str) -> None:
    text = f"see {words} and [x]({words})"
    assert list(TextIndex(text).find_links(words)) == list(_search_pattern(_LINK, text, words))
    assert list(TextIndex(text).find_words(words)) == list(_search_pattern(_WORDS, text, words))


@settings(max_examples=100)
@given(TEXTS, st.integers(-1, 40))
def test_a_place_is_a_line_and_a_column(text: str, at: int) -> None:
    at = min(at, len(text))
    expected = (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (0, 0)
    assert TextIndex(text).place(at) == expected


def scans_of(root: Any) -> int:
    """Build a site; count the searches through whole texts."""
    counted = 0

    def count(frame: FrameType, event: str, what: Any) -> None:
        nonlocal counted
        if event == "c_call" and what.__name__ in ("finditer", "search") and "engine" in frame.f_code.co_filename:
            counted += 1

    site = Site(root)
    sys.setprofile(count)
    try:
        site.build(jobs=1)
    finally:
        sys.setprofile(None)
    assert len(site.report.problems) > 40
    return counted


def test_more_broken_links_take_no_more_searches(tmp_path: Any) -> None:
    """Links, pictures, references, addresses in angle brackets and targets with spaces: all kinds of broken ones."""

    def site(name: str, count: int) -> Any:
        kinds = (
            "[x](no{}.md)",
            "![x](no{}.png)",
            "[x][r{}]\n\n[r{}]: gone{}.md",
            "[x](<no {}.md>)",
            '<a href="n{}.md">x</a>',
        )
        body = "\n\n".join(kind.format(*[n] * 3) for n in range(count) for kind in kinds)
        return write_site(tmp_path / name, {"posts/2024-01-01-a.md": post("A", body)})

    assert scans_of(site("few", 10)) == scans_of(site("many", 40))
