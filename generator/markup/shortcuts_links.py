"""Shortcuts through Python-Markdown's links: most have a text without brackets and an address without a title."""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor
from markdown.util import ETX, STX

_PLAIN_ADDRESS = re.compile(rf"\(([^\s()<>\"'{STX}{ETX}]*)\)")


class FastText:
    """A replacement for `getText` of a pattern for links. It looks for the first bracket before it counts them."""

    def __init__(self, pattern: LinkInlineProcessor) -> None:
        self._count = pattern.getText

    def __call__(self, data: str, index: int) -> tuple[str, int, bool]:
        """Return the text up to its bracket, the place after that, and whether there is one."""
        end = data.find("]", index)
        if end < 0 or data.find("[", index, end) >= 0:
            return self._count(data, index)
        return data[index:end], end + 1, True


class FastAddress:
    """A replacement for `getLink` of a pattern for links, with a short path for an address without a title."""

    def __init__(self, pattern: LinkInlineProcessor) -> None:
        self._read = pattern.getLink

    def __call__(self, data: str, index: int) -> tuple[str, str | None, int, bool]:
        """Return the address, the title, the place after them, and whether there is an address."""
        plain = _PLAIN_ADDRESS.match(data, index)
        return (plain[1], None, plain.end(), True) if plain else self._read(data, index)


def take_link_shortcuts(converter: Markdown) -> None:
    """Give the patterns for links and pictures their shortcuts, except those of others with methods of their own."""
    usual = LinkInlineProcessor
    patterns: Any = converter.inlinePatterns
    for pattern in patterns:
        kind: Any = type(pattern)
        if getattr(kind, "getText", None) is usual.getText:
            pattern.getText = FastText(pattern)
        if getattr(kind, "getLink", None) is usual.getLink and kind.RE_LINK is usual.RE_LINK:
            pattern.getLink = FastAddress(pattern)
