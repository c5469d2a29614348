"""Find when the next rebuild matters: the next moment at which time alone changes what is public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.clock import Clock
from generator.config import load_config
from generator.content.document import parse_source
from generator.content.read import read_source
from generator.content.site_files import scan_content
from generator.engine.records import KINDS
from generator.errors import ContentError
from generator.model import Meta

Event = Literal["published", "expires"]


class Due(Struct, frozen=True, order=True):
    """A source that is published or expires, and when (an aware time)."""

    moment: datetime
    path: str
    event: Event


def next_due(root: Path, at: datetime | None = None) -> Due | None:
    """Find the first moment after `at` (now; naive in the site's zone) that changes the site; None if none is known.

    Reads the front matter of every source: about 0.1 ms each. Ignores unreadable sources; a build reports them.

    Raises: ConfigError.
    """
    config, _ = load_config(root)
    now = at or Clock.system().now
    now = now if now.tzinfo else now.replace(tzinfo=config.zone)
    moments = (due for path, meta in _metas(root, config.zone) for due in _moments(path, meta) if due.moment > now)
    return min(moments, default=None)


def _metas(root: Path, zone: ZoneInfo) -> Iterator[tuple[str, Meta]]:
    for found in scan_content(root).found:
        kind = KINDS.get(found.role)
        if kind is None:
            continue
        try:
            data = read_source(root / found.real, found.path)
        except ContentError:
            continue
        meta = parse_source(found.path, data, kind=kind, zone=zone).meta
        if meta is not None and not meta.draft:
            yield found.path, meta


def _moments(path: str, meta: Meta) -> Iterator[Due]:
    if meta.date is not None and meta.expires is not None and meta.expires <= meta.date:
        return  # never public
    if meta.date is not None:
        yield Due(meta.date, path, "published")
    if meta.expires is not None:
        yield Due(meta.expires, path, "expires")
