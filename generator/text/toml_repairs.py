"""Repair the value of one TOML line: find the mistake, its place, and the corrected value.

Every repair is checked with the TOML reader before it is offered: a hint never shows a line that fails again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

from msgspec import Struct

from generator.patterns import lazy_pattern

_STRAIGHT = str.maketrans(
    {
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2033": '"',
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u2032": "'",
    }
)
_CURLY = lazy_pattern(f"[{''.join(map(chr, _STRAIGHT))}]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_TRUTH = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_NOTHING = frozenset(("null", "none", "nil", "undefined", "~"))
_COMMENT = lazy_pattern(r"(?<!\s)\s++#[^\"']*+$")
_ONE_STRING = lazy_pattern(r'"([^"]*)"$')
_ANOTHER = lazy_pattern(r"""(?<![\s,;])[\s,;]++((?:[\w-]++|"[^"]*+")\s*+=\s*+\S.*)$""")
_NOTE = lazy_pattern(r"(?<!\s)\s++(//|;|--)\s*+(.*)$")
_ITEM = lazy_pattern(r"""\s*+("(?:[^"\\]|\\.)*+"|'[^']*+'|[^,\[\]"']+)\s*,?""")
_DATE = lazy_pattern(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


class Repair(Struct, frozen=True):
    """The mistake, its offset in the value in characters, and the corrected value ("" if unknown)."""

    at: int
    message: str
    value: str = ""
    hint: str = ""


def parses(line: str) -> bool:
    """Return True if the text is TOML by itself."""
    try:
        tomllib.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def quote(text: str) -> str:
    """Put a text in quotes as a person would: double ones, or single ones around double ones and backslashes."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def repair_value(key: str, written: str) -> Repair | None:
    """Find what is wrong with the value of a key; None if it is a value."""
    if not written or written.startswith("#"):
        return Repair(0, f'"{key}" has no value.', "", f'Write: {key} = "…", or delete the line.')
    if parses(f"x = {written}"):
        return None
    comment = _COMMENT.search(written)
    value, rest = (written[: comment.start()], comment[0]) if comment else (written, "")
    for find in _FINDERS:
        repair = find(key, value)
        if repair is not None:
            good = repair.value and parses(f"x = {repair.value}{rest}")
            return Repair(repair.at, repair.message, f"{repair.value}{rest}" if good else "", repair.hint)
    return Repair(0, f'The text of "{key}" must be in quotation marks.', quote(value.strip()) + rest)


def _nothing(key: str, value: str) -> Repair | None:
    if value.lower() in _NOTHING:
        return Repair(0, f'"{value}" is not a value.', "", f'Delete the line, or write: {key} = ""')
    return None


def _truth(key: str, value: str) -> Repair | None:
    word = _TRUTH.get(value.translate(_STRAIGHT).strip("\"'").lower())
    return Repair(0, f'"{key}" must be true or false, in small letters, not "{value}".', word) if word else None


def _curly(key: str, value: str) -> Repair | None:
    found = _CURLY.search(value)
    if found is None or value[0] in "\"'" or (value[0] not in "[{" and found.start()):
        return None
    inner = value.rstrip(",;")[1:]
    inner = inner[:-1] if _CURLY.match(inner[-1:]) else inner
    straight = value.translate(_STRAIGHT) if value[0] in "[{" else quote(inner)
    return Repair(found.start(), f'The quotation marks of "{key}" are curly. They must be straight.', straight)


def _ending(_key: str, value: str) -> Repair | None:
    shorter = value.rstrip(",; \t")
    if shorter != value and parses(f"x = {shorter}"):
        mark = "comma" if value[len(shorter) :].lstrip().startswith(",") else "semicolon"
        return Repair(len(shorter), f"A line does not end with a {mark}.", shorter)
    return None


def _another(key: str, value: str) -> Repair | None:
    note = _NOTE.search(value)
    if note and parses(f"x = {value[: note.start()]}"):
        message = f'A note begins with #, not with "{note[1]}".'
        return Repair(note.start(1), message, f"{value[: note.start()]} # {note[2]}")
    found = _ANOTHER.search(value)
    if found and parses(f"x = {value[: found.start()]}"):
        hint = f"Write each on its own line, first: {key} = {value[: found.start()]}"
        return Repair(found.start(1), "There are two settings on this line.", "", hint)
    return None


def _backslash(_key: str, value: str) -> Repair | None:
    found = _ONE_STRING.match(value)
    if found and "\\" in found[1]:
        message = "A backslash (\\) means something else in double quotes."
        return Repair(value.index("\\"), message, quote(found[1]))
    return None


def _quotes(key: str, value: str) -> Repair | None:
    mark, text = value[0], value[1:]
    if mark not in "\"'":
        if value[-1] in "\"'" and value.count(value[-1]) == 1:
            return Repair(0, f'The text of "{key}" has no opening quotation mark.', quote(value[:-1]))
        return None
    if value.startswith(mark * 3):
        if value.count(mark * 3) == 1:
            hint = f"Write {mark * 3} again where the text ends."
            return Repair(0, f'The text of "{key}" never ends.', "", hint)
        return None
    if len(text) > 1 and text.endswith(mark):
        return Repair(0, f'The text of "{key}" has quotation marks inside.', quote(text[:-1]))
    other = text[-1:]
    if other and (other in "\"'" or _CURLY.match(other)):
        return Repair(0, f'The text of "{key}" begins and ends with different quotation marks.', quote(text[:-1]))
    if mark in text:
        hint = "Write # before a note, or move the text inside the quotation marks."
        return Repair(1 + text.index(mark) + 1, f'There is more text after the value of "{key}".', "", hint)
    return Repair(0, f'The text of "{key}" has no closing quotation mark.', quote(text.rstrip()))


def _list(key: str, value: str) -> Repair | None:
    if value[0] == "{":
        closed = re.sub(r",\s*\}$", " }", value if value.endswith("}") else f"{value} }}")
        message = f'The braces of "{key}" ' + ("have a comma too many." if value.endswith("}") else "are never closed.")
        return Repair(0, message, closed)
    if value[0] != "[":
        return None
    inner = value[1:].rstrip("]").strip()
    items = [_item(found[1].strip()) for found in _ITEM.finditer(inner) if found[1].strip()]
    if not value.endswith("]"):
        message = f'The list of "{key}" has no closing bracket.'
    elif re.search(r"""["'][ \t]+["']""", value):
        message = f'The list of "{key}" lacks a comma between two items.'
    else:
        message = f'The list of "{key}" needs each text in quotation marks, with commas between.'
    return Repair(0, message, f"[{', '.join(items)}]")


def _item(written: str) -> str:
    return written if parses(f"x = {written}") else quote(written)


def _number(key: str, value: str) -> Repair | None:
    straight = value.translate(_DASHES)
    if straight != value and parses(f"x = {straight}"):
        return Repair(0, f'"{value[0]}" is a typographic dash, not a minus sign.', straight)
    digits = straight.replace(",", "").replace("\u00a0", "").lstrip("0") or "0"
    if digits.isascii() and digits.isdigit() and not straight.startswith('"'):
        return Repair(0, f'"{value}" is not written as a number: digits only, no zero in front.', digits)
    return None


def _date(key: str, value: str) -> Repair | None:
    if _DATE.match(value):
        return Repair(0, f'"{value}" is not a date.', "", f"Write a day that exists: {key} = 2026-12-31")
    return None


_FINDERS: tuple[Callable[[str, str], Repair | None], ...] = (
    _nothing,
    _truth,
    _curly,
    _ending,
    _another,
    _backslash,
    _quotes,
    _list,
    _number,
    _date,
)
