"""What Blogger's editor left in texts: tables around pictures with captions, and its mark for the jump break."""

from __future__ import annotations

import re

_CAPTION = re.compile(r"(?is)<table\b[^<>]*\btr-caption-container\b[^<>]*>(.*?)</table\s*>")
_PICTURE = re.compile(r"(?is)(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?")
_WORDS = re.compile(r"(?is)<td\b[^<>]*\btr-caption\b(?!-)[^<>]*>(.*?)</td\s*>")
_JUMP = re.compile(r"(?is)<a\b[^<>]*\bname\s*=\s*[\"']more[\"'][^<>]*>\s*</a\s*>")


def convert_captions(html: str) -> str:
    """Turn a table around a picture and its caption into a figure, and the jump break into the mark of the excerpt."""
    html = _JUMP.sub("<!--more-->", html, count=1)
    return _CAPTION.sub(_figure, html)


def _figure(match: re.Match[str]) -> str:
    picture, words = _PICTURE.search(match[1]), _WORDS.search(match[1])
    if picture is None:
        return match[0]
    caption = f"<figcaption>{words[1]}</figcaption>" if words else ""
    return f"<figure>{picture[0]}{caption}</figure>"
