"""Social cards: a picture with its title for each post without a lead picture. Decided here, drawn by `images`."""

from __future__ import annotations

from msgspec import Struct

from generator.digest import digest_bytes
from generator.model import Kind
from generator.site.addresses import output_path
from generator.site.index_model import Card

NAME = "social-card"
_DRAWING = ".svg"  # no network shows one


class SocialCard(Struct, frozen=True):
    """The card of a post: its output path and its words. `authors` is "" if the post names none."""

    path: str
    masthead: str
    title: str
    authors: str


def previews_show(image: str) -> bool:
    """Return True if link previews can show a lead picture; "" is none."""
    return bool(image) and not image.lower().endswith(_DRAWING)


def find_social_card(doc: Card, address: str, masthead: str, look: str) -> SocialCard | None:
    """Choose the card of a document at an address; None for all but posts without a lead picture for previews.

    `look` is the digest of fonts and colours. The path changes with all that the card shows, so that networks, which
    keep pictures by their address, fetch it again.
    """
    if doc.kind is not Kind.POST or previews_show(doc.image):
        return None
    authors = ", ".join(author.name for author in doc.authors)
    page = output_path(address)
    stem = page.removesuffix("index.html") if page.endswith("/index.html") else page.removesuffix(".html") + "."
    shown = digest_bytes("\0".join((look, masthead, doc.title, authors)).encode("utf-8", "replace"))
    return SocialCard(f"{stem}{NAME}.{shown[:8]}.png", masthead, doc.title, authors)
