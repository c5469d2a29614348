"""The codes of all problems, with what docs/problems.md says of each. A wheel has that page beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_ENTRY = re.compile(r"^### ([a-z0-9-]+)\n+(.*?)(?=\n+```)", re.M | re.S)
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|`")


@cache
def explanations() -> Mapping[str, str]:
    """Read each code's explanation as plain text on one line: level, what it means, how to fix it."""
    inside = Path(__file__).parent / "problems.md"
    page = inside if inside.is_file() else Path(__file__).parents[2] / "docs" / "problems.md"
    text = page.read_text("utf-8")
    return {found[1]: " ".join(_MARKS.sub("", _LINK.sub(r"\1", found[2])).split()) for found in _ENTRY.finditer(text)}
