"""The order in which files are published: what a page needs is there before the page."""

from __future__ import annotations

import re
from enum import IntEnum
from pathlib import PurePosixPath

DIGESTED = r"(?:(?:^|/)assets/.*|\.[0-9]{2,4}|social-card)\.[0-9a-f]{8}\.[a-z0-9]+$"
"""Names that the build makes from a file's bytes: files of the theme, pictures in another size, social cards.
A person's `report.20261130.pdf` is none. All web servers read this expression."""
_NAMED_BY_BYTES = re.compile(rf"{DIGESTED}|\.pf_(?:fragment|index|meta|filter|sort)$")
_PAGES = (".html", ".htm")
_FEEDS = (".xml", ".rss", ".atom", ".ics")
_NOTICES = frozenset({"feed.json", "robots.txt", "_redirects", "_headers", ".htaccess", "CNAME", ".nojekyll"})
_COMPRESSED = (".gz", ".br")


class SendStage(IntEnum):
    """A step of sending."""

    DIGESTED = 0
    ASSETS = 1
    NEW_PAGES = 2
    CHANGED_PAGES = 3
    FEEDS = 4


def is_digested(path: str) -> bool:
    """Return True if a file's name changes with its bytes, so that it never has others."""
    return _NAMED_BY_BYTES.search(_plain(path)) is not None


def is_page(path: str) -> bool:
    """Return True for HTML."""
    return _plain(path).endswith(_PAGES)


def is_feed(path: str) -> bool:
    """Return True for what programs read to learn of changes: feeds, calendars, the sitemap."""
    path = _plain(path)
    return path.endswith(_FEEDS) or PurePosixPath(path).name in _NOTICES


def stage_of(path: str, *, is_new: bool) -> SendStage:
    """Choose the step of a file.

    What others name comes first: the parts of the search before its entry, new pages before the lists of them.
    """
    if is_feed(path):
        return SendStage.FEEDS
    if not is_page(path):
        return SendStage.DIGESTED if is_digested(path) else SendStage.ASSETS
    return SendStage.NEW_PAGES if is_new else SendStage.CHANGED_PAGES


def _plain(path: str) -> str:
    """Remove the suffix of a compressed copy, which belongs to its original."""
    return path[: -len(_COMPRESSED[0])] if path.endswith(_COMPRESSED) else path
