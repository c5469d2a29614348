"""Take div soup apart: the blocks of a text, one after the other."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from generator.importers.exports.tidy import MORE_CLASS
from generator.importers.exports.trees import words_of

_OPENED = frozenset((
    "div", "section", "article", "header", "footer", "aside", "center", "address",
))  # fmt: skip
_BLOCKS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "table", "figure", "hr", "details",
    "audio", "video",
))  # fmt: skip
_SHOWS = ("img", "a", "input", "audio", "video")
_BLANK = re.compile(r"^[ \t\r\n]+")


def split_blocks(root: Any) -> list[Any]:
    """List the blocks of a tree; words and links between blocks become paragraphs."""
    found: list[Any] = []
    _walk(root, found)
    return [block for block in found if block.tag in ("hr",) or words_of(block) or _shows(block)]


def is_more(block: Any) -> bool:
    """Return True for the mark that ends an excerpt."""
    return bool(block.tag == "hr" and block.get("class") == MORE_CLASS)


def _shows(block: Any) -> bool:
    return block.tag in _SHOWS or next(block.iter(*_SHOWS), None) is not None or any(e.get("id") for e in block.iter())


def _walk(node: Any, found: list[Any]) -> None:
    run = _Run(found)
    run.say(node.text)
    for child in node:
        if _is_opened(child):
            run.end(child.get("id"))
            _walk(child, found)
        elif child.tag in _OPENED or child.tag in _BLOCKS or child.tag == "figcaption":
            run.end()
            block = deepcopy(child)
            block.tail = None
            block.tag = "p" if block.tag == "figcaption" else block.tag
            found.append(block)
        elif _holds_blocks(child):
            run.end()
            _walk(child, found)
        else:
            run.add(child)
        run.say(child.tail)
    run.end()


def _is_opened(node: Any) -> bool:
    """Return True for an element that only holds others: soup, and a figure of anything but one picture."""
    if node.tag == "figure":
        return (
            len(list(node.iter("img"))) != 1
            or next(node.iter("table", "video", "audio", "blockquote"), None) is not None
        )
    return node.tag in _OPENED and not (node.get("lang") or node.get("dir"))


def _holds_blocks(node: Any) -> bool:
    """Return True for an inline element around blocks, other than a link around one picture or one paragraph."""
    return node.tag != "a" and next(node.iter(*_BLOCKS, *_OPENED), None) is not None


class _Run:
    """Words and inline elements between blocks."""

    def __init__(self, found: list[Any]) -> None:
        self._found = found
        self._paragraph: Any = None

    def _open(self) -> Any:
        from lxml.html import Element

        if self._paragraph is None:
            self._paragraph = Element("p")
        return self._paragraph

    def say(self, text: str | None) -> None:
        if not text or (self._paragraph is None and not text.strip(" \t\r\n")):
            return
        paragraph = self._open()
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + text
        else:
            paragraph.text = (paragraph.text or "") + _BLANK.sub("", text)

    def add(self, child: Any) -> None:
        if child.tag == "br" and (self._paragraph is None or self._ends_in_break()):
            self._drop_break()
            self.end()
            return
        element = deepcopy(child)
        element.tail = None
        self._open().append(element)

    def _ends_in_break(self) -> bool:
        paragraph = self._paragraph
        return len(paragraph) > 0 and paragraph[-1].tag == "br" and not (paragraph[-1].tail or "").strip()

    def _drop_break(self) -> None:
        if self._paragraph is not None and self._ends_in_break():
            self._paragraph.remove(self._paragraph[-1])

    def end(self, anchor: str | None = None) -> None:
        """End the paragraph; without its last breaks."""
        if self._paragraph is not None:
            while self._ends_in_break():
                self._drop_break()
            self._found.append(self._paragraph)
            self._paragraph = None
        if anchor:
            from lxml.html import Element

            mark = Element("p")
            mark.append(Element("a", id=anchor))
            self._found.append(mark)
