"""Ghost's export, read row by row: a large one is never in memory as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.importers.exports.writer import missing_libraries

Row = Mapping[str, Any]

_TABLE = re.compile(r"(?:db\.item\.)?data\.(\w+)")
_ROW = re.compile(r"(?:db\.item\.)?data\.(\w+)\.item")
_WHEN = ("meta.exported_on", "db.item.meta.exported_on")
_BOM = b"\xef\xbb\xbf"
_MAX_PLACED = 20_000_000
"""Size up to which a damaged file is read as a whole to find the line of the damage, in bytes."""


class ExportFile:
    """One file. After the rows of a pass: which `tables` there were, when it was `exported`, and what is `wrong`.

    `wrong` is a sentence, with its line, if the file is damaged; the rows before the damage were given.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables: set[str] = set()
        self.exported: object = None
        self.wrong = ""
        self.line = 1

    def rows(self, wanted: Collection[str]) -> Iterator[tuple[str, Row]]:
        """Give the rows of the wanted tables, each with the table's name, in the order of the file.

        Raises: ConfigError if the library is missing, OSError.
        """
        try:
            import ijson
        except ImportError as fault:
            raise missing_libraries() from fault
        with self.path.open("rb") as stream:
            if stream.read(len(_BOM)) != _BOM:
                stream.seek(0)
            events = ijson.parse(stream, use_float=True)
            try:
                yield from self._build(events, wanted, ijson.ObjectBuilder)
            except (ijson.JSONError, ValueError, RecursionError, OverflowError):
                self.wrong, self.line = _find_damage(self.path)

    def _build(self, events: Any, wanted: Collection[str], builder: Any) -> Iterator[tuple[str, Row]]:
        made, start, table = None, "", ""
        for prefix, event, value in events:
            if made is not None:
                made.event(event, value)
                if event == "end_map" and prefix == start:
                    yield table, made.value
                    made = None
            elif event == "start_map" and (found := _ROW.fullmatch(prefix)) and found[1] in wanted:
                made, start, table = builder(), prefix, found[1]
                made.event(event, value)
            elif event == "start_array" and (found := _TABLE.fullmatch(prefix)):
                self.tables.add(found[1])
            elif prefix in _WHEN and self.exported is None:
                self.exported = value


def _find_damage(path: Path) -> tuple[str, int]:
    """Say where a file stops being JSON: a sentence and the line."""
    if path.stat().st_size > _MAX_PLACED:
        return "This is not JSON, or it is cut off.", 1
    try:
        json.loads(path.read_bytes())
    except json.JSONDecodeError as fault:
        return f"This is not JSON, or it is cut off at line {fault.lineno}, column {fault.colno}.", fault.lineno
    except (UnicodeDecodeError, RecursionError):
        pass
    return "This is not JSON.", 1
