"""Read the YAML that most front matter is made of without a YAML parser: `key: value`, each in a line of its own.

Only what can mean but one thing is read: keys of small letters; values in quotes with nothing to be undone in them,
plain words without any sign of YAML's, lists and tables of these within a line, lists of a line for each. Everything
else, and every mistake, is for `yaml_reader`, which gives the same tree for what is read here in four times the time.
"""

from __future__ import annotations

import re

from generator.content.tree import Items, Table, Text, Value

_KEY = "[a-z][a-z_]{0,60}"
_QUOTED = r'"[^"\\\n]*"|\'[^\'\n]*\''
_WORDS = r"[A-Za-z0-9/][\w./+-]*(?:(?:[ ]+|:(?=[0-9]))[\w./+-]+)*"
_ITEM = f"(?:{_QUOTED}|{_WORDS})"
_NAME = rf'(?:"[^"\\\n]{{0,60}}"|{_KEY})'
_LIST = rf"\[(?:{_ITEM}(?:,[ ]{_ITEM})*)?\]"
_TABLE = rf"\{{{_NAME}:[ ]{_ITEM}(?:,[ ]{_NAME}:[ ]{_ITEM})*\}}"
_LINES = rf"\n([ ]{{0,8}})-[ ]{_ITEM}(?:\n\6-[ ]{_ITEM})*"
_ENTRY = re.compile(f"({_KEY}):(?:[ ](?:({_QUOTED})|({_WORDS})|({_LIST})|({_TABLE}))|{_LINES}|)(?=\n)")
_ITEMS, _PAIRS = re.compile(_ITEM), re.compile(f"({_NAME}):[ ]({_ITEM})")


def read_lines(text: str, first_line: int) -> Table | None:
    """Read front matter of simple lines; None where there is any other. `first_line` is where `text` begins."""
    if not text.replace("\n", "").isprintable():
        return None
    entries: dict[str, tuple[Text, Value]] = {}
    end = len(text) - len(text.lstrip("\n"))
    line = first = first_line + end
    while match := _ENTRY.match(text, end):
        key, quoted, words, items, pairs, indent = match.groups()
        column = len(key) + 3
        value: Value | None
        if quoted:
            value = Text(quoted[1:-1], line, column, True)
        elif words:
            value = Text(words, line, column)
        elif items:
            value = Items(tuple([_text(m[0], line, column + m.start()) for m in _ITEMS.finditer(items)]), line, column)
        elif pairs:
            value = _table(pairs, line, column)
        elif indent is None:
            value = Text("", line, column - 1)
        else:
            value = _list(match[0], line + 1, len(indent) + 1)
        if key in entries or value is None:  # a key that stands twice is a mistake
            return None
        entries[key] = (Text(key, line, 1), value)
        line, end = line + 1 + match[0].count("\n"), match.end() + 1
    return Table(entries, first, 1) if entries and end == len(text) else None


def _list(lines: str, line: int, column: int) -> Items:
    items = lines.split("\n")[1:]
    return Items(tuple([_text(item[column + 1 :], n, column + 2) for n, item in enumerate(items, line)]), line, column)


def _table(pairs: str, line: int, column: int) -> Table | None:
    entries: dict[str, tuple[Text, Value]] = {}
    for match in _PAIRS.finditer(pairs):
        key = _text(match[1], line, column + match.start())
        if key.text in entries:
            return None
        entries[key.text] = (key, _text(match[2], line, column + match.start(2)))
    return Table(entries, line, column)


def _text(item: str, line: int, column: int) -> Text:
    return Text(item[1:-1], line, column, True) if item[0] in "\"'" else Text(item, line, column)
