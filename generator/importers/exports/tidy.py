"""Tidy the HTML of an old editor: what Word, old themes and div soup left behind goes, what it says stays."""

from __future__ import annotations

import re
from typing import Any

from generator.importers.exports.frames import frames_for_objects, page_of_frame
from generator.importers.exports.trees import parse_fragment, words_of, write_element
from generator.markup.alt_text import describe_weak
from generator.markup.sanitise import sanitise

MORE_CLASS = "ol-more"
_MORE = re.compile(r"<!--\s*more\b[^<>]*?-->", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[[^<>]*\]>", re.DOTALL)
_WORD = re.compile(r"(?i)</?(?:o|w|v|st1|m):[a-z0-9]+[^<>]*>|</?font\b[^<>]*>")
_KEPT_CLASSES = re.compile(r"language-[\w+#-]+|pullquote|button|ol-more")
_SMILEY = re.compile(r"(?:^|\s)(?:emoji|wp-smiley)(?:\s|$)")
"""Classes of the pictures that old editors put in the place of an emoji, which is their description."""

_EMPTY_GOES = frozenset(("p", "strong", "em", "b", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6", "li", "small", "code"))
_UNWRAPPED = frozenset(("span", "center", "bdi", "data", "time"))
_SHOWS = ("img", "iframe", "video", "audio", "hr", "br", "input", "table")


def tidy_html(html: str) -> str:
    """Sanitise HTML and take away what only an old editor or theme had a use for."""
    html = _MORE.sub(f'<hr class="{MORE_CLASS}">', html)
    html = _WORD.sub("", _COMMENT.sub("", frames_for_objects(html)))
    root = parse_fragment(sanitise(html))
    for node in list(root.iter()):
        if isinstance(node.tag, str) and node is not root:
            _tidy(node)
    for node in root.iter("p", "li", "td", "th", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"):
        while len(node) and node[-1].tag == "br" and not (node[-1].tail or "").strip():
            node.remove(node[-1])  # a break at the end shows nothing
    for node in list(root.iter("br")):
        if next(node.iterancestors("pre"), None) is not None:
            node.tail = f"\n{node.tail or ''}"
            node.drop_tag()
    for node in reversed(list(root.iter(*_EMPTY_GOES))):
        if not words_of(node) and next(node.iter(*_SHOWS), None) is None and not node.get("id"):
            _remove(node)
    return write_element(root).removeprefix("<div>").removesuffix("</div>")


def _tidy(node: Any) -> None:
    if node.tag == "img" and _SMILEY.search(node.get("class", "")) and node.get("alt"):
        node.tag, node.text = "span", node.get("alt")
        node.attrib.clear()
    _keep_classes(node)
    if node.get("align"):
        del node.attrib["align"]
    if node.tag == "iframe":
        _show_page(node)
    elif node.tag == "acronym":
        node.tag = "abbr"
    elif node.tag in ("strike", "s"):
        node.tag = "del"
    elif node.tag == "tt":
        node.tag = "code"
    elif node.tag == "a" and not node.get("href"):
        _keep_anchor(node)
    elif node.tag in _UNWRAPPED and not (set(node.attrib) - {"datetime", "value"}):
        node.drop_tag()
    elif node.tag == "img":
        _tidy_picture(node)


def _tidy_picture(node: Any) -> None:
    node.attrib.pop("title", None)  # a tooltip: Openletter shows a title as the caption
    if not node.get("src"):
        _remove(node)
    elif describe_weak(node.get("alt", ""), node.get("src")):
        node.set("alt", "")  # a file's name, which the old editor put there by itself


def _keep_classes(node: Any) -> None:
    """Keep the classes that mean something here; the others belong to a theme, or to Word."""
    written = node.get("class")
    if written is None:
        return
    kept = " ".join(name for name in written.split() if _KEPT_CLASSES.fullmatch(name))
    if kept:
        node.set("class", kept)
    else:
        del node.attrib["class"]


def _keep_anchor(node: Any) -> None:
    """Keep an anchor by its id, except the one that marked an excerpt."""
    name = node.get("id") or node.get("name") or ""
    if not name or name == "more" or name.startswith("more-"):
        node.drop_tag()
        return
    node.attrib.clear()
    node.set("id", name)


def _show_page(frame: Any) -> None:
    """Replace a frame with a link to the page that it shows; a video alone in its paragraph is shown as a card."""
    page = page_of_frame(frame.get("src", ""))
    tail, frame.tail = frame.tail, None
    frame.clear()
    frame.tail = tail
    if not page.startswith(("http://", "https://")):
        frame.drop_tag()
        return
    frame.tag = "a"
    frame.set("href", page)
    frame.text = page


def _remove(node: Any) -> None:
    node.drop_tree()
