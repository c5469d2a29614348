"""Headings: levels that fit below a post's title, ids, and the contents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.markup.characters import CLOSE, OPEN
from generator.markup.dom import MARK, mark, plain, remove, select, select_texts, take, within
from generator.markup.draft import Draft
from generator.model import Heading
from generator.slugs import slugify

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_IN_IDS = re.compile(r"[\s\"'<>&`]+")


def clean_id(name: str) -> str:
    """Take out of an id what it may not hold, or what could end an attribute."""
    return _NOT_IN_IDS.sub("", name)


def mark_ids(draft: Draft) -> None:
    """Make every id of the body a placeholder, unique in it: the written ones first, as links are meant for them."""
    if "id" in draft.attributes or "name" in draft.attributes:
        for element in select(draft.root, "descendant::*[@id or @name]"):
            older = take(element, "name")
            name = clean_id(take(element, "id") or older)
            if name:
                mark(element, f"A{draft.claim(name)}")


def mark_headings(draft: Draft) -> None:
    """Shift the headings below the post's title, give an id to each, and gather the contents.

    Levels follow from the order alone: a heading stands one below the nearest earlier one that its author made
    greater, the greatest at 2. So no level is skipped, which WCAG 1.3.1 asks and the Nu validator holds for an error.
    Headings inside quotations are not part of the contents.
    """
    above: list[int] = []
    quoted = "blockquote" in draft.by_tag
    for heading in [] if draft.by_tag.keys().isdisjoint(LEVELS) else list(draft.root.iter(*LEVELS)):
        text = heading_text(heading)
        if not text and next(heading.iter("img"), None) is None:
            remove(heading)
            continue
        written = int(heading.tag[1])
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        level = min(len(above) + 1, 6)
        heading.tag = f"h{level}"
        name = _marked_id(heading)
        if not name:
            name = draft.claim(slugify(text) or "section")
            mark(heading, f"A{name}")
        if text and not (quoted and within(heading, "blockquote")):
            draft.headings.append(Heading(level, name, text))


def heading_text(heading: Element) -> str:
    """Return a heading's text without its footnote marks."""
    if not len(heading) or next(heading.iter("sup"), None) is None:
        return plain(heading)
    texts = select_texts(heading, "descendant::text()[not(ancestor::sup[@class='footnote-ref'])]")
    return " ".join("".join(map(str, texts)).split())


def _marked_id(heading: Element) -> str:
    for code in heading.get(MARK, "").strip(OPEN + CLOSE).split(CLOSE + OPEN):
        if code.startswith("A"):
            return code[1:]
    return ""
