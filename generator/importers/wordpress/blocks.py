"""Blocks of WordPress' editor: the comments around them go; what they show stays."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from generator.importers.wordpress.paragraphs import add_paragraphs
from generator.importers.wordpress.shortcodes import Library

_BLOCK = re.compile(r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][\w/-]*)\s+(?P<data>\{.*?\}\s+)?(?P<alone>/)?-->", re.DOTALL)
_URL = re.compile(r"(?is)<div class=\"wp-block-embed__wrapper\">\s*(\S+?)\s*</div>")
_PULLQUOTE = re.compile(
    r"(?is)<figure\b[^<>]*\bwp-block-pullquote\b[^<>]*>\s*<blockquote[^<>]*>(.*?)</blockquote>\s*</figure>"
)
_BUTTON = re.compile(r"(?is)<div class=\"wp-block-button[ \"][^<>]*>\s*(<a\b.*?</a>)\s*</div>")
_GALLERY = re.compile(r"(?is)<(?:ul|ol)\b[^<>]*\b(?:blocks-gallery-grid|wp-block-gallery)\b[^<>]*>(.*?)</(?:ul|ol)>")
_ITEM = re.compile(r"(?is)<li\b[^<>]*>\s*(<figure\b.*?</figure>)\s*</li>")
_CODE = re.compile(r"(?is)<pre class=\"wp-block-(?:preformatted|verse)[^<>]*>")
_SILENT = frozenset((
    "paragraph", "heading", "list", "list-item", "image", "gallery", "quote", "pullquote", "buttons", "button",
    "columns", "column", "group", "cover", "media-text", "table", "embed", "details", "code", "preformatted",
    "verse", "html", "more", "nextpage", "separator", "spacer", "freeform", "classic", "audio", "video", "file",
    "row", "stack", "shortcode", "core-embed", "footnotes", "social-links", "missing", "text-columns",
    "subhead",
))  # fmt: skip
"""Blocks whose words are in the text."""


def has_blocks(text: str) -> bool:
    """Return True if a text was written in the block editor."""
    return "<!-- wp:" in text


def convert_blocks(text: str, library: Library) -> tuple[str, list[str]]:
    """Take the blocks' comments away; return the text and the names of blocks whose content is not in it."""
    out: list[str] = []
    left: list[str] = []
    at = depth = 0
    for match in _BLOCK.finditer(text):
        between = text[at : match.start()]
        out.append(add_paragraphs(between) if not depth and between.strip() else between)
        at = match.end()
        name = match["name"].removeprefix("core/")
        if match["end"]:
            depth = max(depth - 1, 0)
            continue
        if not match["alone"]:
            depth += 1
            if name in ("freeform", "classic"):
                depth -= 1
                continue
        made = _alone(name, _data(match["data"]), library) if match["alone"] else ""
        out.append(made or "")
        if match["alone"] and not made and name.partition("/")[0] not in _SILENT:
            left.append(name)
    rest = text[at:]
    out.append(add_paragraphs(rest) if not depth and rest.strip() else rest)
    return _shape("".join(out)), left


def _data(written: str | None) -> dict[str, Any]:
    try:
        found = json.loads(written) if written else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _alone(name: str, data: dict[str, Any], library: Library) -> str:
    """Write a block that has data and no text: a gallery, a picture or an embed by its address."""
    ids = data.get("ids")
    if name == "gallery" and isinstance(ids, list):
        return "".join(
            f'<figure><img src="{escape(each.url)}" alt="{escape(each.alt)}"></figure>'
            for each in library(map(str, ids))
        )
    url = data.get("url") or data.get("src")
    if isinstance(url, str) and re.match(r"https?://\S+$", url):
        tag = "img" if name in ("image", "cover") else ""
        return (
            f'<p><img src="{escape(url)}" alt=""></p>' if tag else f'<p><a href="{escape(url)}">{escape(url)}</a></p>'
        )
    return ""


def _shape(html: str) -> str:
    """Give the parts of blocks the shape that our themes know."""
    html = _URL.sub(lambda match: f'<p><a href="{match[1]}">{match[1]}</a></p>', html)
    html = _PULLQUOTE.sub(r'<blockquote class="pullquote">\1</blockquote>', html)
    html = _GALLERY.sub(lambda match: "\n".join(_ITEM.findall(match[1])) or match[0], html)
    html = _CODE.sub("<pre>", html)
    return _BUTTON.sub(r"<p>\1</p>", html)
