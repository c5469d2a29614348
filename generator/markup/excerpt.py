"""The excerpt: the text above `<!--more-->`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.markup.characters import CLOSE, MORE, OPEN
from generator.markup.dom import has_text, make_element, remove_element, select, select_texts
from generator.markup.sanitise import INLINE
from generator.markup.tokens import VOID

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENT = re.compile(r"<!--\s*more\b[^<>]*-->", re.IGNORECASE)
# A written body has values with a quotation mark in single quotes.
_TAG = re.compile(r"""(<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>)""")
_LINES = INLINE | {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
_REFERENCE = re.compile(
    f'<sup class="footnote-ref"{OPEN}F[^{CLOSE}]*{CLOSE}>'
    f'<a role="doc-noteref"{OPEN}G[^{CLOSE}]*{CLOSE}>[0-9]+</a></sup>'
)


def keep_more(html: str) -> str:
    """Replace `<!--more-->` with a character that no author can write, so that sanitising keeps its place."""
    return _COMMENT.sub(MORE, html) if "<!--" in html else html


def place_more(root: Element) -> None:
    """Keep only the first mark. If it is at the start or end of a paragraph or an inline element, move it out."""
    for element in select(root, f"descendant::*[@*[contains(., '{MORE}')]]"):
        for name, value in element.items():
            element.set(name, str(value).replace(MORE, ""))
    mark = None
    for node in select_texts(root, f"descendant::text()[contains(., '{MORE}')]"):
        owner, text = node.getparent(), str(node)
        before, _, after = text.partition(MORE)
        if mark is None:
            mark = make_element("wbr")
            mark.tail = after.replace(MORE, "")
        else:
            before = text.replace(MORE, "")
        if node.is_tail:
            owner.tail = before
        else:
            owner.text = before
        if mark.getparent() is None:
            parent = owner.getparent() if node.is_tail else owner
            assert parent is not None, "a tail has an element beside it"
            parent.insert(parent.index(owner) + 1 if node.is_tail else 0, mark)
    if mark is not None:
        _move_out(mark)
        mark.tail = MORE + (mark.tail or "")
        remove_element(mark)


def _move_out(mark: Element) -> None:
    """Move the mark out of paragraphs, headings and inline elements while one side of it is empty."""
    parent = mark.getparent()
    while parent is not None and parent.tag in _LINES:
        outer, place = parent.getparent(), 0
        if outer is None:
            return
        if mark.getnext() is None and not has_text(mark.tail):
            place, mark.tail, parent.tail = 1, parent.tail, None
        elif mark.getprevious() is not None or has_text(parent.text):
            return
        else:
            parent.text, mark.tail = mark.tail, None
        parent.remove(mark)
        outer.insert(outer.index(parent) + place, mark)
        if not len(parent) and not has_text(parent.text):
            remove_element(parent)
        parent = outer


def cut(html: str) -> tuple[str, str]:
    """Split a written body at its mark: (all of it, the excerpt without footnote references).

    The excerpt closes elements that are open at the mark, and leaves out those that are still empty.
    """
    if MORE not in html:
        return html, ""
    above, _, below = html.partition(MORE)
    parts = _TAG.split(above)
    while len(parts) > 2 and not parts[-1].strip() and _begins(parts[-2]):
        del parts[-2:]
    open_: list[str] = []
    for tag in parts[1::2]:
        if tag[1] == "/":
            open_.pop()
        elif _begins(tag):
            open_.append(tag[1:-1].partition(" ")[0].partition(OPEN)[0])
    ends = "".join(f"</{name}>" for name in reversed(open_))
    excerpt = _REFERENCE.sub("", "".join(parts).rstrip() + ends).strip()
    return above + below.replace(MORE, ""), excerpt


def _begins(tag: str) -> bool:
    """Return True if a tag begins an element with an end tag."""
    return tag[1] != "/" and tag[1:-1].partition(" ")[0].partition(OPEN)[0] not in VOID
