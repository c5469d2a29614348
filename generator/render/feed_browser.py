"""A feed that explains itself to people who open it in a browser: a style sheet, and a few words with a link.

The words are XHTML within the feed; feed readers pass over elements of a namespace that is not theirs.
Source: RSS 2.0, "Extending RSS"; RFC 4287 section 6.4; W3C Associating Style Sheets with XML.
"""

from __future__ import annotations

import re
from html import escape

from msgspec import Struct

from generator.render.facade import Site
from generator.site.listings import FOLLOW

SHEET = "feed.css"
_OPENING = re.compile(rb"<channel>|<feed\b[^>]*>")


class Explanation(Struct, frozen=True):
    """What a browser shows before the entries. `sheet` and `url` are absolute."""

    sheet: str
    words: str
    link: str
    url: str


def explain_feed(site: Site) -> Explanation | None:
    """Word the explanation; None if the theme has no style sheet for feeds."""
    if not site.find_asset(SHEET):
        return None
    words = site.words
    return Explanation(
        site.absolute(site.asset(SHEET)),
        words.gettext(
            "This is a web feed. To get new posts, copy its address from the address bar into a feed reader."
        ),
        words.gettext("How to follow"),
        site.absolute(site.place(FOLLOW)),
    )


def show_in_browsers(xml: bytes, shown: Explanation | None) -> bytes:
    """Add the style sheet and the words to a feed that is otherwise complete."""
    if shown is None:
        return xml
    words = (
        f'<html:p xmlns:html="http://www.w3.org/1999/xhtml">{escape(shown.words, quote=False)} '
        f'<html:a href="{escape(shown.url)}">{escape(shown.link, quote=False)}</html:a></html:p>'
    ).encode()
    declaration, _, rest = xml.partition(b"?>")
    sheet = f'\n<?xml-stylesheet type="text/css" href="{escape(shown.sheet)}"?>'.encode()
    return declaration + b"?>" + sheet + _OPENING.sub(lambda opening: opening[0] + words, rest, count=1)
