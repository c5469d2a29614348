"""Explain in plain English what is wrong with a TOML text, where, and how to write it.

tomllib stops at the first character that it cannot use and describes it in its own words. This module reads the line
again as its author meant it. Cost: linear in the text, once, and only if the text cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from msgspec import Struct

from generator.patterns import lazy_pattern
from generator.text.toml_repairs import Repair, parses, quote, repair_value

_AT = lazy_pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TOKEN = lazy_pattern(
    r'#[^\n]*+|"""(?:[^\\"]|\\.|"(?!""))*+"""|\'\'\'(?:[^\']|\'(?!\'\'))*+\'\'\''
    r'|(?!"""|\'\'\')(?:"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\')|(?P<open>"""|\'\'\'|["\'])|(?P<bracket>[\[\]{}])',
    re.DOTALL,
)
# These match a run of blanks whole or not at all, because backtracking makes hostile lines slow.
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_KEY = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+"
_KEYED = lazy_pattern(
    rf"(?P<indent>[ \t]*+)(?P<key>{_KEY})[ \t]*+(?P<sep>==|=>|:=|=|:(?!//)|(?=[\"'\u201c\u2018]))[ \t]*+"
)
_ODD_KEY = lazy_pattern(
    r"(?P<indent>[ \t]*+)(?P<key>[^\s=:\[\]{}#\"'](?:[^=:\[\]{}#\"' \t]++|[ \t]++(?!=))*+)[ \t]*+=[ \t]*+"
)
_HEADER = lazy_pattern(
    r"[ \t]*+(?P<left>\[*+)[ \t]*+"
    r"(?P<name>(?:[^\[\]=#,;: \t]++|[,;:](?![ \t]*+(?:#.*)?$)|[ \t]++(?=[^\[\]=# \t]))*+)"
    r"[ \t]*+(?P<right>\]*+)[ \t]*+[,;:]?[ \t]*+(?:#.*)?$"
)
_SECTION = lazy_pattern(rf"[ \t]*+(\[\[?)[ \t]*+({_KEY})[ \t]*+\]")
_NOTE = lazy_pattern(r"[ \t]*+(//+|;+|/\*+|<!--|--+|%+|!+)(.*)$")
_DASH = lazy_pattern("[\u2010-\u2015\u2212]")
_DRIVE = lazy_pattern(r"^([^#\n'\"=]*=[ \t]*)\"([A-Za-z]:\\[btnfr][^\"\n]*)\"", re.MULTILINE)
_DRIVE_VALUE = lazy_pattern(r"[A-Za-z]:[\x08\t\n\f\r]")
_UNSEEN = lazy_pattern("[\ufeff\u200b-\u200f\u2060\u00a0\u2007\u202f\u2028\u2029]")
MAX_LINE = 120
"""The longest line that a hint repeats."""
_MAX_READ = 2_000  # longest line to explain, in characters: people do not write longer ones by hand


class Mistake(Struct, frozen=True):
    """The mistake in a text and its fix; line and column from 1."""

    line: int
    column: int
    message: str
    hint: str
    is_duplicate: bool = False


def find_mistake(text: str, said: str, lists: Collection[str] = (), first_line: int = 1) -> Mistake:
    """Explain why a text is not TOML. `said` is tomllib's message; `lists` names the sections written `[[name]]`.

    `first_line` is where the text begins in its file.
    """
    at = _AT.search(said)
    above = first_line - 1
    text = "\n" * above + text
    lines = text.split("\n")
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    line, column = (int(at[1]) + above, int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    line = min(line, len(lines))
    if at is None:
        return _beyond_bounds(lines, said)
    if said.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")):
        return _twice(lines, line, column, lists)
    is_end = bool(at[0]) and not at[1]
    return _unclosed(text, lines, line, column, is_end=is_end) or _of_line(lines, line, column, lists)


def find_escaped_path(text: str, values: object, first_line: int = 1) -> Mistake | None:
    """Find a Windows path in double quotes, in which a backslash and a letter became a line end or a tab."""
    if "\\" not in text or not _holds_path(values):
        return None
    found = _DRIVE.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start(2)) + first_line
    column = found.start(2) - text.rfind("\n", 0, found.start(2))
    letter = found[2][2:4]
    message = f"In double quotes, {letter} is a special character, so this is not the path you mean."
    return Mistake(line, column - 1, message, _write(found[1] + quote(found[2])))


def _holds_path(value: object) -> bool:
    if isinstance(value, str):
        return _DRIVE_VALUE.match(value) is not None
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_holds_path, inner))


def _write(line: str, otherwise: str = "") -> str:
    line = line.strip()
    return f"Write: {line}" if 0 < len(line) <= MAX_LINE else otherwise or "Correct this line."


def _beyond_bounds(lines: list[str], said: str) -> Mistake:
    if "recursion" in said:
        deepest = max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{"))
        return Mistake(deepest + 1, 1, "Lists are nested too deeply here.", "Write them with fewer levels.")
    longest = max(range(len(lines)), key=lambda at: len(lines[at]))
    found = re.search(r"(?<!\w)\w{5,}+\s*+$", lines[longest])
    message = "This number is too large."
    return Mistake(longest + 1, found.start() + 1 if found else 1, message, "Write a smaller one, or put it in quotes.")


def _twice(lines: list[str], line: int, column: int, lists: Collection[str]) -> Mistake:
    while line > 1 and not (_SECTION.match(lines[line - 1]) or _KEYED.match(lines[line - 1])):
        line -= 1
    written = lines[line - 1]
    section = _SECTION.match(written)
    if section is not None:
        return _section_twice(lines, line, section[2], lists)
    keyed = _KEYED.match(written)
    if keyed is None or "{" in written[keyed.end() :]:
        return Mistake(line, column, "A name appears twice on this line.", "Delete one of them.", is_duplicate=True)
    key, above = keyed["key"], line - 1
    first = 0
    while above and not first:
        before = lines[above - 1]
        if _SECTION.match(before):
            break
        other = _KEYED.match(before)
        first = above if other and other["key"] == key else 0
        above -= 1
    where = f" (first on line {first})" if first else ""
    message = f'"{key}" is set twice{where}.'
    return Mistake(line, keyed.start("key") + 1, message, "Delete one of the two lines.", is_duplicate=True)


def _section_twice(lines: list[str], line: int, name: str, lists: Collection[str]) -> Mistake:
    column = len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1
    for number, before in enumerate(lines[: line - 1], 1):
        keyed = _KEYED.match(before)
        if keyed and keyed["key"] == name:
            value = before[keyed.end() :].strip()
            hint = f"Delete line {number}, and write what it sets below [{name}]."
            if name == "theme":
                hint = f"Delete line {number}, and write this below [theme]: name = {value}"
            message = f'"{name}" is a setting on line {number} and a section here. It can only be one.'
            return Mistake(line, column, message, hint, is_duplicate=True)
    same = lazy_pattern(rf"[ \t]*\[+[ \t]*{re.escape(name)}[ \t]*\]")
    first = next((number for number, before in enumerate(lines[: line - 1], 1) if same.match(before)), 0)
    where = f" (first on line {first})" if first else ""
    message = f"The section [{name}] appears twice{where}."
    if name in lists:
        return Mistake(line, column, message, f"Write [[{name}]], with two brackets, above each entry.", True)
    return Mistake(line, column, message, f"Put all its settings below one [{name}].", is_duplicate=True)


def _unclosed(text: str, lines: list[str], line: int, column: int, *, is_end: bool) -> Mistake | None:
    """Find an unclosed bracket or quotation mark above the place where the reader stopped."""
    end = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    stack: list[int] = []
    for found in _TOKEN.finditer(text):
        if found.start() >= end:
            break
        if found["open"]:
            if len(found["open"]) == 3 or stack:
                stack.append(found.start())
            break
        if found["bracket"] in ("[", "{"):
            stack.append(found.start())
        elif found["bracket"] and stack:
            stack.pop()
    if not stack:
        return None
    start = stack[0] if text[stack[-1]] in "[{" else stack[-1]
    at = text.count("\n", 0, start)
    if at == line - 1 or (text[start] in "[{" and _HEADER.match(lines[at])):
        return None  # on one line: the repair of the line reports it, with the line to paste
    mark = text[start : start + 3] if text[start] in "\"'" else text[start]
    first = start - text.rfind("\n", 0, start)
    if mark in ("[", "{") and not is_end and not _begins_another(lines[line - 1]):
        return _of_item(lines, line, column)
    return _never_closed(lines, at, first, mark)


def _of_item(lines: list[str], line: int, column: int) -> Mistake:
    above = next((at for at in range(line - 1, 0, -1) if lines[at - 1].strip()), 0)
    before = lines[above - 1].rstrip() if above else ""
    if lines[line - 1][: column - 1].strip() == "" and before[-1:] in ("'", '"', "}", "]"):
        message = "The comma after this item of the list is missing."
        return Mistake(above, len(before) - len(before.lstrip()) + 1, message, _write(f"{before},"))
    hint = 'Write each item in quotes, with a comma after it: "first", "second"'
    return Mistake(line, column, "This item of the list cannot be read.", hint)


def _begins_another(line: str) -> bool:
    keyed = _KEYED.match(line)
    return not line.strip() or bool(keyed and keyed["sep"]) or _SECTION.match(line) is not None


def _never_closed(lines: list[str], at: int, column: int, mark: str) -> Mistake:
    closing = {"[": "]", "{": "}"}.get(mark, mark)
    what = "list" if mark in ("[", "{") else "text"
    keyed = _KEYED.match(lines[at])
    of = f' of "{keyed["key"]}"' if keyed else ""
    written = lines[at].rstrip()
    is_one_line = not written.endswith("[") and (at + 1 == len(lines) or _begins_another(lines[at + 1]))
    fixed = f"{written.rstrip(',')}{closing}"
    hint = _write(fixed) if mark == "[" and is_one_line and parses(fixed) else f"Write {closing} where it ends."
    return Mistake(at + 1, column, f"The {what}{of} is never closed.", hint)


def _of_line(lines: list[str], line: int, column: int, lists: Collection[str]) -> Mistake:
    written = lines[line - 1]
    unseen = _UNSEEN.search(written)
    if unseen and parses(fixed := _UNSEEN.sub(" ", written).strip()):
        name = unicodedata.name(unseen[0], "unnamed").lower()
        message = f"There is an invisible character here (U+{ord(unseen[0]):04X}, {name})."
        return Mistake(line, unseen.start() + 1, message, _write(fixed, "Type the line again."))
    control = re.search(r"[\x00-\x08\x0b-\x1f\x7f]", written)
    if control:
        return _control(written, line, control)
    if len(written) > _MAX_READ:
        message = f"This line of {len(written):,} characters cannot be read."
        return Mistake(line, column, message, 'Write one setting on each line: name = "value"')
    keyed = _KEYED.match(written)
    if keyed is not None:
        return _of_setting(lines, line, column, keyed)
    header = _HEADER.match(written)
    if header is not None and (header["left"] or header["right"]):
        return _of_header(written, line, header, lists)
    odd = _ODD_KEY.match(written)
    if odd is not None:
        return _of_odd_key(written, line, odd)
    return _of_stray(written, line)


def _control(written: str, line: int, found: re.Match[str]) -> Mistake:
    if found[0] == "\r":
        message = "The lines of this file end as on an old Mac."
        return Mistake(line, found.start() + 1, message, "Save it again with the line endings LF or CRLF.")
    message = f"There is a control character here (U+{ord(found[0]):04X})."
    return Mistake(line, found.start() + 1, message, "Delete it, or type the line again.")


def _of_setting(lines: list[str], line: int, column: int, keyed: re.Match[str]) -> Mistake:
    written = lines[line - 1]
    key, sep, value = keyed["key"], keyed["sep"], written[keyed.end() :].strip()
    repair = _continued(key, value, lines, line) or repair_value(key, value)
    corrected = value if repair is None else repair.value
    fixed = f"{keyed['indent']}{key} = {corrected}"
    known = bool(corrected) and parses(fixed)
    if sep != "=":
        message = f'"{key}" needs an equals sign (=) before its value' + (f', not "{sep}".' if sep else ".")
        at = keyed.start("sep") + 1
        return Mistake(line, at, message, _write(fixed) if known else f'Write: {key} = "…"')
    if repair is None:
        return Mistake(line, column, f'"{key}" cannot be read.', f'Write: {key} = "…"')
    return Mistake(
        line,
        keyed.end() + repair.at + 1 if value else keyed.start("key") + 1,
        repair.message,
        _write(fixed) if known else repair.hint or f'Write: {key} = "…"',
    )


def _continued(key: str, value: str, lines: list[str], line: int) -> Repair | None:
    """Explain a text in one pair of quotation marks that runs over several lines."""
    follows = lines[line] if line < len(lines) else ""
    if not value.startswith('"') or value.count('"') != 1 or _begins_another(follows) or '"' not in follows:
        return None
    message = f'The text of "{key}" runs over several lines.'
    return Repair(0, message, "", 'Write """ (three quotation marks) before and after it.')


def _of_header(written: str, line: int, header: re.Match[str], lists: Collection[str]) -> Mistake:
    name, column = header["name"].strip().strip("\"'\u201c\u201d\u2018\u2019"), header.start("left") + 1
    if not name:
        return Mistake(line, column, "The section has no name.", "Write it between the brackets: [output]")
    count = 2 if name in lists or len(header["left"]) > 1 else 1
    left, right = "[" * count, "]" * count
    bare = re.fullmatch(_KEY, name)
    fixed = f"{left}{name if bare else _DASH.sub('-', name).replace(' ', '-')}{right}"
    if len(header["left"]) != len(header["right"]):
        message = f"The brackets of the section {written.strip()} do not match."
    else:
        message = f'"{name}" cannot be the name of a section.'
    return Mistake(line, column, message, _write(fixed) if parses(fixed) else f'Write: {left}"name"{right}')


def _of_odd_key(written: str, line: int, odd: re.Match[str]) -> Mistake:
    key, value = odd["key"], written[odd.end() :].strip()
    repair = repair_value(key, value)
    corrected = value if repair is None else repair.value
    dash = _DASH.search(key)
    if dash:
        message, better = f'The name "{key}" has a typographic dash ({dash[0]}).', _DASH.sub("-", key)
    elif " " in key:
        message, better = f'The name "{key}" has a space in it.', re.sub(r"\s+", "_", key)
    else:
        message, better = f'The name "{key}" needs quotation marks.', f'"{key}"'
    fixed = f"{better} = {corrected}"
    return Mistake(line, odd.start("key") + 1, message, _write(fixed) if parses(fixed) else f'Write: {better} = "…"')


def _of_stray(written: str, line: int) -> Mistake:
    column = len(written) - len(written.lstrip()) + 1
    note = _NOTE.match(written)
    if note:
        words = note[2].strip().removesuffix("*/").removesuffix("-->").rstrip()
        return Mistake(
            line,
            column,
            f'A note begins with #, not with "{note[1]}".',
            _write(f"# {words}") if words else "Delete it.",
        )
    if re.match(r"[ \t]*[-*][ \t]", written):
        return Mistake(line, column, "A list is not written with dashes here.", 'Write: name = ["first", "second"]')
    shown = " ".join(written.split())
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    hint = 'Write it as name = "text". If it is a note, put # before it.'
    return Mistake(line, column, f'"{shown}" is not a setting.', hint)
