"""Read front matter as people type it: keys in any case, `#tags`, curly quotes. Words that YAML would lose: errors."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from msgspec.structs import replace

from generator.blocks import NAMES
from generator.content.known import KEYS
from generator.errors import ProblemCollector, error, note, warning
from generator.model import Kind
from generator.patterns import lazy_pattern
from generator.text.quoting import quote, strip_curly
from generator.text.short_text import printable
from generator.text.tree import Items, Table, Text, Value, duplicate_problem

_TEXTS = frozenset((
    "title", "summary", "description", "image", "image_alt", "author", "authors", "tags", "series", "rating_note",
    "learning_points", "subject", "preheader", "lead", "sections", "brief", "updates", "action",
    *NAMES, "event",
))  # fmt: skip
"""The keys whose values are texts, no word of which may be lost."""

_NAMES = frozenset(("author", "authors", "tags", "series", "sections", "image"))
"""Those whose values are never shown in quotes."""

_HASH_TAGS = lazy_pattern(r"(?:#[^\s#,;]+[\s,;]*)+")
_SEPARATORS = lazy_pattern(r"[\s,;]+")
_ITEM = "-"

Entries: TypeAlias = dict[str, tuple[Text, Value]]


def fold_keys(front: Table, kind: Kind, known_extra: Collection[str], path: str, problems: ProblemCollector) -> Table:
    """Give each key its usual spelling: `Title` becomes `title`. The same key twice is an error."""
    known = KEYS[kind]
    entries: Entries = {}
    for name, (key, value) in front.entries.items():
        folded = name.strip().lower()
        own = name if name in known or name in known_extra or folded not in known else folded
        first = entries.get(own)
        if first is not None:
            problems.add(duplicate_problem(path, replace(key, text=own), first[0]))
        entries[own] = (key, value)
    return Table(entries, front.line, front.column)


def read_as_typed(front: Table, path: str, problems: ProblemCollector) -> Table:
    """Read values as their author meant them, and report words that YAML treats as a comment."""
    reader = _Reader(path, problems)
    return Table({name: (key, reader.top(name, value)) for name, (key, value) in front.entries.items()}, front.line, 1)


class _Reader:
    def __init__(self, path: str, problems: ProblemCollector) -> None:
        self._path = path
        self._problems = problems

    def top(self, name: str, value: Value) -> Value:
        if name == "tags" and type(value) is Text and value.empty and _HASH_TAGS.fullmatch(value.comment):
            words = _SEPARATORS.split(value.comment)
            tags = tuple(Text(word[1:], value.line, value.column, True) for word in words if word)
            return Items(tags, value.line, value.column)
        return self._value(name, value, is_words=name in _TEXTS, name=name)

    def _value(self, key: str, value: Value, *, is_words: bool, name: str) -> Value:
        if type(value) is Text:
            return value if value.quoted else self._text(key, value, is_words=is_words, name=name)
        if type(value) is Items:
            items = tuple(self._value(_ITEM, item, is_words=is_words, name=name) for item in value.items)
            return Items(items, value.line, value.column)
        assert type(value) is Table
        inner = {
            key: (written, self._value(key, each, is_words=is_words and key.lower() not in _DATES, name=name))
            for key, (written, each) in value.entries.items()
        }
        return Table(inner, value.line, value.column)

    def _text(self, key: str, value: Text, *, is_words: bool, name: str) -> Text:
        if value.comment and (is_words or name == "extra"):
            self._report_comment(key, value, name)
            return replace(value, text=_all_words(value), quoted=True)
        straight = strip_curly(value.text)
        if straight is value.text:
            return value
        if is_words and name not in _NAMES:
            what = f'"{printable(name, 60)}": the curly quotes around the value are not shown.'
            shown = _line(key, f'"{printable(value.text, 60)}"')
            hint = f"To show them, write: {shown}"
            self._problems.add(note(self._path, "curly-quotes", what, hint, line=value.line, column=value.column))
        return replace(value, text=straight, quoted=is_words)

    def _report_comment(self, key: str, value: Text, name: str) -> None:
        make = warning if name == "extra" else error
        lost = printable(value.comment, 60)
        what = f'"{printable(name, 60)}" loses "{lost}": in YAML, a space and # begin a comment.'
        if name == "tags" and not value.empty:
            words = [word.lstrip("#") for word in _SEPARATORS.split(f"{value.text} {value.comment}")]
            line = _line(key, f"[{', '.join(word for word in words if word)}]") if key != _ITEM else _whole(key, value)
        else:
            line = _whole(key, value)
        place = {"line": value.line, "column": value.column}
        self._problems.add(make(self._path, "comment-in-value", what, f"Write: {line}", **place))


_DATES = frozenset(("date", "since", "limit", "url", "id", "login", "start", "end", "value", "before", "goal", "month"))
"""Keys inside other keys whose values are not texts, so a comment may follow them."""


def _whole(key: str, value: Text) -> str:
    return _line(key, quote(strip_curly(_all_words(value))))


def _all_words(value: Text) -> str:
    return f"{'' if value.empty else value.text} {value.comment}".strip()


def _line(key: str, value: str) -> str:
    return f"- {value}" if key == _ITEM else f"{printable(key, 60)}: {value}"
