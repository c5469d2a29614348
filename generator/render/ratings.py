"""Ratings: those of a series, as its chart and its table show them, and one in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from generator.render.dates import write_number
from generator.site.index_model import Card, Series
from generator.words import choose_formats

if TYPE_CHECKING:
    from generator.render.facade import Site


class RatingRow(Struct, frozen=True):
    """The rating of one part."""

    part: int | None
    doc: Card
    value: float
    maximum: float
    note: str


def rating_rows(site: Site, series: Series) -> tuple[RatingRow, ...]:
    """List the rated parts of a series, in order."""
    cards = ((part.part, site.card(part.key)) for part in series.parts if part.key)
    return tuple(
        RatingRow(part, doc, doc.rating.value, doc.rating.maximum or doc.rating.value, doc.rating_note)
        for part, doc in cards
        if doc.rating is not None
    )


def describe_rating(site: Site, doc: Card) -> str:
    """Write the rating of a document as a sentence in its language; "" if it has none."""
    if doc.rating is None:
        return ""
    words = site.words_of(doc.lang)
    language = choose_formats(doc.lang, site.language, words.language)
    value = write_number(doc.rating.value, language)
    if not doc.rating.maximum:
        return words.gettext("Rating: %(value)s.", value=value)
    maximum = write_number(doc.rating.maximum, language)
    return words.gettext("Rating: %(value)s out of %(maximum)s.", value=value, maximum=maximum)
