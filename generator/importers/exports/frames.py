"""Frames and players of other hosts: the page that a reader can open instead."""

from __future__ import annotations

import re
from html import escape, unescape

_VIDEOS = (
    (r"(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v|e)/(?!videoseries)([\w-]{6,20})", "https://www.youtube.com/watch?v={}"),
    (r"player\.vimeo\.com/video/(\d+)", "https://vimeo.com/{}"),
    (r"(?:www\.)?vimeo\.com/moogaloop\.swf\?clip_id=(\d+)", "https://vimeo.com/{}"),
    (r"(?:www\.)?dailymotion\.com/(?:embed/video|swf)/(\w+)", "https://www.dailymotion.com/video/{}"),
)  # fmt: skip
_PAGES = tuple((re.compile(rf"(?i)(?:https?:)?//{pattern}.*"), page) for pattern, page in _VIDEOS)
_OBJECT = re.compile(r"(?is)<object\b[^>]*>(.*?)</object\s*>")
_EMBED = re.compile(r"(?is)<embed\b[^>]*?\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))[^>]*>(?:\s*</embed\s*>)?")
_MOVIE = re.compile(
    r"(?is)<param\b(?=[^>]*\bname\s*=\s*[\"']?(?:movie|src)\b)[^>]*?\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
)
_DATA = re.compile(r"(?is)<object\b[^>]*?\bdata\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def page_of_frame(src: str) -> str:
    """Return the address of the page that a frame shows, for videos the one that people know."""
    src = src.strip()
    for pattern, page in _PAGES:
        if match := pattern.match(src):
            return page.format(match[1])
    return f"https:{src}" if src.startswith("//") else src


def frames_for_objects(html: str) -> str:
    """Replace `object` and `embed`, which are no longer shown by browsers, with frames."""
    if "<object" in html.lower():
        html = _OBJECT.sub(_object, html)
    return _EMBED.sub(lambda match: _frame(match[1] or match[2] or match[3] or ""), html)


def _object(match: re.Match[str]) -> str:
    found = _EMBED.search(match[1]) or _MOVIE.search(match[1]) or _DATA.search(match[0])
    groups = [group for group in found.groups() if group] if found else []
    return _frame(groups[0]) if groups else match[1]


def _frame(src: str) -> str:
    return f'<iframe src="{escape(unescape(src))}"></iframe>'
