"""Give a body's distances to table cells: Word, which draws mails in old Outlook, ignores padding on other elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.markup.dom import classes, make_element, parse_html, replace_element, select_texts, write_html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CODE_COLUMNS = 68
"""The longest line of code in a mail: Word does not wrap code, and a longer line would widen the whole mail."""
_BOXES = {"blockquote": "quoted", "pre": "coded"}
_DIVS = {"note": "noted", "figure": "figured"}


def lay_out(html: str) -> Markup:
    """Put quotations, code, notes and figures of an adapted body into tables whose cells hold the distances."""
    if not html:
        return Markup("")
    root = parse_html(html)
    for code in list(root.iter("pre")):
        break_code(code)
    for element in list(root.iter("blockquote", "pre", "div")):
        name = _BOXES.get(str(element.tag)) or next((_DIVS[each] for each in classes(element) if each in _DIVS), "")
        if name:
            _box(element, name)
    return Markup(write_html(root))  # noqa: S704 a body is sanitised before it is stored; nothing is added but elements


def _box(element: Element, name: str) -> None:
    table = make_element("table", role="presentation", width="100%", cellpadding="0", cellspacing="0")
    row, after = make_element("tr"), make_element("tr")
    cell, gap = make_element("td", class_=f"ink {name}"), make_element("td", class_="gap", height="16")
    gap.text = "\u00a0"
    after.append(gap)
    row.append(cell)
    table.extend((row, after))
    if element.tag == "pre":  # code reads from left to right in every language
        cell.set("dir", "ltr")
    replace_element(element, table)
    cell.append(element)


def break_code(code: Element) -> None:
    """Break the lines of code that are too long, at a space if there is one, else anywhere."""
    column = 0
    for node in select_texts(code, ".//text()"):
        parent, (text, column) = node.getparent(), _broken(str(node), column)
        if node.is_tail:
            parent.tail = text
        else:
            parent.text = text


def _broken(text: str, column: int) -> tuple[str, int]:
    lines = text.split("\n")
    shown = []
    for number, line in enumerate(lines):
        start = column if number == 0 else 0
        pieces, column = _pieces(line, start)
        shown.append("\n".join(pieces))
    return "\n".join(shown), column


def _pieces(line: str, column: int) -> tuple[list[str], int]:
    """Split a line of code that begins in a column; return the pieces, and the column after the last."""
    pieces = []
    while column + len(line) > CODE_COLUMNS:
        room = max(1, CODE_COLUMNS - column)
        at = line.rfind(" ", 1, room + 1)
        at = at + 1 if at > room // 2 else room
        pieces.append(line[:at])
        line, column = line[at:], 0
    return [*pieces, line], column + len(line)
