"""Replace white space and control characters of pasted text that YAML does not allow."""

from __future__ import annotations

import re

from generator.patterns import lazy_pattern

CONTROL = lazy_pattern("[\x80-\x84\x86-\x9f]")
"""Control characters that are not line ends: some are quotation marks from Windows."""

_LINE_END = lazy_pattern("[\x85\u2028\u2029]")
_AFTER_KEY = lazy_pattern(r"^([ \t\xa0]*(?:-[ \xa0]+)?[\w-]+[ \xa0]?:)[\xa0\u202f\u2009\u3000]+", re.MULTILINE)
_INDENT = lazy_pattern(r"^[ \t]*\xa0[ \t\xa0]*", re.MULTILINE)


def plain_spaces(text: str) -> str:
    """Replace hard spaces after a key or in an indent with plain ones, and remove control characters."""
    if text.isascii():
        return text
    text = _LINE_END.sub(" ", CONTROL.sub("", text))
    if "\xa0" in text or "\u3000" in text or "\u202f" in text or "\u2009" in text:
        text = _AFTER_KEY.sub(lambda match: match[1].replace("\xa0", " ") + " ", text)
        text = _INDENT.sub(lambda match: " " * len(match[0]), text)
    return text
