"""The plain text of a body: for search, for mail, for summaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.markup.sanitise import BLOCK

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BREAK = "\ufdd3"
_PARAGRAPH = "\ufdd4"
_HEADING = "\ufdd5"
_CODE = "\ufdd6"
_KINDS = {"p": _PARAGRAPH, "pre": _CODE} | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _HEADING)
_STOPS = BLOCK | {"br"}
_FOOTNOTE_MARKS = frozenset({"footnote-ref", "footnote-backref"})
_NAMES = {_PARAGRAPH: "p", _HEADING: "h", _CODE: "pre"}


def block_texts(root: Element) -> list[tuple[str, str]]:
    """List (kind, text) of every block that has text, in order.

    A kind is "p" (a paragraph that stands in no other block), "h" (a heading), "pre", or "" (anything else). White
    space is single but in `pre`; the cells of a row stand in one text. Footnotes stand where their block stands; their
    marks in the text are left out. The tree is spoilt: breaks are written into it, so that libxml2 can give all texts
    at once, which is ten times as fast as asking each element.
    """
    from lxml import etree

    kinds, stops = _KINDS.get, _STOPS
    for element in list(root.iter()):
        tag = element.tag
        if tag not in stops:
            if tag in ("sup", "a") and element.get("class") in _FOOTNOTE_MARKS:
                following = element.tail
                element.clear()
                element.tail = following
        elif tag in ("td", "th"):
            if element.getnext() is not None:
                element.tail = " | "
        elif tag == "br":
            element.tail = f" {element.tail or ''}"
        else:
            kind = kinds(tag, "") if tag != "p" or element.getparent() is root else ""
            element.text = f"{_BREAK}{kind}{element.text or ''}"
            tail = element.tail
            if tail and not tail.isspace():
                element.tail = f"{_BREAK}{tail}"
    text: str = etree.tostring(root, encoding="unicode", method="text", with_tail=False)
    return list(_read(text.split(_BREAK)))


def _read(chunks: list[str]) -> Iterator[tuple[str, str]]:
    """Read the kind of each chunk, and what it says."""
    names = _NAMES.get
    for chunk in chunks:
        kind = names(chunk[:1], "")
        text = chunk[1:] if kind else chunk
        if text := text.strip("\n").rstrip() if kind == "pre" else single_spaced(text):
            yield kind, text


def single_spaced(text: str) -> str:
    """Bring every run of white space to one space, none at the ends.

    All white space but the space is unprintable, and to ask for that costs a fifth of taking the words apart.
    """
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def lead_of(texts: list[tuple[str, str]], excerpt_blocks: int) -> str:
    """Choose the text of a summary: what stands in the excerpt's blocks, else the first paragraph, else any block."""
    if excerpt_blocks:
        return " ".join(text for kind, text in texts[:excerpt_blocks] if kind != "h")
    return next((text for kind, text in texts if kind == "p"), texts[0][1] if texts else "")
