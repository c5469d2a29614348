"""Read the front matter of all sources without a build, for commands that need nothing else.

What the last build has read, and has not changed since, comes from its state: then YAML is neither imported nor read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from generator.config import Config
from generator.content.site_files import ContentFile, scan_content
from generator.engine.records import KINDS
from generator.engine.tools.known_front_matter import fetch_known
from generator.errors import ContentError, Problem
from generator.model import Kind, Meta


def read_metas(
    root: Path, config: Config, kinds: Collection[Kind] = tuple(Kind), *, drafts: bool = False
) -> Iterator[tuple[str, Meta | None, tuple[Problem, ...]]]:
    """List the path and front matter of every source of some kinds. Drafts only with `drafts`.

    The front matter of a source with an error is None. Its problems are listed with it.
    """
    found = [item for item in scan_content(root).found if KINDS.get(item.role) in kinds]
    known = fetch_known(root, config, found)
    for item in found:
        record = known.get(item.path)
        meta, problems = (record.meta, record.problems) if record is not None else _read(root, config, item)
        if meta is None or drafts or not meta.draft:
            yield item.path, meta, problems


def _read(root: Path, config: Config, item: ContentFile) -> tuple[Meta | None, tuple[Problem, ...]]:
    """Read a source that the last build does not know as it is now: about 0.1 ms."""
    from generator.content.document import parse_source
    from generator.content.read import read_source

    try:
        data = read_source(root / item.real, item.path)
    except ContentError as fault:
        return None, tuple(fault.problems)
    parsed = parse_source(item.path, data, kind=KINDS[item.role], zone=config.zone)
    return parsed.meta, parsed.problems
