"""Contrast: measured as WCAG does, with the colours an element has in light and in dark mode."""

from __future__ import annotations

import pytest

from generator.newsletter.checks.contrast import (
    RgbColour,
    contrast_ratio,
    extract_dark_rules,
    find_low_contrast,
    relative_luminance,
)

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (WHITE, BLACK, 21.0),
        (WHITE, WHITE, 1.0),
        ((0x76, 0x76, 0x76), WHITE, 4.54),  # the lightest grey on white that passes, as every table of WCAG says
        ((0x77, 0x77, 0x77), WHITE, 4.48),
        ((255, 0, 0), WHITE, 4.0),
    ],
)
def test_the_ratio_is_that_of_wcag(one: RgbColour, other: RgbColour, expected: float) -> None:
    assert contrast_ratio(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast_ratio(one, other) == contrast_ratio(other, one)


def test_luminance_goes_from_black_to_white() -> None:
    assert relative_luminance(BLACK) == 0
    assert relative_luminance(WHITE) == pytest.approx(1.0)


def page(body: str, css: str = "") -> str:
    return f"<!DOCTYPE html><html><head><style>{css}</style></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("<p>Black on white</p>", 0),
        ('<p style="color: #777">Grey</p>', 1),
        ('<p style="color: #767676">Grey</p>', 0),
        ('<div style="background-color: #333"><p>On dark</p></div>', 1),
        ('<table bgcolor="#333333"><tr><td>On dark</td></tr></table>', 1),
        ('<div style="color: #999"><span style="color: #000">Fine</span></div>', 0),
        ('<div style="color: #999"><span style="color: #000">Fine</span> faint</div>', 1),
        ('<p style="color: #999; display: none">Hidden</p>', 0),
        ('<p style="color: #888; font-size: 24px">Large</p>', 0),
        ('<p style="color: #888; font-size: 19px"><b>Large and bold</b></p>', 0),
        ('<p style="color: #888; font-size: 19px">Not large enough</p>', 1),
        ('<p style="color: rgb(200, 200, 200)">Faint</p><p style="color: silver">Faint</p>', 2),
        ('<p style="color: inherit">Unknown</p>', 0),
    ],
)
def test_faint_words_are_found_by_what_they_inherit(body: str, count: int) -> None:
    assert len(find_low_contrast(page(body), "light")) == count


DARK = "@media (max-width: 9px) { p { color: red } } @media (prefers-color-scheme: dark) { %s }"


def test_rules_for_the_dark_count_there_alone() -> None:
    body = '<div class="paper" style="background-color: #fff"><p class="ink" style="color: #000">Words</p></div>'
    half = page(body, DARK % ".paper { background-color: #111 !important; }")
    whole = page(body, DARK % ".paper { background-color: #111 !important; } .ink { color: #eee !important; }")
    assert find_low_contrast(half, "light") == []
    (faint,) = find_low_contrast(half, "dark")
    assert (faint.text, faint.colour, faint.background, faint.required) == ("Words", "#000", "#111", 4.5)
    assert find_low_contrast(whole, "dark") == []


def test_a_rule_that_is_not_important_does_not_reach_past_inline_style() -> None:
    body = '<p class="ink" style="color: #eee; background-color: #000">Words</p>'
    assert find_low_contrast(page(body, DARK % ".ink { color: #111; }"), "dark") == []


def test_the_rules_for_the_dark_are_read_whole() -> None:
    assert extract_dark_rules(page("", DARK % ".a { color: red } .b { color: blue }")).strip() == (
        ".a { color: red } .b { color: blue }"
    )
    assert extract_dark_rules(page("")) == ""
