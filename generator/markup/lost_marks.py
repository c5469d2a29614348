"""Make problems about Markdown whose slip hides words, or shows them as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from generator.errors import Problem
from generator.markup.written_text import WrittenText

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`\n]*$)|~{3,})(.*)$", re.MULTILINE)
_VERBATIM = re.compile(r"<!--.*?-->|<(pre|script|style|textarea)\b.*?</\1", re.DOTALL)
_NOTE = re.compile(r"\[\^([^\]\n]{1,200})\]:")
"""It may be anywhere in a line: searching for lines that begin with it takes ten times as long."""

_NOTE_MARK = re.compile(r"(?<!\\)\[\^([^\]\n]{1,200})\](?!:)")
_ELSEWHERE = r"(?!https?:|mailto:|tel:)[A-Za-z][\w+.-]*:[^\s()<>\"']+"
_ADDRESSES = (
    re.compile(rf"\]\([ ]*<?({_ELSEWHERE})"),
    re.compile(rf"href=[\"']?({_ELSEWHERE})"),
)
"""Each begins with signs to search for: many times as fast as one pattern with a choice, or in any case."""


def open_fence(source: WrittenText) -> Iterator[Problem]:
    """Find code whose fence is never closed."""
    opened = _find_open(source.text)
    if opened and "<" in source.text:
        opened = _find_open(_VERBATIM.sub(lambda match: re.sub(".", " ", match[0]), source.text))
    if opened:
        what = "The code that begins here is never closed, so the text below it is read as code, or this line as text."
        yield source.problem(opened.start(1), "fence-unclosed", what, f"Write {opened[1]} on a line below the code.")


def _find_open(text: str) -> re.Match[str] | None:
    opened: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opened is None:
            opened = match
        elif match[1].startswith(opened[1]) and not match[2].strip():
            opened = None
    return opened


def lost_notes(source: WrittenText, html: str) -> Iterator[Problem]:
    """Find marks of footnotes that have no text, and texts that a second one of their name replaces."""
    names, twice = set[str](), set[str]()
    for match in _NOTE.finditer(source.text):
        name, line = match[1].lower(), source.text.rfind("\n", 0, match.start()) + 1
        if source.text[line : match.start()].strip(" \t>") or source.is_code(match.start(1)):
            continue
        if name in names and name not in twice:
            twice.add(name)
            what = f"There are two footnotes [^{match[1]}], so readers do not see both."
            yield source.problem(match.start(1) - 2, "footnote", what, "Give one of them another name.")
        names.add(name)
    for match in _NOTE_MARK.finditer(source.text):
        name = match[1].lower()
        if name not in names and match[0] in html and not source.is_code(match.start()):
            names.add(name)
            what = f"Readers see {match[0]}: there is no footnote of this name."
            hint = f"Write it on a line of its own: {match[0]}: The note."
            yield source.problem(match.start(), "footnote", what, hint)


def lost_addresses(source: WrittenText, html: str) -> Iterator[Problem]:
    """Find links to what pages do not link to, such as a file on the author's computer: their words stay."""
    for match in chain.from_iterable(pattern.finditer(source.text) for pattern in _ADDRESSES):
        is_picture = source.text.endswith("!", 0, max(source.text.rfind("[", 0, match.start() + 1), 0))
        if not is_picture and f'"{match[1]}"' not in html and not source.is_code(match.start(1)):
            what = f'The link "{match[1]}" is not published, only its words.'
            hint = "Link to a file of this site, or to an address that begins with https:, mailto: or tel:."
            yield source.problem(match.start(1), "dead-link", what, hint)
