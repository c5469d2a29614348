"""Figures: a picture with a caption, alone in a paragraph."""

from __future__ import annotations

from generator.markup.dom import make_element
from generator.markup.draft import BodyTree
from generator.markup.insets import is_alone


def make_figures(draft: BodyTree) -> None:
    """Turn a paragraph with only a picture that has a title into a figure with a caption.

    The picture may be inside a link. Without a title, the paragraph does not change: a figure without a caption has no
    name for a screen reader.
    """
    for image in draft.tagged("img"):
        caption = (image.get("title") or "").strip()
        holder = image.getparent()
        if holder is not None and holder.tag == "a" and is_alone(image):
            holder = holder.getparent()
        if not caption or holder is None or holder.tag != "p" or not is_alone(holder[0]):
            continue
        if image not in (holder[0], holder[0][0] if len(holder[0]) else None):
            continue
        del image.attrib["title"]
        holder.tag = "figure"
        holder.text, holder[0].tail = None, None
        holder.append(make_element("figcaption", text=caption))
