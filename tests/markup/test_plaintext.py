from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from generator.markup.plaintext import single_spaced


@given(st.text(st.sampled_from("ab \n\t\xa0\u202f\u3000\x1f"), max_size=20))
def test_white_space_becomes_single(text: str) -> None:
    assert single_spaced(text) == " ".join(text.split())


def test_every_character_that_is_white_space_becomes_a_space() -> None:
    """The quick question leans on it that all white space but the space is unprintable."""
    for number in range(sys.maxunicode + 1):
        text = f"a{chr(number)}b"
        assert single_spaced(text) == " ".join(text.split()), hex(number)
