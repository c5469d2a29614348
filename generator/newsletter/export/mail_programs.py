"""Show a letter as mail programs do that lack something: the HTML of a letter, changed for the preview."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)
_FOR_WORD = re.compile(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", re.DOTALL)
_XML = re.compile(r"<xml\b.*?</xml>", re.DOTALL)
_SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")[^"]*"')
_INVERT = (
    "<style>html { background: #fff; filter: invert(1) hue-rotate(180deg); } "
    "img { filter: invert(1) hue-rotate(180deg); }</style></head>"
)
_CELLS = ("td", "th")
_UNKNOWN_TO_WORD = frozenset(
    ("max-width", "max-height", "display", "border-radius", "overflow", "white-space", "word-break", "height", "float")
)
"""Properties that Word ignores, wherever they are."""
_HEADINGS = ("h1", "h2", "h3")


def inverted(html: str) -> str:
    """Show a letter in a program that inverts all colours in dark mode, but not those of pictures."""
    return html.replace("</head>", _INVERT, 1)


def without_pictures(html: str) -> str:
    """Show a letter before its reader has allowed pictures: with their alternative texts."""
    return _SOURCE.sub(r'\1data:,"', html)


def without_styles(html: str) -> str:
    """Show a letter in a program that drops the style sheet, such as Gmail's app with accounts of other providers."""
    return _STYLE.sub("", html)


def in_old_outlook(html: str) -> str:
    """Show a letter as Word draws it: with the tables for Word, without what Word ignores.

    Word ignores padding and backgrounds but in cells, margins of pictures and boxes, and a dozen properties anywhere.
    """
    from lxml.html import document_fromstring, tostring

    page = document_fromstring(_XML.sub("", _FOR_WORD.sub(r"\1", _STYLE.sub("", html))))
    for element in page.iter():
        if isinstance(element.tag, str) and element.get("style"):
            _strip(element)
    return str(tostring(page, encoding="unicode", doctype="<!doctype html>"))


def _strip(element: HtmlElement) -> None:
    kept = []
    for declaration in (element.get("style") or "").split(";"):
        name = declaration.partition(":")[0].strip().lower()
        if name and not _is_ignored(str(element.tag), name, declaration):
            kept.append(declaration)
    element.set("style", ";".join(kept))


def _is_ignored(tag: str, name: str, declaration: str) -> bool:
    if name == "display" and "none" in declaration:
        return False
    if name in _UNKNOWN_TO_WORD:
        return True
    if name.startswith("padding"):
        return tag not in _CELLS
    return (name.startswith("margin") and tag in ("img", "div")) or (name == "width" and tag in ("img", "div"))


def size_by_story(html: str) -> tuple[tuple[str, int], ...]:
    """Measure the parts of a letter in bytes of HTML, each by the heading that it begins with; the largest first."""
    from lxml.html import document_fromstring, tostring

    page = document_fromstring(html)
    paper = next((table for table in page.iter("table") if "paper" in (table.get("class") or "").split()), None)
    sizes: dict[str, int] = {}
    name = ""
    for row in () if paper is None else _rows(paper):
        heading = next(row.iter(*_HEADINGS), None)
        name = " ".join(heading.text_content().split()) if heading is not None else name
        sizes[name] = sizes.get(name, 0) + len(tostring(row, encoding="utf-8"))
    return tuple(sorted(((title, size) for title, size in sizes.items() if title), key=lambda each: -each[1]))


def _rows(table: HtmlElement) -> list[HtmlElement]:
    bodies = [table, *table.findall("tbody")]
    return [row for body in bodies for row in body.findall("tr")]
