"""Turn the bytes of one source into its validated front matter and its Markdown: pure, and fit for a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from generator.content.as_typed import fold_keys, read_as_typed
from generator.content.front_matter import read_front
from generator.content.known import KEYS
from generator.content.meta import read_meta
from generator.content.read import control_removed, decode_source
from generator.errors import ContentError, Problem, ProblemCollector
from generator.model import Kind, Meta

_NONE: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})


class ParsedSource(Struct, frozen=True):
    """One source as read: `meta` is None beside at least one error. `text` is its Markdown, from `body_line` on.

    `problems` are in the order of their places; the body's lines are counted in the whole file, from 1.
    """

    path: str
    kind: Kind
    meta: Meta | None
    text: str
    body_line: int
    problems: tuple[Problem, ...]


def parse_source(
    path: str, data: bytes, *, kind: Kind, zone: tzinfo, known_extra: Mapping[str, Callable[[Any], Any]] = _NONE
) -> ParsedSource:
    """Parse one source. Never raises for what a user wrote, and takes about 0.1 ms.

    `path` is site-relative: the default id and slug come from it. `zone` is the site's time zone; `known_extra`
    maps the front matter keys that extensions add to what checks their values.
    """
    problems = ProblemCollector()
    try:
        front = read_front(path, decode_source(path, data, problems))
    except ContentError as refusal:
        return ParsedSource(path, kind, None, "", 1, refusal.problems)
    if front.removed:
        problems.add(control_removed(path, *front.removed))
    table = front.table
    if not KEYS[kind].issuperset(table.entries):
        table = fold_keys(table, kind, known_extra, path, problems)
    if front.is_odd:
        table = read_as_typed(table, path, problems)
    meta = read_meta(table, problems, path=path, kind=kind, zone=zone, known_extra=known_extra)
    return ParsedSource(path, kind, meta, front.text, front.body_line, problems.in_order())
