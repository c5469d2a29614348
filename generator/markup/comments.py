"""Convert comments from an older blog: strangers wrote them, so less HTML is allowed than in a post."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

import nh3

from generator.markup.bare_addresses import has_sign, link_bare
from generator.markup.characters import strip_references, strip_refused
from generator.markup.dom import make_element, parse_html, replace_element, text_of, within, write_html
from generator.markup.emoji import set_emoji
from generator.markup.engine import engine_html
from generator.markup.indented_paragraphs import read_indented
from generator.markup.links import encode_url, host_of, tidy
from generator.markup.precheck import Refusal, check_nesting
from generator.markup.settings import MarkupSettings
from generator.markup.tokens import Tokens
from generator.markup.typography import code_texts, set_typography

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TAGS = """
    a abbr b blockquote br cite code del dd dl dt em h1 h2 h3 h4 h5 h6 i img ins kbd li ol p pre q s small strong sub
    sup u ul"""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_REL = ' rel="nofollow ugc"'
_IS_HTML = re.compile(r"<(?:p|br|div|blockquote|ul|ol|pre|h[1-6])\b[^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"\n\s*\n")


def comment_html(text: str, settings: MarkupSettings) -> str:
    """Convert a comment, Markdown or HTML, to sanitised HTML that needs no resolving.

    Ids and classes are removed; headings become bold paragraphs, and pictures become links. Links have
    `rel="nofollow ugc"` and absolute addresses. Never raises: a text that cannot be converted is shown unchanged.
    """
    text = strip_refused(text)
    try:
        html = text if _IS_HTML.search(text) else engine_html(read_indented(text)[0], settings)
        check_nesting(html)
        return _finish(_cleaner().clean(strip_references(html)), settings)
    except Refusal:
        return "".join(f"<p>{escape(part.strip())}</p>\n" for part in _BREAKS.split(text) if part.strip()).strip()


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        clean_content_tags={"script", "style", "svg", "math", "title", "noscript", "template", "object", "iframe"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc",
    )


def _finish(clean: str, settings: MarkupSettings) -> str:
    if not clean.strip():
        return ""
    addresses: set[str] = set()
    if has_sign(clean):
        clean = link_bare(clean, addresses.add, _REL)
    root = parse_html(clean)
    for image in list(root.iter("img")):
        _show_link(image)
    for link in list(root.iter("a")):
        _keep_whole(link)
    for heading in list(root.iter(*_HEADINGS)):
        _embolden(heading)
    _wrap_loose_text(root)
    tokens = Tokens(write_html(root))
    if settings.emoji:
        set_emoji(tokens, code_texts(tokens), addresses)
    if settings.typography:
        set_typography(tokens, settings.language, addresses)
    return tokens.write().strip()


def _show_link(image: Element) -> None:
    src = tidy(image.get("src", ""))
    host = host_of(src)
    alt = " ".join(image.get("alt", "").split())
    text = f"{alt} ({host})" if alt and host else alt or host
    if host and not within(image, "a"):
        replace_element(image, make_element("a", text=text, href=encode_url(src), rel="nofollow ugc"))
    else:
        replace_element(image, make_element("span", text=text))


def _keep_whole(link: Element) -> None:
    """Keep an address only if it is absolute: a relative one of the old blog would lead somewhere else on this site."""
    address = tidy(link.get("href", ""))
    if host_of(address) or address.lower().startswith("mailto:"):
        link.set("href", encode_url(address))
    else:
        link.attrib.clear()


def _embolden(heading: Element) -> None:
    strong = make_element("strong", text=heading.text or "")
    heading.text = None
    strong.extend(list(heading))
    heading.tag = "p"
    heading.append(strong)


def _wrap_loose_text(root: Element) -> None:
    """Put a comment that is one line of HTML without any block into a paragraph."""
    if not any(child.tag in _BLOCKS for child in root) and text_of(root).strip():
        paragraph = make_element("p", text=root.text or "")
        paragraph.extend(list(root))
        root.text = None
        root.append(paragraph)


_BLOCKS = frozenset(("p", "blockquote", "ul", "ol", "dl", "pre"))
