"""Refuse input before conversion if Python-Markdown would need more than a few seconds for it.

The rules depend only on the text, so a text is refused on every computer or on none. Costs count the characters that
Python-Markdown would read again and again; the limits are at about two seconds, that of a text's length at four, a
hundred times above any real post that we tested.
"""

from __future__ import annotations

import re

from generator.patterns import lazy_pattern

MAX_CHARS = 6_000_000
MAX_NESTING = 50
MAX_DEPTH = 200
"""Of HTML elements: libxml2 silently cuts off deeper trees (at 256, or at 2,048)."""

MAX_OPEN = 5_000
"""Of elements open at once before sanitising, whose time grows with the square: 0.1 s here, 10 s at 50,000."""

MAX_FOOTNOTE_MARKS = 1_500
MAX_BRACKET_COST = 8_000_000
MAX_BACKTICK_COST = 60_000_000
MAX_TAG_COST = 60_000_000
MAX_ABBREVIATION_COST = 40_000_000
MAX_LINE_COST = 1_000_000_000
FEW = 100
"""Of a character: a text with at most this many cannot break the rule about it."""

_RISKY_BYTES = 100_000
_RISKY_COST = 4_000_000
_RISKY_SPACE = b" " * 300
_SIGNS = b"[]()<>*_`!&\\{}^|#-+:~"

_ITEM = r"(?:[-+*]|\d{1,9}[.)])[ \t]"
_NESTED = lazy_pattern(rf"\n[ \t]*(?:>[ \t]*|{_ITEM}[ \t]*){{{MAX_NESTING}}}(?![-*+ \t]*$)", re.MULTILINE)
"""The text is searched with a line end before it: a search for line ends takes a fifth of one for line starts."""

_INDENTED = lazy_pattern(rf"^(?:[ ]{{4}}|\t){{{MAX_NESTING},}}{_ITEM}", re.MULTILINE)
_BRACKET = lazy_pattern(r"\]\(|[\[\])]")
_ANGLE = lazy_pattern("[<>]")
_BACKTICKS = lazy_pattern("`+")
_TAG = lazy_pattern("<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SELF_CLOSING_WORDS = """
    area base br col dd dt embed hr img input li link meta option p param rp rt source tbody td tfoot th thead tr
    track wbr"""
_SELF_CLOSING = frozenset(_SELF_CLOSING_WORDS.split())
_BLANK_LINE = lazy_pattern(r"\n[ \t]*\n")
_BLANK = re.compile(rb"\n[ \t\r]*\n")


class Refusal(ValueError):  # noqa: N818 (it is an answer, not a fault)
    """A text that is not converted: `message` is the reason, `hint` the fix; `line` counts from 1 (0: unknown)."""

    def __init__(self, code: str, message: str, hint: str, line: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.line = code, message, hint, line


def too_deep(line: int = 0) -> Refusal:
    """Make the refusal of a text that is nested too deeply."""
    return Refusal("markup-too-deep", "Lists, quotations or HTML are nested too deeply.", "Remove some levels.", line)


def check_length(text: str) -> None:
    """Refuse a text that is too long for any engine. Raises: Refusal."""
    if len(text) > MAX_CHARS:
        raise Refusal(
            "markup-too-long",
            f"This text is too long: {len(text):,} characters, at most {MAX_CHARS:,}.",
            "Split it into several posts.",
        )


def check_nesting(html: str) -> None:
    """Refuse HTML that is nested too deeply. Raises: Refusal."""
    if html.count("<") <= MAX_OPEN:
        return
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _SELF_CLOSING:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > MAX_OPEN:
                raise too_deep()


def check_text(text: str) -> None:
    """Check for patterns that take too long. Raises: Refusal. Costs about 10 µs on an ordinary post."""
    check_length(text)
    deep = _NESTED.search(f"\n{text}")
    if not deep and ("    " * MAX_NESTING in text or "\t" * MAX_NESTING in text):
        deep = _INDENTED.search(text)
    if deep:
        raise too_deep(_line(text, deep.start()))
    if text.count("<") > FEW and _tag_cost(text) > MAX_TAG_COST:
        raise _too_many("unclosed < signs", "Write &lt; where no tag is meant.")
    if "^" in text and text.count("[^") > MAX_FOOTNOTE_MARKS:
        raise _too_many("footnote marks", "Split it into several posts.")
    if "*[" in text and text.count("*[") * len(text) > MAX_ABBREVIATION_COST:
        raise _too_many("abbreviations", "Explain fewer of them.")
    if len(text) > 20_000 or text.count("[") > FEW or text.count("`") > FEW:
        _check_blocks(text)


def is_risky(data: bytes) -> bool:
    """Return True if a process that can be ended should convert a source; costs about 5 µs for a post.

    Long paragraphs of signs, long runs of spaces and very long texts take long or crash a parser. Of 1,255 real posts
    two are risky, each 10 KB of HTML in one line.
    """
    if len(data) > _RISKY_BYTES or _RISKY_SPACE in data or b"\t" * 100 in data:
        return True
    if len(data) * (len(data) - len(data.translate(None, _SIGNS))) < _RISKY_COST:
        return False
    return any(
        len(block) * (len(block) - len(block.translate(None, _SIGNS))) > _RISKY_COST for block in _BLANK.split(data)
    )


def _too_many(what: str, hint: str, line: int = 0) -> Refusal:
    where = "This paragraph" if line else "This text"
    return Refusal(
        "markup-too-costly", f"{where} has so many {what} that converting it would take too long.", hint, line
    )


def _check_blocks(text: str) -> None:
    start = 0
    for block in _BLANK_LINE.split(text):
        what = hint = ""
        if block.count("[") > FEW and _bracket_cost(block) > MAX_BRACKET_COST:
            what, hint = "unclosed or nested brackets", "Close them, or write \\[ for a bracket that is not a link."
        elif block.count("`") > FEW and len(_BACKTICKS.findall(block)) * len(block) > MAX_BACKTICK_COST:
            what, hint = "backticks", "Put the code between lines of three backticks."
        elif block.count("\n") * len(block) > MAX_LINE_COST:
            what, hint = "lines without a blank one", "Put blank lines between its parts."
        if what:
            raise _too_many(what, hint, _line(text, text.find(block, start)))
        start += len(block)


def _bracket_cost(block: str) -> int:
    """Add up how far Python-Markdown searches from every opening bracket: to the closing one, or to the end."""
    cost = 0
    square: list[int] = []
    round_: list[int] = []
    for match in _BRACKET.finditer(block):
        place, sign = match.start(), match[0]
        if sign == "[":
            square.append(place)
            continue
        stack = round_ if sign == ")" else square
        if stack:
            cost += place - stack.pop()
        if sign == "](":
            round_.append(place)
    return cost + sum(len(block) - place for place in square + round_)


def _tag_cost(text: str) -> int:
    """Add up the distances from every < to the next >, or to the end."""
    cost, count, places = 0, 0, 0
    for match in _ANGLE.finditer(text):
        if match[0] == "<":
            count, places = count + 1, places + match.start()
        else:
            cost += count * match.start() - places
            count = places = 0
    return cost + count * len(text) - places


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
