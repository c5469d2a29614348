"""What all formats of a feed are made from: the feed, and its entries."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from generator.patterns import lazy_pattern
from generator.render.feed_browser import Explanation
from generator.render.feed_pictures import FeedPicture
from generator.site.index_model import Card

# All characters that XML 1.0 §2.2 forbids; the negated form takes 3 ms to compile.
_FORBIDDEN = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Entry(Struct, frozen=True):
    """A document as a feed's entry; `url` and all addresses in `html` are absolute."""

    doc: Card
    url: str
    html: str
    picture: FeedPicture | None
    published: datetime
    updated: datetime
    audio_url: str = ""


class Feed(Struct, frozen=True):
    """A feed without its entries, independent of its format.

    `url` is its own address, `page` that of the page whose posts it lists, `icon` that of a PNG. `updated` is the
    newest change of any entry: never the time of the build.
    """

    title: str
    description: str
    url: str
    page: str
    language: str
    icon: str
    publisher: str
    shown: Explanation | None
    updated: datetime


def clean_text(text: str) -> str:
    """Remove the characters that XML forbids even when escaped: none is printable, and most texts are."""
    return text if text.replace("\n", "").isprintable() else _FORBIDDEN.sub("", text)
