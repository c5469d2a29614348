"""The plain text of a body: for search, for mail, for summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import select_texts, text_of
from generator.markup.sanitise import BLOCK

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dt", "summary"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_MARKS = "descendant::text()[not(ancestor::*[@class='footnote-ref' or @class='footnote-backref'])]"


def block_texts(root: Element, *, has_notes: bool) -> list[tuple[str, str]]:
    """List (tag, text) of every block that has text, in order. White space is single, but in `pre`.

    Footnotes stand where their block stands; their marks in the text are left out.
    """
    found: list[tuple[str, str]] = []
    _add(found, "", root.text)
    for child in root:
        tag = child.tag
        if tag in _LEAVES:
            _add(found, tag, _text(child, has_notes))
        elif tag == "pre":
            _add_code(found, child)
        else:
            _walk(found, child, has_notes)
        if child.tail:
            _add(found, "", child.tail)
    return found


def _walk(found: list[tuple[str, str]], top: Element, has_notes: bool) -> None:
    if top.tag not in BLOCK:
        _add(found, "", _text(top, has_notes))
        return
    for element in top.iter(*BLOCK):
        if element.tag == "pre":
            _add_code(found, element)
            continue
        if element.tag in ("td", "th"):
            continue
        if element.tag == "tr":
            _add(found, "", " | ".join(" ".join(_text(cell, has_notes).split()) for cell in element))
            continue
        pieces = [element.text or ""]
        for child in element:
            if child.tag not in BLOCK:
                pieces.append(_text(child, has_notes))
            pieces.append(child.tail or "")
        _add(found, "", "".join(pieces))


def _text(element: Element, has_notes: bool) -> str:
    if has_notes:
        if element.get("class") in ("footnote-ref", "footnote-backref"):
            return ""
        return "".join(map(str, select_texts(element, _MARKS)))
    return text_of(element)


def _add(found: list[tuple[str, str]], tag: str, text: str | None) -> None:
    if text and (words := text.split()):
        found.append((tag, " ".join(words)))


def _add_code(found: list[tuple[str, str]], element: Element) -> None:
    text = text_of(element).strip("\n").rstrip()
    if text:
        found.append(("pre", text))


def lead_of(texts: list[tuple[str, str]], excerpt_blocks: int) -> str:
    """Choose the text of a summary: what stands in the excerpt's blocks, else the first paragraph, else any block."""
    if excerpt_blocks:
        return " ".join(text for tag, text in texts[:excerpt_blocks] if tag not in _HEADINGS)
    return next((text for tag, text in texts if tag == "p"), texts[0][1] if texts else "")
