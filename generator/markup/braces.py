"""Words in braces that stay words: of `## Costs {in pounds}`, both dialects would take "in pounds" as attributes."""

from __future__ import annotations

import re

from generator.markup.code_spans import change_outside_code
from generator.patterns import lazy_pattern

_ATTRIBUTE = r"""(?:[#.][^\s{}]++|[^\s{}=#.][^\s{}=]*+=(?:"[^"\n]*+"|'[^'\n]*+'|[^\s{}"']*+))"""
ATTRIBUTES = rf"[ ]*+{_ATTRIBUTE}(?:[ ]++{_ATTRIBUTE})*+[ ]*+\}}"
"""A pattern for an id, classes and values, and the brace after them."""

_HEADING = lazy_pattern(
    r"^(?=[ >]*#{1,6}[ \t]|[^\n]*\n[ >]*(?:=+|-+)[ \t]*$)"
    rf"(?P<words>[^\n]*[^\\\n])\{{(?!:|{ATTRIBUTES})(?=[^{{}}\n]*\}}[ \t]*$)",
    re.MULTILINE,
)


def escape_words_in_braces(text: str) -> str:
    """Write the braces as references at the end of CommonMark's headings that are no attributes."""
    if "{" not in text or not _HEADING.search(text):
        return text
    return change_outside_code(text, lambda piece: _HEADING.sub(r"\g<words>&#123;", piece.text))
