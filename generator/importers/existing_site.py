"""Read which ids, addresses and file names a site already uses."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from generator.config import Config
from generator.content.document import parse_source
from generator.content.read import read_source
from generator.content.site_files import Role, scan_content
from generator.errors import ContentError
from generator.importers.file_names import fold
from generator.model import Document, Kind, Meta
from generator.site.addresses import as_address, document_address, file_key

_KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE, Role.ISSUE: Kind.ISSUE}


@dataclass(frozen=True, slots=True)
class ExistingSite:
    """A site before the import: id → path, id → title, folded address → id, folded paths of all files, posts' paths."""

    ids: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    posts: tuple[str, ...] = ()


def read_existing(root: Path, config: Config) -> ExistingSite:
    """Read the front matter of all sources of the site; an unreadable source has no id, but its path is taken."""
    found = ExistingSite()
    paths = set()
    posts = []
    for item in scan_content(root).found:
        paths.add(fold(item.path))
        kind = _KINDS.get(item.role)
        if kind is None:
            continue
        posts += [item.path] if kind is Kind.POST else []
        try:
            data = read_source(root / item.real, item.path)
        except ContentError:
            continue
        meta = parse_source(item.path, data, kind=kind, zone=config.zone).meta
        if meta is not None:
            found.ids.setdefault(meta.id, item.path)
            found.titles.setdefault(meta.id, meta.title)
            found.addresses.setdefault(file_key(_address(item.path, meta, config)), meta.id)
    return ExistingSite(found.ids, found.titles, found.addresses, frozenset(paths), tuple(posts))


def new_address(config: Config, kind: Kind, path: str, slug: str, day: datetime.date | None) -> str:
    """Return the address that a source will have."""
    date = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) if day else None
    return _address(path, Meta(kind=kind, title="", slug=slug, id="", date=date), config)


def _address(path: str, meta: Meta, config: Config) -> str:
    return as_address(document_address(Document(path=path, meta=meta, lead="", minutes=0), config.permalinks))
