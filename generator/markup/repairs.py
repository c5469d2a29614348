"""Repairs: what authors' HTML gets wrong, brought to what HTML allows now. An engine's own HTML needs none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import add_class, has_text, make, mark, plain, remove, select, take, within
from generator.markup.draft import Draft
from generator.markup.sanitise import BLOCK

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ALIGNMENTS = frozenset(("left", "center", "right"))
RENAMED = {"strike": "s", "tt": "code", "acronym": "abbr"}
_WRAPPERS = ("b", "strong", "i", "em", "u", "s", "span", "small", "sub", "sup", "code", "mark", "q", "cite", "abbr")
_PARENTS = {
    "li": (("ul", "ol"), "div"),
    "dt": (("dl",), "div"),
    "dd": (("dl",), "div"),
    "figcaption": (("figure",), "div"),
    "summary": (("details",), "div"),
    "rt": (("ruby",), "span"),
    "rp": (("ruby",), "span"),
}
"""Element → the parents it may have, and what becomes of it elsewhere."""

_NUMBERS = {"colspan": 1, "rowspan": 0, "span": 1, "start": -(2**31), "value": -(2**31)}
_CHOICES = {
    "scope": frozenset(("row", "col", "rowgroup", "colgroup")),
    "dir": frozenset(("ltr", "rtl", "auto")),
    "type": frozenset(("1", "a", "A", "i", "I")),
}


def repair(draft: Draft) -> None:
    """Mend the tree: obsolete elements, stray parts of lists and figures, blocks in inline elements, bad values."""
    for old, new in RENAMED.items():
        for element in draft.tagged(old):
            element.tag = new
    for element in draft.tagged("center"):
        element.tag = "div"
        add_class(element, "align-center")
    for element in draft.tagged(*_PARENTS):
        _adopt(element)
    for element in draft.tagged("ul", "ol"):
        _mend_list(element)
    for element in draft.tagged(*_WRAPPERS):
        if len(element) and any(child.tag in BLOCK for child in element.iterdescendants()):
            _unwrap(element)
    _mend_values(draft)


def _adopt(element: Element) -> None:
    parents, stand_in = _PARENTS[element.tag]
    parent = element.getparent()
    if parent is not None and parent.tag == "div" and "dl" in parents:
        parent = parent.getparent()  # a group of a description list may stand in a div
    if parent is None or parent.tag not in parents:
        element.tag = stand_in
        take(element, "value")


def _mend_list(element: Element) -> None:
    """Put what stands in a list but in no item into an item of its own."""
    if has_text(element.text):
        element.insert(0, make("li", text=(element.text or "").strip()))
        element.text = None
    for child in list(element):
        if child.tag != "li":
            item = make("li")
            element.replace(child, item)
            item.append(child)
        elif has_text(child.tail):
            child.addnext(make("li", text=(child.tail or "").strip()))
            child.tail = None


def _unwrap(element: Element) -> None:
    """Dissolve an inline element that holds blocks: its marks go, what it held stays."""
    parent = element.getparent()
    assert parent is not None
    before = element.getprevious()
    text, tail = element.text or "", element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    anchor, element.tail = element, None
    for child in list(element):
        anchor.addnext(child)
        anchor = child
    anchor.tail = (anchor.tail or "") + tail
    parent.remove(element)


def _mend_values(draft: Draft) -> None:
    html = draft.html
    _mend_alignment(draft)
    _drop_empty(draft)
    for name, least in _NUMBERS.items():
        if f' {name}="' in html:
            for element in select(draft.root, f"descendant::*[@{name}][not(self::data)]"):
                _mend_number(element, name, least)
    for name, choices in _CHOICES.items():
        if f' {name}="' in html:
            for element in select(draft.root, f"descendant::*[@{name}][not(self::source)]"):
                if element.get(name) not in choices:
                    del element.attrib[name]


def _mend_alignment(draft: Draft) -> None:
    if ' align="' not in draft.html:
        return
    for element in select(draft.root, "descendant::*[@align]"):
        value = take(element, "align").strip().lower().replace("middle", "center")
        if value in ALIGNMENTS:
            add_class(element, f"align-{value}")


def _mend_number(element: Element, name: str, least: int) -> None:
    value = element.get(name, "").strip()
    try:
        number = int(value) if value.isascii() and len(value) < 11 else least - 1
    except ValueError:
        number = least - 1
    if number < least or (name in ("colspan", "rowspan", "span") and number > 1000):
        del element.attrib[name]
    else:
        element.set(name, str(number))


def _drop_empty(draft: Draft) -> None:
    for name in ("lang", "datetime", "class", "title"):
        if f' {name}=""' in draft.html:
            for element in select(draft.root, f"descendant::*[@{name}='']"):
                del element.attrib[name]


def make_tasks(draft: Draft) -> None:
    """Turn `[ ]` and `[x]` at the head of a list's item into a box with a name.

    The box is a character, not a form field, so that it looks the same in a feed and in a mail.
    """
    for field in draft.tagged("input"):
        parent = field.getparent()
        if parent is not None and field.get("type") == "checkbox" and parent.tag in ("li", "p"):
            done = "checked" in field.attrib
            parent.text = f"[{'x' if done else ' '}] {(field.tail or '').lstrip()}"
            field.tail = None
        remove(field)
    if "[ ] " in draft.html or "[x] " in draft.html or "[X] " in draft.html or "<input" in draft.html:
        for item in draft.tagged("li"):
            _make_task(item)


def _make_task(item: Element) -> None:
    holder = item[0] if len(item) and item[0].tag == "p" and not has_text(item.text) else item
    text = (holder.text or "").lstrip()
    if text[:4].lower() not in ("[ ] ", "[x] "):
        return
    done = text[1] != " "
    box = make("span", text="☑" if done else "☐", class_="task-box", role="img", aria_label="Done" if done else "To do")
    box.tail = f" {text[4:]}"
    holder.text = None
    holder.insert(0, box)
    add_class(item, "task")


def mark_code(draft: Draft) -> None:
    """Let a block of code, whose long lines scroll, be reached with a keyboard. Source: WCAG 2.2, criterion 2.1.1."""
    for block in draft.tagged("pre"):
        mark(block, "TCode")


def wrap_tables(draft: Draft) -> None:
    """Wrap each outermost table, so that a wide one scrolls by itself, with a keyboard too.

    A box that scrolls needs focus and a name; it is a group, not a region, so that many tables are not many landmarks.
    Source: WCAG 2.2, criteria 2.1.1 and 4.1.2.
    """
    for table in draft.tagged("table"):
        parent = table.getparent()
        if parent is None or within(table, "table"):
            continue
        caption = table.find("caption")
        label = plain(caption) if caption is not None else ""
        box = make("div", class_="table-scroll")
        mark(box, "T" + "".join(c for c in label if c not in "\"'<>&"))
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)
