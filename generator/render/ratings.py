"""The ratings of a series, as its chart and its table show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from generator.site.index_model import Card, Series

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
