"""The keys of a source's front matter. Each mapping step takes the keys it knows; the rest goes below `extra`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.importers.import_model import Note, Topic
from generator.importers.plain_words import clean_line, strip_markup
from generator.text.tree import Items, Table, Text, Value
from generator.text.written_rules import FALSE, TRUE, plain_value


class FrontMatterKeys:
    """The keys of one source, in any spelling: `translationKey`, `Translation-Key` and `translationkey` are one."""

    def __init__(self, table: Table, path: str) -> None:
        self.path = path
        self.notes: list[Note] = []
        self._left: dict[str, tuple[Text, Value]] = {}
        self._more: dict[str, tuple[Text, Value]] = {}
        for key, (name, value) in table.entries.items():
            folded = _folded(key)
            (self._more if folded in self._left else self._left)[key if folded in self._left else folded] = (
                name,
                value,
            )

    def take(self, *names: str) -> Iterator[tuple[str, Value]]:
        """Remove keys and return their values, in the order given, without empty ones."""
        for name in names:
            entry = self._left.pop(name, None)
            if entry is not None and not _empty(entry[1]):
                yield entry[0].text, entry[1]

    def take_one(self, *names: str) -> Value | None:
        """Remove the first of several keys that has a value, and return it; the others stay."""
        for name in names:
            for _, value in self.take(name):
                return value
        return None

    def look(self, name: str) -> Value | None:
        """Return a value without removing it."""
        entry = self._left.get(name)
        return None if entry is None or _empty(entry[1]) else entry[1]

    def put_back(self, name: str, value: Value) -> None:
        """Put a removed value back, for `extra`."""
        self._left[_folded(name)] = (Text(name, value.line, value.column), value)

    def note(self, topic: Topic, words: str, value: Value | None = None) -> None:
        """Add a line to the report."""
        self.notes.append(Note(topic, words, self.path, value.line if value is not None else 0))

    def extra(self) -> dict[str, Any]:
        """Return the remaining values as themes will see them: `extra` and `params` flattened, without empty values."""
        found: dict[str, Any] = {}
        inner = [plain_value(value) for _, value in self.take("extra", "params") if isinstance(value, Table)]
        for name, value in (*self._left.values(), *self._more.values()):
            if not _empty(value):
                found[clean_line(name.text) or "key"] = plain_value(value)
        for table in inner:
            for key, value in table.items():
                found.setdefault(key, value)
        return {key: value for key, value in found.items() if value not in (None, "", [], {})}

    def texts(self) -> dict[str, str]:
        """Return the plain texts of all keys, for template tags that show them."""
        return {folded: value.text for folded, (_, value) in self._left.items() if isinstance(value, Text)}


def words(value: Value | None) -> str:
    """Return a value as plain text on one line, without HTML entities and tags or Markdown marks."""
    if not isinstance(value, Text):
        return ""
    return strip_markup(value.text)


def texts(value: Value | None) -> list[str]:
    """Return a text, or the texts of a list, as written, each on one line; empty for other values."""
    if isinstance(value, Text):
        return [text] if (text := clean_line(value.text)) else []
    if isinstance(value, Items):
        return [
            text
            for item in value.items
            if isinstance(item, Text) and not item.empty and (text := clean_line(item.text))
        ]
    return []


def truth(value: Value | None) -> bool | None:
    """Parse yes or no in any spelling; None for anything else."""
    word = value.text.strip().lower() if isinstance(value, Text) else ""
    if word in TRUE or word == "1":
        return True
    return False if word in FALSE or word == "0" else None


def _folded(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def _empty(value: Value) -> bool:
    if isinstance(value, Text):
        return value.empty or not value.text.strip()
    return not (value.entries if isinstance(value, Table) else isinstance(value, Items) and value.items)
