r"""Marks in a text that is being converted: control characters, which no decoded source holds.

`\x01` is a brace that is only text, `\x02` begins a link that is final, `\x03` is the old site's base path.
"""

from __future__ import annotations

import re

BRACE, FINAL, BASE = "\x01", "\x02", "\x03"


def remove_marks(text: str) -> str:
    """Replace the marks with what they stand for, when links are done."""
    text = re.sub(f"{BASE}+(?=/)", "", text)
    return re.sub(f"{BASE}+", "/", text).replace(BRACE, "{").replace(FINAL, "")
