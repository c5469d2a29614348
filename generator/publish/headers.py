"""The headers of each file, for places that keep them with it."""

from __future__ import annotations

from pathlib import PurePosixPath

from generator.digest import digest
from generator.publish.stages import is_digested

FOR_A_YEAR = "public, max-age=31536000, immutable"
"""For names that change with their bytes. Source: RFC 8246."""
REVALIDATE = "public, max-age=0, must-revalidate"
"""For pages and feeds: browsers ask each time, and usually learn that nothing has changed. Source: RFC 9111, 5.2.2."""
_HOUR = "public, max-age=3600"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml; charset=utf-8",
    ".xsl": "application/xslt+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".epub": "application/epub+zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".gz": "application/gzip",
    ".wasm": "application/wasm",
}
"""Suffix → media type. Source: https://www.iana.org/assignments/media-types; a table of ours, because that of the
system differs from machine to machine."""
_NAMES = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "_redirects": "text/plain; charset=utf-8",
    "_headers": "text/plain; charset=utf-8",
}
_MEDIA = ("image/", "audio/", "video/", "font/")


def content_type(path: str) -> str:
    """Choose the media type of a file."""
    name = PurePosixPath(path)
    return _NAMES.get(name.name) or _TYPES.get(name.suffix.lower(), "application/octet-stream")


def cache_control(path: str) -> str:
    """Choose for how long browsers keep a file."""
    if is_digested(path):
        return FOR_A_YEAR
    return _HOUR if content_type(path).startswith(_MEDIA) else REVALIDATE


def headers_digest(path: str, redirect: str = "") -> str:
    """Hash a file's headers, to notice that they have changed. `redirect` is where the place leads its readers on."""
    return digest(content_type(path), cache_control(path), *filter(None, [redirect]))[:8]
