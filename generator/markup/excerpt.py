"""The excerpt: the text above `<!--more-->`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.markup.characters import CLOSE, MORE, OPEN
from generator.markup.dom import has_text, remove_element, select, select_texts, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENT = re.compile(r"<!--\s*more\b[^<>]*-->", re.IGNORECASE)
_REFERENCE = re.compile(
    f'<sup class="footnote-ref"{OPEN}F[^{CLOSE}]*{CLOSE}>'
    f'<a role="doc-noteref"{OPEN}G[^{CLOSE}]*{CLOSE}>[0-9]+</a></sup>'
)


def keep_more(html: str) -> str:
    """Replace `<!--more-->` with a character that no author can write, so that sanitising keeps its place."""
    return _COMMENT.sub(MORE, html) if "<!--" in html else html


def place_more(root: Element) -> bool:
    """Move the first mark to the nearest boundary between the root's blocks; remove all others. False: no mark.

    A block that has something before the mark belongs to the excerpt whole, so the excerpt is always well-formed.
    """
    nodes = select_texts(root, f"descendant::text()[contains(., '{MORE}')]")
    for element in select(root, f"descendant::*[@*[contains(., '{MORE}')]]"):
        for name, value in element.items():
            element.set(name, str(value).replace(MORE, ""))
    placed = False
    for node in nodes:
        owner, text = node.getparent(), str(node)
        at_top = owner is root or (node.is_tail and owner.getparent() is root)
        first, _, rest = text.partition(MORE)
        keep = MORE if at_top and not placed else ""
        new = first + keep + rest.replace(MORE, "")
        if node.is_tail:
            owner.tail = new
        else:
            owner.text = new
        if not at_top and not placed:
            _mark_boundary(root, owner, node.is_tail, first)
        placed = True
    return placed


def _mark_boundary(root: Element, owner: Element, is_tail: bool, first: str) -> None:
    top = owner
    while (parent := top.getparent()) is not None and parent is not root:
        top = parent
    something_before = has_text(first) or _has_content_before(top, owner, is_tail)
    previous = top.getprevious()
    if something_before or previous is None:
        top.tail = MORE + (top.tail or "")
    else:
        previous.tail = (previous.tail or "") + MORE
    if not len(top) and not has_text(top.text):
        remove_element(top)


def _has_content_before(top: Element, owner: Element, is_tail: bool) -> bool:
    for element in top.iter():
        if element is owner:
            return is_tail and (has_text(text_of(owner)) or owner.tag == "img")
        if (
            has_text(element.text)
            or element.tag == "img"
            or (element.tail and element is not top and has_text(element.tail))
        ):
            return True
    return False


def cut(html: str) -> tuple[str, str]:
    """Split a written body at its mark: (all of it, the excerpt without footnote references)."""
    if MORE not in html:
        return html, ""
    above, _, below = html.partition(MORE)
    excerpt = _REFERENCE.sub("", above).strip()
    return above + below.replace(MORE, ""), excerpt
