"""The tree of a sanitised body: parse it, search it, change it, write it.

An element's marks are placeholders in place of attributes (`<a⟦L3⟧>` for a link). In the tree they are the value of one
attribute, which sanitised HTML never has; `write_html` turns them into placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from generator.markup.characters import CLOSE, OPEN
from generator.markup.precheck import MAX_DEPTH, too_deep
from generator.markup.tokens import VOID

if TYPE_CHECKING:
    from lxml.etree import HTMLParser, XPath
    from lxml.etree import _Element as Element

MARK = "data-o"
_ODD_END = re.compile("<(([^ <>/]+)[^<>]*)/>|</(?:source|wbr)>")


def parse_html(html: str) -> Element:
    """Parse sanitised HTML into a `div` around it. Raises: Refusal if elements are nested too deeply."""
    from lxml import etree

    check_depth(html)
    return etree.fromstring(f"<div>{html}</div>", _parser())[0][0]


@lru_cache(maxsize=1)
def _parser() -> HTMLParser:
    from lxml import etree

    return etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)


def check_depth(html: str) -> None:
    """Refuse nesting so deep that libxml2 would cut it off silently, or a stack would overflow. Raises: Refusal."""
    if html.count("</") <= MAX_DEPTH:
        return
    depth = 0
    for piece in html.split("<")[1:]:
        if piece[0] == "/":
            depth -= 1
        elif piece.split(None, 1)[0].split(">", 1)[0] not in VOID:
            depth += 1
            if depth > MAX_DEPTH:
                raise too_deep()


def write_html(root: Element) -> str:
    """Write the content of a tree's root as HTML, with values in double quotation marks and marks as placeholders.

    The tree is written as XML first: as HTML, libxml2 would omit end tags, encode addresses and choose other quotes.
    """
    from lxml import etree

    xml: str = etree.tostring(root, encoding="unicode", with_tail=False)
    html = "" if xml.endswith("/>") else _ODD_END.sub(_end, xml[xml.index(">") + 1 : -len("</div>")])
    if "#" in html:
        html = html.replace("&#10;", "\n").replace("&#9;", "\t").replace("&#13;", "\r")
    return html.replace(f' {MARK}="{OPEN}', OPEN).replace(f'{CLOSE}"', CLOSE) if OPEN in html else html


def _end(match: re.Match[str]) -> str:
    """End an empty element as HTML does; a void element gets no end, even if libxml2 put another into it."""
    if match[1] is None:
        return ""
    return f"<{match[1]}>" if match[2] in VOID else f"<{match[1]}></{match[2]}>"


def mark_element(element: Element, code: str) -> None:
    """Add a placeholder to an element. The code must not contain a quotation mark, `<`, `>` or `&`."""
    element.set(MARK, f"{element.get(MARK, '')}{OPEN}{code}{CLOSE}")


class TextNode(Protocol):
    """A text of the tree as an XPath expression returns it: a string that knows its element."""

    is_tail: bool

    def getparent(self) -> Element:
        """Return the element whose text or tail this is."""
        ...


def select(root: Element, expression: str) -> list[Element]:
    """List the elements that an XPath expression finds."""
    return cast("list[Element]", _compiled(expression)(root))


def select_texts(root: Element, expression: str) -> list[TextNode]:
    """List the texts that an XPath expression finds."""
    return cast("list[TextNode]", _compiled(expression)(root))


@lru_cache(maxsize=64)
def _compiled(expression: str) -> XPath:
    from lxml import etree

    return etree.XPath(expression)


def text_of(element: Element) -> str:
    """Return all text of an element, with its white space."""
    if not len(element):
        return element.text or ""
    return "".join(cast("Iterator[str]", element.itertext()))


def plain_text(element: Element) -> str:
    """Return all text of an element, runs of white space as one."""
    return " ".join(text_of(element).split())


def take_attribute(element: Element, name: str) -> str:
    """Remove an attribute and return its value; "" if there is none."""
    value = element.get(name)
    if value is None:
        return ""
    del element.attrib[name]
    return value


def has_text(text: str | None) -> bool:
    """Return True if there is more than white space."""
    return bool(text and text.strip())


def within(element: Element, *tags: str) -> bool:
    """Return True if an element is inside one of these."""
    return next(element.iterancestors(*tags), None) is not None


def remove_element(element: Element) -> None:
    """Remove an element and its content, but keep the text after it. Do nothing if it was removed before."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
        element.tail = None
    parent.remove(element)


def unwrap_element(element: Element) -> None:
    """Remove an element; its content and the text after it stay. Do nothing if it was removed before."""
    parent = element.getparent()
    if parent is None:
        return
    before, children = element.getprevious(), list(element)
    text, tail, element.tail = element.text or "", element.tail or "", None
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    else:
        text += tail
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    for child in reversed(children):
        element.addnext(child)
    parent.remove(element)


def replace_element(old: Element, new: Element) -> None:
    """Replace an element with another one; the text after it stays. Do nothing if it was removed before."""
    parent = old.getparent()
    if parent is None:
        return
    new.tail, old.tail = old.tail, None
    parent.replace(old, new)


def make_element(tag: str, *, text: str = "", **attributes: str) -> Element:
    """Make an element; `class_` is its class."""
    from lxml import etree

    element = etree.Element(tag, {name.strip("_").replace("_", "-"): value for name, value in attributes.items()})
    if text:
        element.text = text
    return element


def classes(element: Element) -> list[str]:
    """Return an element's classes."""
    return (element.get("class") or "").split()


def add_class(element: Element, name: str) -> None:
    """Add a class to an element that may have others."""
    element.set("class", " ".join([*(c for c in classes(element) if c != name), name]))
