"""White space and control characters that come with pasted text, and that YAML cannot have."""

from __future__ import annotations

import re

CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
"""Control characters that are no line ends: Windows writes some in the place of its quotation marks."""

_LINE_END = re.compile("[\x85\u2028\u2029]")
_AFTER_KEY = re.compile(r"^([ \t\xa0]*(?:-[ \xa0]+)?[\w-]+[ \xa0]?:)[\xa0\u202f\u2009\u3000]+", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]*\xa0[ \t\xa0]*", re.MULTILINE)


def plain_spaces(text: str) -> str:
    """Put plain spaces where hard ones part a key from its value or set a line in, and take control characters out."""
    if text.isascii():
        return text
    text = _LINE_END.sub(" ", CONTROL.sub("", text))
    if "\xa0" in text or "\u3000" in text or "\u202f" in text or "\u2009" in text:
        text = _AFTER_KEY.sub(lambda match: match[1].replace("\xa0", " ") + " ", text)
        text = _INDENT.sub(lambda match: " " * len(match[0]), text)
    return text
