"""Facts about a built page, for its editor."""

from __future__ import annotations

from datetime import datetime

import msgspec

from generator.engine.cache import EngineCache
from generator.engine.records import DocumentRecord
from generator.engine.texts import text_id
from generator.errors import Problem
from generator.model import Body
from generator.render.documents import DOCUMENTS

_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode
_args = msgspec.json.Decoder(tuple[str, ...]).decode


class PageFacts(msgspec.Struct, frozen=True):
    """A page's source (site-relative), kind, state, dates, length, and the problems of the page itself.

    `state` is "", or in previews "draft", "scheduled" or "expired". `problems` are those that rendering met: those of
    the source are the build's.
    """

    source: str
    kind: str
    title: str
    state: str
    date: datetime | None
    expires: datetime | None
    words: int
    minutes: int
    problems: tuple[Problem, ...]


def page_facts(path: str, cache: EngineCache) -> PageFacts | None:
    """Look up the page at an output path; None if it is not made from one document."""
    row, known = cache.outputs.rows.get(path), cache.snapshot
    if row is None or known is None or row.kind not in DOCUMENTS.names:
        return None
    source = _args(row.args)[0]
    record, card = cache.records.get(source), known.index.cards.get(source)
    if not isinstance(record, DocumentRecord) or record.meta is None or card is None:
        return None
    body = cache.store.blob(text_id(source), Body)
    return PageFacts(
        source=source,
        kind=row.kind,
        title=card.title,
        state=card.state,
        date=card.date,
        expires=record.meta.expires,
        words=body.words if body else 0,
        minutes=card.minutes,
        problems=_problems(row.problems),
    )
