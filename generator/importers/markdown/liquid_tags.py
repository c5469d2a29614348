"""Resolve the Liquid and Nunjucks tags that make a link or a picture: Jekyll's, its plugins' and Eleventy's."""

from __future__ import annotations

import re

from generator.importers.captions import read_caption
from generator.importers.markdown.lead_pictures import is_picture
from generator.importers.markdown.shortcodes import resolve_video
from generator.importers.markdown.template_tags import TagCall, TagContext
from generator.importers.marks import BASE
from generator.importers.plain_words import strip_markup
from generator.importers.snippets import format_picture

_PICTURE = re.compile(r"(?:^|[-_/])(?:image|img|picture|photo|figure|fig|asset|asset_img|asset_path)(?:[-_./]|$)")
_INCLUDE = ("include", "include_relative", "include_cached", "render", "partial")
_STRING = re.compile(r"\"([^\"{}]*)\"|'([^'{}]*)'")
_BROKEN = re.compile(r"[ \t]*\n[ \t>]*")  # an address wrapped by an editor, possibly in a quotation
_NAME = re.compile(r"(?:(site|page)\.)?([A-Za-z_][\w.-]*)")
_WEB = re.compile(r"https?://[^\s<>\"]+")
_TO_URL = frozenset(("url", "relative_url", "absolute_url", "asset_url", "link", "localize_url"))
_NOTHING = frozenset(("safe", "escape", "strip", "raw", "html_safe", "uri_escape", "e", "strip_newlines"))
_SOURCE = re.compile(r"(?i)\.(?:md|markdown|mkdn?|mdown|html?)$")


def resolve_liquid_tag(call: TagCall, context: TagContext) -> str | None:
    """Resolve `{% link %}`, `{% post_url %}`, `{% image %}`, `{% include figure.html … %}` and similar tags."""
    if call.name in ("post_url", "link"):
        return _link(call, context)
    if call.name in _INCLUDE:
        first = call.args[0] if call.args else ""
        return _picture(call, context, call.args[1:]) if _PICTURE.search(first.lower()) else None
    if _PICTURE.search(call.name.lower()):
        return _picture(call, context, call.args)
    return resolve_video(call)


def resolve_output(written: str, context: TagContext) -> str | None:
    """Resolve `{{ site.baseurl }}`, `{{ "/x/" | url }}`, `{{ page.image | relative_url }}` and similar tags."""
    first, *filters = (part.strip() for part in written.split("|"))
    value = _value(first, context)
    for each in filters:
        name, _, argument = (part.strip() for part in each.partition(":"))
        if value is None:
            return None
        value = _filtered(value, name, argument)
    return value


def _value(written: str, context: TagContext) -> str | None:
    string = _STRING.fullmatch(written)
    if string:
        return _BROKEN.sub("", string[1] if string[1] is not None else string[2])
    if written in ("site.baseurl", "site.url", "site.baseUrl", "pathPrefix", "baseurl"):
        return BASE
    name = _NAME.fullmatch(written)
    if name is None:
        return None
    known = context.settings if name[1] == "site" else context.post.values
    found = known.get(name[2]) or known.get(name[2].lower().replace("-", "_"))
    return " ".join(found.split()) if found and "{" not in found else None


def _filtered(value: str, name: str, argument: str) -> str | None:
    if name in _TO_URL:
        if re.match(r"[a-z][a-z0-9+.-]*:|//|#", value) or value.startswith(BASE):
            return value
        return f"{BASE}/{value.lstrip('/')}"
    if name in _NOTHING:
        return value
    if name in ("embed", "youtube", "vimeo", "video"):
        return f"<{value}>" if _WEB.fullmatch(value) else None
    string = _STRING.fullmatch(argument)
    text = (string[1] or string[2] or "") if string else None
    if argument in ("site.baseurl", "site.url"):
        text = BASE
    if text is None or name not in ("prepend", "append"):
        return None
    return text + value if name == "prepend" else value + text


def _link(call: TagCall, context: TagContext) -> str | None:
    if not call.args:
        return None
    written, hash_, fragment = call.args[0].partition("#")
    found = context.references.post(written)
    if found:
        return found + hash_ + fragment
    return None if call.name == "post_url" or _SOURCE.search(written) else f"{BASE}/{written.lstrip('/')}"


def _picture(call: TagCall, context: TagContext, args: tuple[str, ...]) -> str | None:
    names = ("src", "image", "url", "file", "path", "image_path", "img", "image_url", "filename", "image_src", "source")
    src = call.value(*names) or next((arg for arg in args if is_picture(arg)), "")
    if not is_picture(src) or "{" in src:
        return None
    words = [arg for arg in args if arg != src]
    alt = call.value("alt", "alt_text", "image_alt", "description", "title") or (words[-1] if words else "")
    caption = read_caption(call.value("caption", "figcaption", "image_caption"))
    if not re.match(r"(?:https?:)?/", src) and not context.references.beside(src):
        src = f"{BASE}/{src}"
    return format_picture(src, strip_markup(alt), caption, html=call.html)
