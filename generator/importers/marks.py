r"""Marks in a text during conversion: control characters, which decoded sources never contain.

`\x01` is a literal brace, `\x02` begins a final link, `\x03` is the old site's base path.
"""

from __future__ import annotations

import re

BRACE, FINAL, BASE = "\x01", "\x02", "\x03"


def remove_marks(text: str) -> str:
    """Replace the marks with their meaning, after all links are fixed."""
    text = re.sub(f"{BASE}+(?=/)", "", text)
    return re.sub(f"{BASE}+", "/", text).replace(BRACE, "{").replace(FINAL, "")
