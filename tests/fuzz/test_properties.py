"""The properties the fuzzers look for, with inputs that Hypothesis makes; and what the fuzzers have found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import run
from tests.fuzz.properties import PROPERTIES
from tests.fuzz.strategies import COMMENTS, CONFIG, HTML, MARKDOWN, SOURCES, encoded

INPUTS: dict[str, st.SearchStrategy[bytes]] = {
    "source": SOURCES,
    "markdown": encoded(MARKDOWN),
    "commonmark": encoded(MARKDOWN),
    "html": encoded(HTML),
    "comments": COMMENTS,
    "config": CONFIG,
}
FOUND = [
    ("commonmark", b"&#XFDD0;"),  # pulldown-cmark puts the character there, with which nobody may write a placeholder
    ("commonmark", b"[^0]:[^0]:<DIV CLASS=footnote>"),
    ("commonmark", b"<a class=footnote-ref href=#fn:1>\n\nt||t\n-|-|:\n<div class=footnote><ol><li id=fn:1>"),
    ("markdown", b"[^]:[^2]:\n[^g]:"),  # Python-Markdown adds to the footnotes it is going through
    ("comments", b"[^]:![]('("),  # Python-Markdown leaves its own control characters in the HTML
]


@pytest.mark.parametrize("name", PROPERTIES)
def test_what_is_true_of_any_input_is_true_of_this(name: str) -> None:
    @given(INPUTS[name])
    @settings(max_examples=150, deadline=None)
    def hold(data: bytes) -> None:
        PROPERTIES[name](data)

    hold()


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_a_fuzzer_found_is_mended(name: str, data: bytes) -> None:
    PROPERTIES[name](data)


def test_every_property_has_a_harness_and_a_strategy() -> None:
    assert list(PROPERTIES) == list(run.WORDS) == list(INPUTS)
