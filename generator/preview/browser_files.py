"""The preview's own files for the browser, and how a page refers to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from generator.digest import digest_bytes
from generator.preview.tool_words import fill_page, fill_script
from generator.words import find_words

OWN_PREFIX = "/__openletter/"
_FOLDER = Path(__file__).parent / "files"


@cache
def load_browser_files(language: str) -> Mapping[str, bytes]:
    """Read all of them, with their words in a language (English if it has no catalogue): name → bytes."""
    texts = {file.name: file.read_text("utf-8") for file in sorted(_FOLDER.iterdir()) if file.is_file()}
    words = find_words(language)
    scripts = [text for name, text in texts.items() if name.endswith(".js")]
    texts["words.js"] = fill_script(texts["words.js"], scripts, words)
    pages = {name: fill_page(text, words) for name, text in texts.items() if name.endswith(".html")}
    return {name: text.encode() for name, text in {**texts, **pages}.items()}


@cache
def digest_browser_files(language: str) -> str:
    """Hash the files, for URLs that browsers may cache."""
    return digest_bytes(b"\0".join(name.encode() + data for name, data in load_browser_files(language).items()))[:12]


def make_file_url(name: str, language: str) -> str:
    """Return the URL of one of the files."""
    return f"{OWN_PREFIX}files/{digest_browser_files(language)}/{name}"


OWN_PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        "frame-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}
"""The headers of a page of the preview's own."""


def render_own_page(name: str, language: str) -> bytes:
    """Render a page of the preview's own, with the full URLs of its style sheets and scripts."""
    page = load_browser_files(language)[name]
    for each in load_browser_files(language):
        page = page.replace(b'="%s"' % each.encode(), b'="%s"' % make_file_url(each, language).encode())
    return page


def make_script_tag(facts: Mapping[str, Any], origin: str, language: str, nonce: str = "") -> str:
    """Write the element that adds the preview's tools to a page; ASCII. Its URL is absolute: pages may have a base."""
    data = escape(json.dumps(facts, separators=(",", ":")), quote=True)
    source = escape(origin + make_file_url("client.js", language), quote=True)
    with_nonce = f' nonce="{nonce}"' if nonce else ""
    return f'<script type="module" src="{source}"{with_nonce} data-openletter="{data}"></script>'
