"""Figures: a picture with a caption, alone in a paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.alt_text import are_same, mark_repeated, split_decorative
from generator.markup.dom import make_element, text_of
from generator.markup.draft import BodyTree
from generator.markup.insets import is_alone

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def make_figures(draft: BodyTree) -> None:
    """Turn a paragraph with only a picture that has a title into a figure with a caption.

    The picture may be inside a link. Without a title, the paragraph does not change: a figure without a caption has no
    name for a screen reader. A caption that repeats the alternative text is said once.
    """
    for image in draft.tagged("img"):
        is_decorative, caption = split_decorative(image.get("title") or "")
        holder = image.getparent()
        if holder is not None and holder.tag == "a" and is_alone(image):
            holder = holder.getparent()
        if not caption or holder is None or holder.tag != "p" or not is_alone(holder[0]):
            continue
        if image not in (holder[0], holder[0][0] if len(holder[0]) else None):
            continue
        del image.attrib["title"]
        if is_decorative:
            image.set("alt", "")
        holder.tag = "figure"
        holder.text, holder[0].tail = None, None
        holder.append(make_element("figcaption", text=caption))
    for written in draft.root.iter("figcaption"):
        _say_once(written)


def _say_once(caption: Element) -> None:
    """Mark the alternative text of a figure's only picture if the caption repeats it."""
    figure = caption.getparent()
    images = [] if figure is None else list(figure.iter("img"))
    if len(images) == 1 and are_same(images[0].get("alt") or "", text_of(caption)):
        images[0].set("alt", mark_repeated(images[0].get("alt") or ""))
