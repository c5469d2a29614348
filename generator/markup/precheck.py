"""Refuse, before any work, the input on which Python-Markdown takes more than some seconds.

The rules look at the text alone, so that a text is refused everywhere or nowhere. Costs are counted in characters
that Python-Markdown would look at again for each bracket; the limits stand where that takes about two seconds, a
hundred times above any post we have met.
"""

from __future__ import annotations

import re

MAX_CHARS = 2_000_000
MAX_NESTING = 50
MAX_BRACKET_COST = 8_000_000
MAX_BACKTICK_COST = 60_000_000
MAX_DEPTH = 200
"""Of HTML elements: libxml2 cuts deeper trees off without a word (at 256, or at 2,048)."""

FEW = 100

_ITEM = r"(?:[-+*]|\d{1,9}[.)])[ \t]"
_NESTED = re.compile(rf"^[ \t]*(?:>[ \t]*|{_ITEM}[ \t]*){{{MAX_NESTING}}}(?![-*+ \t]*$)", re.MULTILINE)
_INDENTED = re.compile(rf"^(?:[ ]{{4}}|\t){{{MAX_NESTING},}}{_ITEM}", re.MULTILINE)
_BRACKET = re.compile(r"\]\(|[\[\])]")
_BACKTICKS = re.compile("`+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class Refusal(ValueError):  # noqa: N818 (it is an answer, not a fault)
    """The text will not be converted: `message` says why, `hint` what to do, `line` counts from 1 (0 unknown)."""

    def __init__(self, code: str, message: str, hint: str, line: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.line = code, message, hint, line


def check_text(text: str) -> None:
    """Look for what is known to take too long. Raises: Refusal. Costs about a microsecond on an ordinary post."""
    if len(text) > MAX_CHARS:
        raise Refusal("markup-too-long", f"This text has {len(text):,} characters.", "Split it into several posts.")
    deep = _NESTED.search(text)
    if not deep and ("    " * MAX_NESTING in text or "\t" * MAX_NESTING in text):
        deep = _INDENTED.search(text)
    if deep:
        raise Refusal(
            "markup-too-deep",
            f"Lists or quotations are nested more than {MAX_NESTING} deep here.",
            "Take some of the nesting out.",
            _line(text, deep.start()),
        )
    if text.count("[") > FEW or text.count("`") > FEW:
        _check_blocks(text)


def too_deep() -> Refusal:
    """Say that Python's stack was not deep enough for the text."""
    return Refusal("markup-too-deep", "This text is nested too deep to be converted.", "Take some of the nesting out.")


def _check_blocks(text: str) -> None:
    start = 0
    for block in _BLANK_LINE.split(text):
        if block.count("[") > FEW and _bracket_cost(block) > MAX_BRACKET_COST:
            place = text.find(block, start)
            raise Refusal(
                "markup-too-many-brackets",
                "This paragraph has so many unclosed or nested brackets that converting it would take too long.",
                "Close the brackets, or write \\[ where no link is meant.",
                _line(text, place),
            )
        if block.count("`") > FEW and len(_BACKTICKS.findall(block)) * len(block) > MAX_BACKTICK_COST:
            place = text.find(block, start)
            raise Refusal(
                "markup-too-many-backticks",
                "This paragraph has so many backticks that converting it would take too long.",
                "Put the code between lines of three backticks.",
                _line(text, place),
            )
        start += len(block)


def _bracket_cost(block: str) -> int:
    """Add up how far Python-Markdown looks from every opening bracket: to the one that closes it, or to the end."""
    cost, square, round_ = 0, [0] * 0, [0] * 0
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


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
