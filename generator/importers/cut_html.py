"""Find the HTML in a text that a build takes out, so that the report can name it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.importers.code_spans import split_code
from generator.importers.import_model import ImportedPost, Note, Topic
from generator.markup.sanitise import DROPPED_WITH_CONTENT, KEPT

_ELEMENT = re.compile(r"<!--|<(?P<name>[A-Za-z][A-Za-z0-9-]{0,40})(?=[\s/>])[^<>]{0,5000}>")


def list_cut_html(post: ImportedPost, *, trusted: bool) -> list[Note]:
    """List the elements of a text that readers will not see, each with its line.

    `trusted`: the site shows frames. What is in code, or in comments, is no element.
    """
    text = post.text
    found: list[Note] = []
    if "<" not in text:
        return found
    line, counted = post.body_line, 0
    for name, at in _elements(text, html=post.html):
        if name in KEPT and (name != "iframe" or trusted):
            continue
        line, counted = line + text.count("\n", counted, at), at
        found.append(Note(Topic.CUT_HTML, _words(name), post.origin.path, line))
    return found


def _words(name: str) -> str:
    if name == "iframe":
        return "`<iframe>` becomes a link to its page."
    if name in DROPPED_WITH_CONTENT:
        return f"`<{name}>` is removed, with all that is in it."
    return f"`<{name}>` is removed. The text in it stays."


def _elements(text: str, *, html: bool) -> Iterator[tuple[str, int]]:
    """Give the name and the place of each element that begins outside of code, comments and elements without text."""
    pieces = [(0, text)] if html else [(piece.start, piece.text) for piece in split_code(text) if not piece.code]
    lowered, passed = text.lower(), 0
    for start, part in pieces:
        for match in _ELEMENT.finditer(part):
            place = start + match.start()
            if place < passed:
                continue
            name = (match["name"] or "").lower()
            if name:
                yield name, place
            if name in ("script", "style") or not name:
                end = lowered.find(f"</{name}" if name else "-->", place)
                passed = end if end > 0 else passed
