"""Resolve the shortcodes of Hugo and Zola that make a link or a picture: built-in ones and similar names."""

from __future__ import annotations

import re
from html import escape

from generator.importers.captions import Caption, make_caption, read_caption
from generator.importers.markdown.lead_pictures import is_picture
from generator.importers.markdown.template_tags import TagCall, TagContext
from generator.importers.plain_words import strip_markup
from generator.importers.snippets import format_picture

_PICTURE = re.compile(r"(?:^|[-_/])(?:image|img|picture|photo|figure|fig|imgproc|resize_image)(?:[-_.]|$)")
_SOURCES = ("src", "file", "path", "url", "image", "link")
_WEB = re.compile(r"(?:https?:)?//[^\s<>\"{}]+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_USER = re.compile(r"\w{1,30}")


def resolve_shortcode(call: TagCall, context: TagContext) -> str | None:
    """Resolve `ref`, `relref`, `link`, `figure`, `img`, similar shortcodes, and videos."""
    if call.name in ("ref", "relref", "link", "internal-link"):
        return _reference(call, context)
    if _PICTURE.search(call.name.lower()):
        return _picture(call, context)
    if call.name in ("tweet", "x"):
        return _tweet(call)
    return resolve_video(call)


def resolve_video(call: TagCall) -> str | None:
    """Convert a video to a link in its own paragraph."""
    written = call.value("id", "src", "url", "video") or (call.args[0] if call.args else "")
    kind = call.name.lower()
    if kind not in ("youtube", "vimeo"):
        return None
    if re.match(r"https://[^\s<>\"]+$", written):
        url = written
    elif _ID.fullmatch(written):
        url = f"https://www.youtube.com/watch?v={written}" if kind == "youtube" else f"https://vimeo.com/{written}"
    else:
        return None
    return f'<a href="{url}">{url}</a>' if call.html else f"<{url}>"


def _reference(call: TagCall, context: TagContext) -> str | None:
    written = call.value("path", "href") or (call.args[0] if call.args else "")
    path, hash_, fragment = written.partition("#")
    found = context.references.post(path) if path else ""
    if not path and fragment:
        return f"#{fragment}"
    return found + hash_ + fragment if found else None


def _tweet(call: TagCall) -> str | None:
    user, number = call.value("user"), call.value("id")
    if not _USER.fullmatch(user) or not number.isdigit():
        return None
    url = f"https://twitter.com/{user}/status/{number}"
    return f'<a href="{url}">{url}</a>' if call.html else f"<{url}>"


def _picture(call: TagCall, context: TagContext) -> str | None:
    src = call.value(*_SOURCES) or next(iter(call.args), "")
    known = is_picture(src) or (call.name == "figure" and _WEB.fullmatch(src))
    src = src if known else context.references.beside(src)
    if not src or "{" in src:
        return None
    caption = _caption(call)
    alt = strip_markup(call.value("alt")) or (call.args[1] if len(call.args) > 1 else "")
    alt = alt or caption.words or strip_markup(call.value("title"))
    link = call.value("link")
    return format_picture(src, alt, caption, link="" if link == src or "{" in link else link, html=call.html)


def _caption(call: TagCall) -> Caption:
    """Put a caption together as Hugo's `figure` does: the title, the caption, and whom it is owed to, with a link.

    Other pictures' titles are captions only beside another alternative text.
    """
    title = call.value("title") if call.name == "figure" or call.value("alt") else ""
    attribution, url = read_caption(call.value("attr")).html, call.value("attrlink")
    if attribution and url:
        attribution = f'<a href="{escape(url)}">{attribution}</a>'
    written = read_caption(call.value("caption")).html
    heading = read_caption(title).html
    if heading and (written or attribution):
        heading = f"<strong>{heading}</strong>"
    return make_caption(" ".join(filter(None, (heading, written, attribution))))
