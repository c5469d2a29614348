"""Find the pictures of imported posts that are still on another site, which a page shows as links."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import urlsplit

from generator.importers.import_model import Note, Topic

_PICTURE = re.compile(
    r"!\[[^\]\n]*\]\(<?(?P<markdown>https?://[^\s()<>]+)|<img\b[^<>]*?\bsrc\s*=\s*[\"']?(?P<html>https?://[^\s\"'<>]+)",
    re.IGNORECASE,
)


def list_outside_pictures(text: str, lead: str, path: str, shown_hosts: Collection[str]) -> list[Note]:
    """Note each host that pictures of a post are still on, except those whose pictures the site shows."""
    addresses = [match["markdown"] or unescape(match["html"]) for match in _PICTURE.finditer(text)]
    hosts = {_host(address) for address in (*addresses, lead)} - {"", *shown_hosts}
    return [Note(Topic.OUTSIDE, f"on {host}", path) for host in sorted(hosts)]


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # such as an unclosed bracket
        return ""
