"""Styles of a letter: repeated paragraphs cost little, and Outlook still finds every style it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml.html import document_fromstring

from generator.newsletter.issue import with_rendered_issue
from tests.newsletter.site_with_issue import CLOCK, issue, make_site_with_issue

PATH = "content/newsletters/2026-06-01-june.md"


def letter_html(root: Path, body: str) -> str:
    make_site_with_issue(root, {PATH: issue(body)})
    return with_rendered_issue(root, "june", CLOCK, lambda rendered: rendered.letter.html)


@pytest.mark.parametrize(
    ("piece", "most"),
    [
        ("Plain words.\n\n", 60),
        ("- A point.\n", 60),
        ("1. A point.\n", 60),
        ("Plain *words* with **weight**.\n\n", 100),
        ("> A quotation.\n\nBetween.\n\n", 1000),  # a table: Word draws the distances of cells alone
        ("- A point.\n\n    Its second paragraph.\n\n", 160),
    ],
)
def test_a_repeated_paragraph_costs_little_beside_its_words(tmp_path: Path, piece: str, most: int) -> None:
    few = len(letter_html(tmp_path / "few", piece * 10))
    many = len(letter_html(tmp_path / "many", piece * 60))
    assert (many - few) / 50 <= most


def styles(element: Any) -> dict[str, str]:
    pairs = (each.partition(":") for each in (element.get("style") or "").split(";") if each)
    return {name.strip(): value.strip() for name, _, value in pairs}


@pytest.mark.parametrize(
    "body",
    ["Words.", "- A point.", "1. One", "> A quotation.", "Word[^1]\n\n[^1]: A note.", "Term\n:   What it means."],
)
def test_every_paragraph_finds_its_font_in_its_cell_and_has_its_own_margin(tmp_path: Path, body: str) -> None:
    page: Any = document_fromstring(letter_html(tmp_path, body))
    found = [each for each in page.iter("p", "li", "dd", "dt") if each.text_content().strip()]
    assert len(found) > 5
    for each in found:
        assert {"margin"} <= set(styles(each))
        cell = next(each.iterancestors("td"))
        needed = {"color", "font-family", "font-size", "line-height"} - set(styles(each))
        assert needed <= set(styles(cell)), each.text_content()
