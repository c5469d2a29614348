"""Extract plain text from a line of HTML or Markdown."""

from __future__ import annotations

import html
import re

from generator.text.short_text import one_line

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_STRONG = re.compile(r"(\*\*|__|\*|`)(?=\S)([^*`\n]+?)(?<=\S)\1(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")


def strip_markup(text: str) -> str:
    """Remove HTML entities and tags and Markdown marks from a line."""
    text = _TAG.sub("", html.unescape(text)) if "<" in text or "&" in text else text
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text)) if "*" in text or "`" in text or "__" in text else text
    return clean_line(_LINK.sub(r"\1", text))


def clean_line(text: str) -> str:
    """Return a text on one line, without characters that UTF-8 cannot encode."""
    return one_line(text.encode("utf-8", "replace").decode())
