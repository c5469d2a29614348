"""Write a text in Lexical, Ghost's format since 5.0, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from generator.importers.ghost.cards import write_card

MAX_DEPTH = 60
_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark"))
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "blockquote"}


def write_lexical(document: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Write the text; also return the names of cards that we do not know. Raises: ValueError if it is malformed."""
    unknown: list[str] = []
    root = document.get("root")
    if not isinstance(root, Mapping):
        raise ValueError("The text is not Lexical.")
    return _children(root, unknown, 0), unknown


def _children(node: Mapping[str, Any], unknown: list[str], depth: int) -> str:
    found = node.get("children")
    children: Iterable[Any] = found if isinstance(found, list) else ()
    return "".join(_node(each, unknown, depth + 1) for each in children if isinstance(each, Mapping))


def _node(node: Mapping[str, Any], unknown: list[str], depth: int) -> str:
    if depth > MAX_DEPTH:
        return ""
    kind = str(node.get("type", ""))
    if kind in ("text", "extended-text"):
        return _text(node)
    if kind in ("linebreak", "tab"):
        return "<br>" if kind == "linebreak" else "\t"
    if kind in _BLOCKS:
        return f"<{_BLOCKS[kind]}>{_children(node, unknown, depth)}</{_BLOCKS[kind]}>\n"
    if kind in ("heading", "extended-heading"):
        tag = node.get("tag") if node.get("tag") in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
        return f"<{tag}>{_children(node, unknown, depth)}</{tag}>\n"
    if kind in ("link", "autolink"):
        return f'<a href="{escape(str(node.get("url", "")))}">{_children(node, unknown, depth)}</a>'
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" else "ul"
        start = node.get("start")
        first = f' start="{start}"' if tag == "ol" and isinstance(start, int) and start != 1 else ""
        return f"<{tag}{first}>{_children(node, unknown, depth)}</{tag}>\n"
    if kind == "listitem":
        return f"<li>{_children(node, unknown, depth)}</li>"
    html = write_card(kind, node)
    if html is None:
        inner = _children(node, unknown, depth)
        unknown += [kind] if not inner else []
        return inner
    return f"{html}\n"


def _text(node: Mapping[str, Any]) -> str:
    html = escape(str(node.get("text", "")), quote=False)
    bits = node.get("format")
    for bit, tag in _FORMATS:
        if isinstance(bits, int) and bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html
