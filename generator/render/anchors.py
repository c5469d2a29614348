"""Links to copy beside the headings of a page's text."""

from __future__ import annotations

import re
from html import escape

from generator.words import Words

_HEADING = re.compile(r'(<h([2-6]) id="([^"]+)"[^>]*>.*?)(</h\2>)', re.DOTALL)


def add_anchors(html: str, words: Words) -> str:
    """Give each heading that has an id a link to itself."""
    if ' id="' not in html:
        return html
    label = escape(words.gettext("Link to this part"))
    return _HEADING.sub(
        lambda each: f'{each[1]}<a class="anchor" href="#{each[3]}" aria-label="{label}">#</a>{each[4]}', html
    )
