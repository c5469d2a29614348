"""Repairs: what authors' HTML gets wrong, brought to what HTML allows now. An engine's own HTML needs none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import add_class, has_text, make_element, select, take_attribute, unwrap_element
from generator.markup.draft import BodyTree
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


def repair(draft: BodyTree) -> None:
    """Mend the tree: obsolete elements, stray parts of lists and figures, blocks in inline elements, bad values."""
    for old in RENAMED.keys() & draft.by_tag.keys():
        for element in draft.tagged(old):
            element.tag = RENAMED[old]
    for element in draft.tagged("center"):
        element.tag = "div"
        add_class(element, "align-center")
    for element in draft.tagged(*_PARENTS):
        _adopt(element)
    for element in draft.tagged("ul", "ol"):
        _mend_list(element)
    for element in draft.tagged(*_WRAPPERS):
        if len(element) and any(child.tag in BLOCK for child in element.iterdescendants()):
            unwrap_element(element)
    _mend_values(draft)


def _adopt(element: Element) -> None:
    parents, stand_in = _PARENTS[element.tag]
    parent = element.getparent()
    if parent is not None and parent.tag == "div" and "dl" in parents:
        parent = parent.getparent()  # a group of a description list may be in a div
    if parent is None or parent.tag not in parents:
        element.tag = stand_in
        take_attribute(element, "value")


def _mend_list(element: Element) -> None:
    """Put content of a list that is outside its items into new items."""
    if has_text(element.text):
        element.insert(0, make_element("li", text=(element.text or "").strip()))
        element.text = None
    for child in list(element):
        if child.tag != "li":
            item = make_element("li")
            element.replace(child, item)
            item.append(child)
        elif has_text(child.tail):
            child.addnext(make_element("li", text=(child.tail or "").strip()))
            child.tail = None


def _mend_values(draft: BodyTree) -> None:
    _mend_alignment(draft)
    _drop_empty(draft)
    for name, least in _NUMBERS.items():
        if name in draft.attributes:
            for element in select(draft.root, f"descendant::*[@{name}][not(self::data)]"):
                _mend_number(element, name, least)
    for name, choices in _CHOICES.items():
        if name in draft.attributes:
            for element in select(draft.root, f"descendant::*[@{name}][not(self::source or self::input)]"):
                if element.get(name) not in choices:
                    del element.attrib[name]


def _mend_alignment(draft: BodyTree) -> None:
    if "align" not in draft.attributes:
        return
    for element in select(draft.root, "descendant::*[@align]"):
        value = take_attribute(element, "align").strip().lower().replace("middle", "center")
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


def _drop_empty(draft: BodyTree) -> None:
    for name in ("lang", "datetime", "class", "title"):
        if name in draft.attributes and f' {name}=""' in draft.html:
            for element in select(draft.root, f"descendant::*[@{name}='']"):
                del element.attrib[name]
