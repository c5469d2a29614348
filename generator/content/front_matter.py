"""Split a source into its front matter and its Markdown, and read the front matter in any of its three forms.

python-frontmatter's handlers find the form and its end. We read it ourselves, because their loaders report no lines and
no duplicate keys, and convert values to types.
"""

from __future__ import annotations

import re

import msgspec
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from generator.content.dashes import begins_with_a_key, with_hyphens
from generator.content.spaces import CONTROL, plain_spaces
from generator.errors import ContentError
from generator.patterns import lazy_pattern
from generator.text.json_reader import json_end, read_json
from generator.text.quoting import CURLY
from generator.text.toml_reader import read_toml
from generator.text.tree import MAX_KEYS, Table, Value, refuse_mapping, refuse_size
from generator.text.yaml_reader import read_yaml

MAX_FRONT_MATTER_CHARS = 65_536
"""The longest front matter that is read."""
MAX_VALUES = 10_000
"""The most values in it; aliases count as if they were written out."""

_NO_FRONT = 'Write at its start, each on its own line: ---, title: "…", date: 2026-12-31, ---'
_CURLY = lazy_pattern(f"[{''.join(CURLY)}]")
_JSON_START = lazy_pattern(r'\{\s*["}]')
_EMPTY_LINES = lazy_pattern(r"(?:[^\S\n]*\n)+")


class _Toml(BaseHandler):
    """TOML between lines of `+++`: python-frontmatter has it only where the third-party `toml` is installed."""

    FM_BOUNDARY = lazy_pattern(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"


class _Json(JSONHandler):
    """JSON from the first brace to its closing brace, with any line breaks."""

    def detect(self, text: str) -> bool:
        return _JSON_START.match(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        end = json_end(text)
        if end is None:  # not JSON: let the line that closes it, if any, bound what the reader complains about
            closing = re.search(r"^\}[ \t]*$", text, re.MULTILINE)
            end = closing.end() if closing else len(text)
        return text[:end], text[end:]


_YAML, _TOML, _JSON = YAMLHandler(), _Toml(), _Json()


class Front(msgspec.Struct, frozen=True):
    """Front matter as a tree, the Markdown below it, and the line of the file on which the Markdown begins.

    `is_odd` is True if a value may differ from what its author meant (see `as_typed`). `removed` is the place of the
    first removed character, one that YAML does not allow.
    """

    table: Table
    text: str
    body_line: int
    is_odd: bool = False
    removed: tuple[int, int] | None = None


def read_front(path: str, text: str) -> Front:
    """Read a decoded source. Blank lines above the front matter are allowed, and the Markdown may be empty.

    Hyphens and spaces that phones and Word have changed are read as they were typed.
    Raises ContentError if there is no front matter, or it is not closed, too long, not a table, or unreadable.
    """
    try:
        return _read_front(path, text)
    except ContentError:
        typed = with_hyphens(plain_spaces(text))
        if typed == text:
            raise
    front = _read_front(path, typed)
    control = CONTROL.search(text)
    if control is None:
        return front
    line = text.count("\n", 0, control.start()) + 1
    return msgspec.structs.replace(front, removed=(line, control.start() - text.rfind("\n", 0, control.start())))


def _read_front(path: str, text: str) -> Front:
    blank = _EMPTY_LINES.match(text)
    if blank:
        skipped, text = text[: blank.end()].count("\n"), text[blank.end() :]
    else:
        skipped = 0
    handler = next((h for h in (_YAML, _TOML, _JSON) if h.detect(text)), None)
    if handler is None:
        what, hint = "The file has no front matter.", _NO_FRONT
        if begins_with_a_key(text):
            what = "The line of --- above the front matter is missing."
            hint = "Write --- on a line above this one, and on a line below the last key."
        raise refuse_mapping(path, what, hint, skipped + 1, 1, "no-front-matter")
    try:
        front, body = handler.split(text)
    except ValueError:
        mark = handler.END_DELIMITER
        what, hint = "The line that ends the front matter is missing.", f"Write {mark} on a line below its last key."
        raise refuse_mapping(path, what, hint, skipped + 1, 1, "front-matter-unclosed") from None
    if len(front) > MAX_FRONT_MATTER_CHARS:
        what = f"The front matter is longer than {MAX_FRONT_MATTER_CHARS:,} characters."
        raise refuse_mapping(path, what, "Move the text below it.", skipped + 1, 1)
    return _read(path, handler, text, front, body, skipped + 1)


def _read(path: str, handler: BaseHandler, text: str, front: str, body: str, first_line: int) -> Front:
    start = len(text) - len(body)
    lead = len(body) - len(body.lstrip("\n"))
    body_line = text.count("\n", 0, start) + first_line + lead
    is_odd = " #" in front or "\t#" in front or (not front.isascii() and _CURLY.search(front) is not None)
    if handler is _JSON:
        return Front(read_json(path, front, first_line), body[lead:], body_line, is_odd)
    # the boundary's pattern takes the line breaks around it, so the front matter's first line is searched
    front_line = first_line + text.count("\n", 0, text.index(front, 3)) if front else first_line
    if handler is _TOML:
        return Front(read_toml(path, front, front_line), body[lead:], body_line, is_odd)
    tree: Value | None = read_yaml(path, front, front_line, MAX_VALUES)
    if tree is None:
        tree = Table({}, first_line, 1)
    if not isinstance(tree, Table):
        what, hint = "The front matter must have keys with values.", "Write, with a space after the colon: title: Hello"
        raise refuse_mapping(path, what, hint, tree.line, tree.column)
    if len(tree.entries) > MAX_KEYS:
        raise refuse_size(path, len(tree.entries), tree.line)
    return Front(tree, body[lead:], body_line, is_odd)
