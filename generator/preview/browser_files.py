"""The preview's own files for the browser, and how a page refers to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from generator.digest import digest_bytes

OWN_PREFIX = "/__openletter/"
_FOLDER = Path(__file__).parent / "files"


@cache
def load_browser_files() -> Mapping[str, bytes]:
    """Read all of them: name → bytes."""
    return {file.name: file.read_bytes() for file in sorted(_FOLDER.iterdir()) if file.is_file()}


@cache
def digest_browser_files() -> str:
    """Hash the files, for URLs that browsers may cache."""
    return digest_bytes(b"\0".join(name.encode() + data for name, data in load_browser_files().items()))[:12]


def make_file_url(name: str) -> str:
    """Give the address of one of the files."""
    return f"{OWN_PREFIX}files/{digest_browser_files()}/{name}"


OWN_PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}
"""What goes with a page of the preview's own."""


def render_own_page(name: str) -> bytes:
    """Give a page of the preview's own, with its style sheets and scripts named in full."""
    page = load_browser_files()[name]
    for each in load_browser_files():
        page = page.replace(b'="%s"' % each.encode(), b'="%s"' % make_file_url(each).encode())
    return page


def make_script_tag(facts: Mapping[str, Any], origin: str, nonce: str = "") -> str:
    """Write the element that brings the preview into a page; ASCII. In full, for a page may have a base of its own."""
    data = escape(json.dumps(facts, separators=(",", ":")), quote=True)
    source = escape(origin + make_file_url("client.js"), quote=True)
    with_nonce = f' nonce="{nonce}"' if nonce else ""
    return f'<script type="module" src="{source}"{with_nonce} data-openletter="{data}"></script>'
