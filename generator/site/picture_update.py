"""Update an index after pictures were replaced by others of the same kind: no address moves, only sizes differ."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from generator.site.index import BuiltIndex, Indexed
from generator.site.index_model import Card, PictureSize


def replace_pictures(built: BuiltIndex, sizes: Mapping[str, PictureSize]) -> BuiltIndex:
    """Return an index with other sizes of some of its pictures, by path; each is of the same kind as before."""
    pictures = {**built.sources.pictures, **sizes}
    sources, later = replace(built.sources, pictures=pictures), built.later and _update(built.later, pictures, sizes)
    return replace(built, sources=sources, public=_update(built.public, pictures, sizes), later=later)


def _update(indexed: Indexed, pictures: Mapping[str, PictureSize], sizes: Mapping[str, PictureSize]) -> Indexed:
    index = indexed.index
    by_url = {index.urls[path]: size for path, size in sizes.items() if path in index.urls}
    resized = {key: _resize(card, by_url[card.image]) for key, card in index.cards.items() if card.image in by_url}
    contexts = {tag: replace(context, pictures=pictures) for tag, context in indexed.contexts.items()}
    cards = {**index.cards, **resized} if resized else index.cards
    return replace(indexed, index=replace(index, pictures=pictures, cards=cards), contexts=contexts)


def _resize(card: Card, size: PictureSize) -> Card:
    """Return a card with another size of its lead picture: the same card if the size is the same."""
    if (card.image_width, card.image_height) == (size.width, size.height):
        return card
    return replace(card, image_width=size.width, image_height=size.height)
