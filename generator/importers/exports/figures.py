"""Write figures as Markdown: a picture alone in its paragraph, its caption as the title."""

from __future__ import annotations

from typing import Any

from generator.importers.captions import make_caption
from generator.importers.exports.trees import words_of, write_element
from generator.importers.snippets import format_picture

_INLINE = ("figcaption", "strong", "em", "b", "i", "p")


def write_figure(figure: Any) -> str:
    """Write a figure of one picture with a plain caption, or the link of a video; "" if Markdown cannot say it."""
    pictures = list(figure.iter("img"))
    captions = list(figure.iter("figcaption"))
    if (
        len(pictures) != 1
        or len(captions) > 1
        or next(figure.iter("table", "video", "audio", "blockquote"), None) is not None
    ):
        return ""
    picture = pictures[0]
    link = next((each for each in picture.iterancestors("a") if each.get("href")), None)
    if words_of(figure) != (words_of(captions[0]) if captions else ""):
        return ""
    caption = make_caption(_inner(captions[0]) if captions else "")
    if caption.rich or not caption.words:
        return "" if caption.words else _plain(picture, link)
    return format_picture(
        picture.get("src", ""), picture.get("alt", ""), caption, link=link.get("href") if link is not None else ""
    )


def _plain(picture: Any, link: Any) -> str:
    return format_picture(
        picture.get("src", ""), picture.get("alt", ""), link=link.get("href") if link is not None else ""
    )


def _inner(node: Any) -> str:
    return write_element(node).partition(">")[2].rpartition("<")[0]
