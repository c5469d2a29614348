"""Find the elements of HTML that an author wrote into a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from generator.markup.code_spans import split_code
from generator.markup.sanitise import DROPPED_WITH_CONTENT

_ELEMENT = re.compile(r"<!--|<(?P<name>[A-Za-z][A-Za-z0-9-]{0,40})(?=[\s/>])[^<>]{0,5000}>")


class WrittenElement(Struct, frozen=True):
    """The start tag of an element: its name in small letters, its place in the text, and the tag as written."""

    name: str
    place: int
    tag: str


def find_elements(text: str, *, html: bool = False) -> Iterator[WrittenElement]:
    """Yield each element outside of code, comments and elements that are removed with their content, in order.

    `html` says that the text is HTML, in which backticks are no code.
    """
    pieces = [(0, text)] if html else [(piece.start, piece.text) for piece in split_code(text) if not piece.code]
    lowered, passed, endless = text.lower(), 0, set[str]()
    for start, part in pieces:
        for match in _ELEMENT.finditer(part):
            place = start + match.start()
            if place < passed:
                continue
            name = (match["name"] or "").lower()
            if name:
                yield WrittenElement(name, place, match[0])
            if (name in DROPPED_WITH_CONTENT or not name) and name not in endless:
                end = lowered.find(f"</{name}" if name else "-->", place)
                passed = max(end, passed)
                if end < 0:
                    endless.add(name)  # each further search would read the whole text again
