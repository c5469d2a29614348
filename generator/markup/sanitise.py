"""The allow-list: the HTML that an author may write. It applies to the output of every engine.

It lets nothing through that runs: no script, no event handler, no `style`, no form, no address that is not http, https,
mailto or tel. Classes stay, because a site's theme may use them; `align` stays for the shared pass, which turns it
into a class. Frames stay for the shared pass too, which replaces them with a link unless
`raw_html = "trusted"`; that setting also allows the attributes of frames and players. `generator.registry` decides what
extensions may add.
"""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from generator.registry import MarkdownAddition

SCHEMES = {"http", "https", "mailto", "tel"}

_INLINE_WORDS = """
    a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup
    time u var wbr"""
_BLOCK_WORDS = """
    address article aside blockquote caption col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 h4
    h5 h6 header hr li ol p pre section summary table tbody td tfoot th thead tr ul"""
INLINE = frozenset(_INLINE_WORDS.split())
BLOCK = frozenset(_BLOCK_WORDS.split())
MEDIA = frozenset({"audio", "video", "source", "iframe"})
OBSOLETE = frozenset({"acronym", "center", "strike", "tt"})
"""Kept so that the shared pass can replace them with today's elements."""

TASK = frozenset({"input"})
"""Kept only as the check boxes of task lists, which the shared pass replaces; it removes all others."""

KEPT = INLINE | BLOCK | MEDIA | OBSOLETE
"""The elements that an author may write; frames become links."""

DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "svg",
    "math",
    "title",
    "noscript",
    "template",
    "object",
    "textarea",
    "select",
}

NOT_PUBLISHED = frozenset((*DROPPED_WITH_CONTENT, "button", "canvas", "datalist", "embed", "form", "frame", "input"))
"""The elements that run, draw or ask: no page has them."""

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir", "title", "align"},
    "a": {"href", "hreflang", "name", "aria-label"},
    "audio": {"src", "controls"},
    "video": {"src", "controls", "width", "height", "poster"},
    "source": {"src", "type"},
    "iframe": {"src", "title"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope", "abbr"},
    "time": {"datetime"},
}
_TRUSTED: dict[str, set[str]] = {
    "iframe": {"width", "height", "allow", "allowfullscreen", "loading", "referrerpolicy", "sandbox"},
    "video": {"autoplay", "loop", "muted", "playsinline", "preload"},
    "audio": {"loop", "muted", "preload"},
}
_FRAME = re.compile(r"<iframe((?: [a-z-]+=\"[^\"]*\")*)>.*?</iframe>", re.DOTALL)


def sanitise(html: str, *, trusted: bool = False, additions: tuple[MarkdownAddition, ...] = ()) -> str:
    """Keep what the allow-list names. The result is well-formed: every element closed, every value quoted."""
    clean = _cleaner(trusted, additions).clean(html)
    if "<iframe" in clean:
        clean = _FRAME.sub(r"<iframe\1></iframe>", clean)  # raw text, which another parser may read as markup
    return clean.replace("<p></p>", "")


@lru_cache(maxsize=8)
def _cleaner(trusted: bool, additions: tuple[MarkdownAddition, ...]) -> nh3.Cleaner:
    attributes = {tag: names | (_TRUSTED.get(tag, set()) if trusted else set()) for tag, names in _ATTRIBUTES.items()}
    for addition in additions:
        for tag, names in addition.attributes.items():
            attributes[tag] = attributes.get(tag, set()) | names
    return nh3.Cleaner(
        tags=set(INLINE | BLOCK | MEDIA | OBSOLETE | TASK).union(*(addition.tags for addition in additions)),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=attributes,
        url_schemes=SCHEMES,
        link_rel=None,
    )
