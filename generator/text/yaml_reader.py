"""Read YAML into the tree of `tree.py` from the parser's events, with limits against hostile files.

Why events and not objects: each value keeps its text and place, no tag runs code, and the depth is known before the
parser goes deeper. (Composing nodes takes twice as long. 200,000 open brackets take libyaml two minutes, unless we stop
at the 33rd.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from msgspec import Struct, field

from generator.errors import ContentError, Problem
from generator.patterns import lazy_pattern
from generator.text.tree import (
    MAX_DEPTH,
    DuplicateKeyError,
    Items,
    Table,
    Text,
    Value,
    duplicate_problem,
    refuse_depth,
    refuse_mapping,
)
from generator.text.yaml_errors import explain_yaml_error

_CORE = "tag:yaml.org,2002:"
_CORE_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp"))
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML's wheels contain the C parser
_BARE = (None, "")  # the style of a scalar without quotes: "" from the C parser, None from the Python one
_COMMENT = lazy_pattern(r"[ \t]+(#.*)")
_TRAILING_TAB = ("\t\n", "\t ")


class _Open(Struct):
    """A list or table that has not ended yet: `key` is the key that waits for its value."""

    line: int
    column: int
    anchor: str | None
    items: list[Value] | None
    entries: dict[str, tuple[Text, Value]] = field(default_factory=dict)
    key: Text | None = None
    size: int = 1


def read_yaml(path: str, text: str, first_line: int, max_values: int) -> Value | None:
    """Read one YAML document; None when it is empty. `first_line` is where `text` begins in its file.

    Aliases are followed, and count as if written out. Raises DuplicateKeyError for duplicate keys (all of them),
    ContentError if it is not YAML, for tags beyond the core ones, second documents, directives, keys that are not
    text, and for more than `max_values` values or `MAX_DEPTH` levels.
    """
    try:
        return _Builder(path, first_line, max_values).build(text)
    except yaml.YAMLError as problem:
        if any(tab in text for tab in _TRAILING_TAB):
            # libyaml refuses some tabs at the end of a line, which people cannot see
            stripped = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
            if stripped != text:
                return read_yaml(path, stripped, first_line, max_values)
        raise explain_yaml_error(path, text, first_line, problem) from None


class _Builder:
    """Build the tree of one document from its events, without recursion."""

    def __init__(self, path: str, first_line: int, max_values: int) -> None:
        self._path = path
        self._first_line = first_line
        self._left = max_values
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._root: Value | None = None
        self._documents = 0
        self._problems: list[Problem] = []
        self._first_lines: dict[int, int] = {}
        self._lines: list[str] = []

    def build(self, text: str) -> Value | None:
        if text.startswith("%TAG") or "\n%TAG" in text:
            line = text[: text.index("%TAG")].count("\n") + self._first_line
            raise refuse_mapping(self._path, "A %TAG line cannot be used here.", "Delete the line.", line, 1)
        if "#" in text and _COMMENT.search(text):
            self._lines = text.split("\n")
        take = self._handlers().get
        next_event = _Loader(text).get_event
        while (event := next_event()) is not None:
            if handler := take(type(event)):
                handler(event)
        if self._problems:
            raise DuplicateKeyError(self._problems, self._first_lines)
        return self._root

    def _handlers(self) -> dict[type, Callable[[Any], None]]:
        return {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            what = "The front matter ends here, but more follows."
            raise self._refused(event, what, "Delete this line. If it is a value, put it in quotes.")

    def _scalar(self, event: Any) -> None:
        mark, style = event.start_mark, event.style
        quoted = style not in _BARE
        if event.tag is not None:
            self._check_tag(event)
            quoted = quoted or event.tag == _CORE + "str"
        comment = self._comment(event.end_mark) if self._lines and not quoted else ""
        text = Text(event.value, mark.line + self._first_line, mark.column + 1, quoted, comment)
        self._add(text, 1, event.anchor)

    def _comment(self, end: Any) -> str:
        """Return the comment that follows a value on its line, "" if there is none."""
        line = self._lines[end.line] if end.line < len(self._lines) else ""
        match = _COMMENT.match(line, end.column)
        return match[1].rstrip() if match else ""

    def _begin(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line + self._first_line, mark.column + 1
        if len(self._open) >= MAX_DEPTH:
            raise refuse_depth(self._path, line, column)
        self._check_tag(event)
        if self._open and self._open[-1].items is None and self._open[-1].key is None:
            raise self._refused(event, "A key must be plain text.", "Put it in quotes.")
        self._open.append(_Open(line, column, event.anchor, [] if type(event) is yaml.SequenceStartEvent else None))

    def _end(self, _: Any) -> None:
        done = self._open.pop()
        value: Value
        if done.items is not None:
            value = Items(tuple(done.items), done.line, done.column)
        else:
            value = Table(done.entries, done.line, done.column)
        self._add(value, done.size, done.anchor)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor)
        if known is None:
            what = f'"*{event.anchor}" is a reference to something that is not defined above.'
            raise self._refused(event, what, "If it is text, put it in quotes.")
        self._left -= known[1]
        self._add(*known, None)

    def _add(self, value: Value, size: int, anchor: str | None) -> None:
        """Add a finished value to its list or table; its size includes what aliases repeat."""
        self._left -= 1
        if self._left < 0:
            what = "There are too many values here."
            raise refuse_mapping(self._path, what, "Shorten the front matter.", value.line, value.column)
        if anchor:
            self._anchors[anchor] = (value, size)
        if not self._open:
            self._root = value
            return
        parent = self._open[-1]
        parent.size += size
        if parent.items is not None:
            parent.items.append(value)
        elif parent.key is None:
            self._key(parent, value)
        else:
            self._entry(parent, parent.key, value)

    def _key(self, parent: _Open, key: Value) -> None:
        if not isinstance(key, Text):
            raise refuse_mapping(self._path, "A key must be plain text.", "Put it in quotes.", key.line, key.column)
        if key.text == "<<" and not key.quoted:
            what, hint = "Merging with << is not supported.", "Write the values in full."
            raise refuse_mapping(self._path, what, hint, key.line, key.column)
        parent.key = key

    def _entry(self, parent: _Open, key: Text, value: Value) -> None:
        parent.key = None
        first = parent.entries.get(key.text)
        if first is not None:
            self._problems.append(duplicate_problem(self._path, key, first[0]))
            self._first_lines[key.line] = first[0].line
        else:
            parent.entries[key.text] = (key, value)

    def _check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and tag not in _CORE_TAGS and tag != "!":
            hint = "Delete it. If it is text, put it in quotes."
            raise self._refused(event, f'The tag "{tag}" is not allowed.', hint)

    def _refused(self, event: Any, what: str, hint: str) -> ContentError:
        mark = event.start_mark
        return refuse_mapping(self._path, what, hint, mark.line + self._first_line, mark.column + 1)
