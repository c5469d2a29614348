r"""Marks in a text during conversion: control characters, which decoded sources never contain.

`\x01` is a literal brace, `\x02` begins a final link, `\x03` is the old site's base path, `\x04` is a backtick in a
template tag, `\x05` begins a block of HTML made from a tag.
"""

from __future__ import annotations

import re

BRACE, FINAL, BASE, TICK, BLOCK = "\x01", "\x02", "\x03", "\x04", "\x05"


def remove_marks(text: str) -> str:
    """Replace the marks with their meaning, after all links are fixed."""
    text = re.sub(f"{BASE}+(?=/)", "", text)
    return re.sub(f"{BASE}+", "/", text).replace(BRACE, "{").replace(FINAL, "").replace(TICK, "`")
