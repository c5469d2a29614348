"""The front matter of sources that the last build has read, and that have not changed since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.config import Config
from generator.content.site_files import ContentFile
from generator.engine.fingerprint import generator_fingerprint
from generator.engine.folders import STATE
from generator.engine.records import DocumentRecord, Record
from generator.engine.settings import SETTINGS_FACT, digest_config, name_settings
from generator.errors import OutputError
from generator.store.rows import BrokenStateError
from generator.store.state import FILE, Store


def fetch_known(root: Path, config: Config, found: Iterable[ContentFile]) -> Mapping[str, DocumentRecord]:
    """Fetch what the last build of the public site stored of those documents that it would not read again.

    Takes no lock and waits for no build: what one has committed is read. Returns {} if nothing was built, or with other
    settings or another version of the program, if extensions may change front matter, or if the state is damaged.
    """
    state = root / STATE
    if config.extensions.use or not (state / FILE).is_file():
        return {}
    name = name_settings(generator_fingerprint(state), digest_config(config), "")
    try:
        with Store.of_running_build(state) as store:
            return dict(_fetch(store, name, found))
    except (sqlite3.Error, BrokenStateError, OutputError):
        return {}


def _fetch(store: Store, name: str, found: Iterable[ContentFile]) -> Iterable[tuple[str, DocumentRecord]]:
    kept: tuple[str, dict[str, str]] | None = store.fact(SETTINGS_FACT, tuple[str, dict[str, str]])
    if kept is None or kept[0] != name:
        return
    rows = store.sources()
    for item in found:
        row = rows.get(item.path)
        if row is None or row.stamp != item.stamp or row.settings_digest != kept[1].get(item.role):
            continue
        record = store.record_of(item.path, Record)
        if isinstance(record, DocumentRecord) and record.meta is not None:
            yield item.path, record
