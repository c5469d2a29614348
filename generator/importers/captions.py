"""Captions of pictures: a line of Markdown or HTML becomes the HTML and the plain words of a caption."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown import Markdown

_PARAGRAPH = re.compile(r"</?p>")
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BARE_URL = re.compile(r"(?<![\w<(\[\"'=/>])https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
_MAX_CHARS = 2_000
"""Longer ones are taken as plain words: Python-Markdown's time grows with the square of some."""
_BLOCKS = ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")
"""What Python-Markdown reads besides paragraphs."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as HTML, and its words without any markup."""

    html: str = ""
    words: str = ""

    @property
    def rich(self) -> bool:
        """Return True if the caption has markup, such as a link or bold words."""
        return self.html != html.escape(self.words, quote=False)


def read_caption(written: str) -> Caption:
    """Read a caption, as generators do: as one line of Markdown, which may hold HTML."""
    line = " ".join(written.split())
    if not line:
        return Caption()
    if len(line) > _MAX_CHARS or not re.search(r"[<&*_`\[\\]|https?://", line):
        return Caption(html.escape(line, quote=False), line)
    converter = _converter()
    return make_caption(_PARAGRAPH.sub("", converter.reset().convert(_BARE_URL.sub(r"<\g<0>>", line))))


def make_caption(written: str) -> Caption:
    """Make a caption of its HTML."""
    line = " ".join(written.split())
    words = " ".join(html.unescape(_TAG.sub("", _UNSEEN.sub("", line))).split())
    return Caption(line if _TAG.search(line) else html.escape(words, quote=False), words)


@cache
def _converter() -> Markdown:
    """Make a converter that knows inline Markdown alone: a caption that begins with `1.` is no list."""
    from markdown import Markdown

    converter = Markdown()
    for name in _BLOCKS:
        converter.parser.blockprocessors.deregister(name)
    return converter
