from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.content.front_matter import MAX_FRONT_MATTER_CHARS, MAX_VALUES
from generator.content.known import KEYS
from generator.content.read import MAX_SOURCE_BYTES
from generator.model import Kind
from generator.text.short_text import MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS
from generator.text.tree import MAX_DEPTH, MAX_KEYS
from generator.text.written_rules import MAX_LIST

PAGE = (Path(__file__).parents[2] / "docs/front-matter.md").read_text("utf-8")
LETTERS = {"P": Kind.POST, "G": Kind.PAGE, "N": Kind.ISSUE}


def test_the_reference_has_every_key_where_it_is_allowed() -> None:
    documented: dict[Kind, set[str]] = {kind: set() for kind in KEYS}
    for keys, letters in re.findall(r"^\| (`[a-z_`, ]+`) \| ([PGN ]+) \|", PAGE, re.MULTILINE):
        for key in re.findall(r"`([a-z_]+)`", keys):
            for letter in letters.split():
                documented[LETTERS[letter]].add(key)
    assert documented == {kind: set(keys) for kind, keys in KEYS.items()}


@pytest.mark.parametrize(
    "bound",
    [
        f"{MAX_SOURCE_BYTES // 1_000_000} MB",
        f"{MAX_FRONT_MATTER_CHARS:,} characters, {MAX_KEYS} keys, {MAX_VALUES:,} values, {MAX_DEPTH} levels",
        f"| {MAX_TITLE_CHARS} characters",
        f"| {MAX_NAME_CHARS} characters",
        f"| {MAX_LIST} items",
        f"| {MAX_TEXT_CHARS:,} characters",
    ],
)
def test_the_reference_names_every_bound(bound: str) -> None:
    assert bound in PAGE
