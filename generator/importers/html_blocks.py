"""Lay out the HTML of a post so that no Markdown engine changes it.

Engines end an HTML block at a blank line, or at its closing tag, and read the rest as Markdown. So each top-level
element becomes a block without blank lines, and loose text goes into a `div`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "ol", "p", "pre", "section", "table", "ul",
))  # fmt: skip
_BLANK_LINES = re.compile(r"\n(?=[ \t]*\n)")
_MORE = re.compile(r"<!--\s*more\b[^<>]*-->", re.IGNORECASE)


def lay_out_html(html: str) -> tuple[str, bool]:
    """Lay HTML out as blocks. The second value is False if repairing the HTML lost text.

    The excerpt marker stays between the blocks.
    """
    from lxml.etree import ParserError, XMLSyntaxError

    parts, whole = [], True
    for part in _MORE.split(html):
        if not part.strip():
            continue
        try:
            parts.append("\n\n".join(_blocks(part)))
        except (ParserError, XMLSyntaxError, ValueError, RecursionError):
            parts.append(_one_block(part))
            whole = False
    if _words("".join(parts)) != _words("".join(_MORE.split(html))):
        whole = False
    return "\n\n<!--more-->\n\n".join(parts), whole


def _blocks(html: str) -> list[str]:
    from lxml.html import fragments_fromstring

    found: list[str] = []
    loose: list[str] = []
    nodes = cast(list[Any], fragments_fromstring(html))  # the first one may be text
    for node in nodes:
        if isinstance(node, str):
            loose.append(_escape(node))
            continue
        tail = node.tail or ""
        node.tail = None
        if node.tag in _BLOCKS:
            _close(found, loose)
            found.append(_no_blank_lines(_write(node)))
        else:
            loose.append(_write(node))
        loose.append(_escape(tail))
    _close(found, loose)
    return found


def _close(found: list[str], loose: list[str]) -> None:
    text = "".join(loose).strip()
    loose.clear()
    if text:
        found.append(f"<div>{_no_blank_lines(text)}</div>")


def _write(node: HtmlElement) -> str:
    from lxml.etree import tostring

    return tostring(node, encoding="unicode", method="html")


def _no_blank_lines(html: str) -> str:
    """Write the line ends of blank lines as character references: a `pre` shows them, elsewhere they are spaces."""
    return _BLANK_LINES.sub("\n&#10;", html.strip("\n")) if "\n" in html else html


def _one_block(html: str) -> str:
    return f"<div>{_no_blank_lines(html)}</div>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(html: str) -> str:
    """Reduce HTML to its letters, to detect lost text."""
    from html import unescape

    import nh3

    return "".join(unescape(nh3.clean(html, tags=set(), clean_content_tags=set())).split()).replace("&#10;", "")
