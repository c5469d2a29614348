"""Figures: a picture with a caption, alone in a paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import has_text, make_element
from generator.markup.draft import BodyTree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def make_figures(draft: BodyTree) -> None:
    """Turn a paragraph that holds a picture with a title, and nothing else, into a figure with a caption.

    The picture may stand in a link. Without a title the paragraph stays as it is: a figure without a caption has no
    name that a screen reader could say.
    """
    for image in draft.tagged("img"):
        caption = (image.get("title") or "").strip()
        holder = image.getparent()
        if holder is not None and holder.tag == "a" and _alone(image):
            holder = holder.getparent()
        if not caption or holder is None or holder.tag != "p" or not _alone(holder[0]):
            continue
        if image not in (holder[0], holder[0][0] if len(holder[0]) else None):
            continue
        del image.attrib["title"]
        holder.tag = "figure"
        holder.text, holder[0].tail = None, None
        holder.append(make_element("figcaption", text=caption))


def _alone(element: Element) -> bool:
    """Return True if an element is all its parent holds."""
    parent = element.getparent()
    return parent is not None and len(parent) == 1 and not has_text(parent.text) and not has_text(element.tail)
