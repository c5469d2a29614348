"""Reduce HTML to what must survive a conversion: its words, links, pictures, and the order of its elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from generator.importers.exports.frames import page_of_frame
from generator.importers.exports.trees import parse_fragment

_BLOCKS = frozenset((
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "tr", "td",
    "th", "br", "hr", "details", "summary", "audio", "video",
))  # fmt: skip
_MARKS = frozenset((
    "strong", "em", "code", "del", "sub", "sup", "u", "mark", "kbd", "small", "cite", "abbr", "ins", "q",
))  # fmt: skip
_SAME = {"b": "strong", "i": "em", "strike": "del", "s": "del", "tt": "code"}
_BREAKS = _BLOCKS | {
    "figure", "figcaption", "p", "div", "section", "article", "center", "caption", "header", "footer", "aside",
    "address",
}  # fmt: skip


class Reduced(NamedTuple):
    """The words, the addresses of links and of pictures, and the names of elements, each in order.

    `marks` are the names of elements within lines, sorted: `<b><i>` and `<i><b>` look the same.
    """

    words: str
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def reduce_html(html: str) -> Reduced:
    """Reduce a fragment of HTML."""
    found = _Found()
    _walk(parse_fragment(html), found)
    text = " ".join("".join(found.words).replace("\u00a0", " ").split())
    return Reduced(text, tuple(found.links), tuple(found.pictures), tuple(found.shape), tuple(sorted(found.marks)))


@dataclass(slots=True)
class _Found:
    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


def _walk(node: Any, found: _Found) -> None:
    name = node.tag if isinstance(node.tag, str) else ""
    name = _SAME.get(name, name)
    if name in _BLOCKS:
        found.shape.append(name)
    elif name in _MARKS:
        found.marks.append(name)
    else:
        _note_address(node, name, found)
    if name in ("audio", "video"):
        _note_address(node, name, found)
    edge = "\n" if name in _BREAKS else ""
    found.words += [edge, node.text or "" if name else ""]
    for child in node:
        _walk(child, found)
        found.words.append(child.tail or "")
    found.words.append(edge)


def _note_address(node: Any, name: str, found: _Found) -> None:
    if name == "a" and node.get("href"):
        found.links.append(_address(node.get("href")))
    elif name in ("img", "source", "audio", "video") and node.get("src"):
        found.pictures.append(_address(node.get("src")))
        found.words.append(f"\n{node.get('title')}\n" if node.get("title") else "")  # a caption, in Markdown
    elif name == "iframe":
        found.links.append(_address(page_of_frame(node.get("src", ""))))


def _address(url: str) -> str:
    return unquote(url.strip()).replace(" ", "%20")
