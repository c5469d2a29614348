"""Turn the text of a WordPress post into the HTML that its readers saw."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.importers.wordpress.blocks import convert_blocks, has_blocks
from generator.importers.wordpress.paragraphs import add_paragraphs
from generator.importers.wordpress.shortcodes import Library, convert_shortcodes

_NEXT_PAGE = re.compile(r"<!--\s*nextpage\s*-->")
_BARE_URL = re.compile(r"(?m)^[ \t]*(https?://[^\s<>\"']+)[ \t]*$")


@dataclass(frozen=True, slots=True)
class WordpressText:
    """The HTML of a post, and the names of the shortcodes and blocks that we cannot convert."""

    html: str
    shortcodes: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


def wordpress_html(written: str, library: Library) -> WordpressText:
    """Convert a text of either editor."""
    text = _NEXT_PAGE.sub("\n\n", written)
    if has_blocks(text):
        html, blocks = convert_blocks(text, library)
        html, left = convert_shortcodes(html, library)
        return WordpressText(html, tuple(left), tuple(blocks))
    text = _BARE_URL.sub(lambda match: f'\n\n<p><a href="{match[1]}">{match[1]}</a></p>\n\n', text)
    text, left = convert_shortcodes(text, library)
    return WordpressText(add_paragraphs(text), tuple(left))
