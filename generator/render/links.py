"""Resolve a link or picture of a body: to another source, a file, an address of the site, an anchor.

Links are resolved through the tracked site when a page is rendered, so a link heals as soon as its target appears.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from posixpath import normpath
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from generator.errors import Problem, warning
from generator.markup.links import encode_url
from generator.site.addresses import as_address, output_path, root_relative
from generator.site.index_model import Card
from generator.site.source_names import SOURCE_SUFFIXES, bare_name, meant_hint, source_path

if TYPE_CHECKING:
    from generator.render.facade import Site

# A plain address of the site, without dots, escapes, query or fragment. Most addresses are plain.
_PLAIN = re.compile(r"/|(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+/?")
_UNPUBLISHED = "there is no published post or page at that path"
_NOTHING = "the site has no such page or file"
_MISSING = (
    "Check its name, including capitals. Put it beside the post, or in content/static if its address begins with /."
)


class LinkTarget(Struct, frozen=True):
    """The target of a link. `url` is root-relative, None if there is no target.

    `problems` are the reasons, one for each place of the link.
    """

    url: str | None
    problems: tuple[Problem, ...] = ()


def resolve_link(site: Site, doc: Card, target: str, anchors: Collection[str]) -> LinkTarget:
    """Resolve an internal link as its author wrote it; `anchors` are those of the author's own text."""
    if _PLAIN.fullmatch(target) and target[-1] == "/":  # a page by its address: most links are
        there = site.has_output(f"{target[1:]}index.html")
        return LinkTarget(site.home + target[1:], () if there else _dead(site, doc, target, _NOTHING))
    if _PLAIN.fullmatch(target) and not target.lower().endswith(SOURCE_SUFFIXES):
        return _on_site(site, doc, target, "", target)
    written, fragment = urldefrag(target)
    known: Collection[str] | None = None
    if not written:
        place, known = LinkTarget(doc.url), anchors
    elif urlsplit(written).path.lower().endswith(SOURCE_SUFFIXES):
        key = _source(site, doc, written)
        url = site.url_of(key)
        if url:
            place, known = LinkTarget(url + _query(written)), _anchors_of(site, key) if fragment else None
        else:
            place = _file(site, written) or LinkTarget(None, _dead(site, doc, target, _UNPUBLISHED))
    else:
        place = _address(site, doc, written, target)
    if place.url is None or not fragment:
        return place
    missing: tuple[Problem, ...] = ()
    name = normalize(
        "NFC", unquote(fragment.partition(":~:")[0])
    )  # what follows is words to be marked (W3C Text Fragments)
    if name and known is not None and name not in known:
        missing = _dead(site, doc, target, f'that page has no heading or anchor "{name}"')
    return LinkTarget(f"{place.url}#{encode_url(fragment)}", place.problems or missing)


def _file(site: Site, written: str) -> LinkTarget | None:
    """Resolve a link to a Markdown file that is carried over as it is: `/notes.md` in content/static."""
    url = site.url_of(source_path("", written)) if written.startswith("/") else ""
    return LinkTarget(url + _query(written)) if url else None


def _query(written: str) -> str:
    query = urlsplit(written).query
    return f"?{encode_url(query)}" if query else ""


def resolve_picture(site: Site, doc: Card, src: str) -> str:
    """Return the source file of a picture on this site; "" if there is none.

    `/a.png` is in content/static, `a.png` beside the document, or the only file of that name.
    """
    plain = _PLAIN.fullmatch(src) and not src.endswith("/")
    key = f"content/static{src}" if plain else source_path(doc.key, src)
    return key if site.url_of(key) else _named(site, src)


def _named(site: Site, written: str) -> str:
    """Find the source that alone has a bare file name, and is published; "" if there is none."""
    key = site.find_named(bare_name(written))
    return key if key and site.url_of(key) else ""


def dead_picture(site: Site, doc: Card, src: str) -> Iterator[Problem]:
    """Make the warnings about a picture that does not exist, one for each place where it is."""
    hint = meant_hint(site.find_meant(doc, src)) or _MISSING
    for line, column in site.locate(doc.key, src):
        yield warning(doc.key, "dead-picture", f'There is no picture "{src}".', hint, line=line, column=column)


def _source(site: Site, doc: Card, written: str) -> str:
    """Return the source that a link means: relative to the document, or with a slash from the site's folder.

    A bare file name that is not beside the document is that of the only source that has it.
    """
    path = normalize("NFC", unquote(urlsplit(written).path))
    if path.startswith("/"):
        path = path.lstrip("/")
        return normpath(path if path.startswith("content/") else f"content/{path}")
    key = source_path(doc.key, written)
    return key if site.url_of(key) else site.find_named(bare_name(written)) or key


def _anchors_of(site: Site, key: str) -> Collection[str]:
    return site.stored_body(key).anchors


def _address(site: Site, doc: Card, written: str, target: str) -> LinkTarget:
    """Resolve a link to a file beside the document, else to an address of the site."""
    path = normalize("NFC", unquote(urlsplit(written).path))
    if not path.startswith("/"):
        beside = site.url_of(source_path(doc.key, written))
        if beside:
            return LinkTarget(beside + _query(written))
        config = site.context.config
        below = urljoin(doc.url, written)
        if not below.startswith(config.base_path):
            return LinkTarget(None, _dead(site, doc, target, "it points outside the site"))
        path = "/" + normalize("NFC", unquote(urlsplit(below).path)).removeprefix(config.base_path)
        named = "" if site.has_output(path[1:]) else _named(site, written)
        if named:
            return LinkTarget(site.url_of(named) + _query(written))
    return _on_site(site, doc, path, _query(written), target)


def _on_site(site: Site, doc: Card, path: str, query: str, target: str) -> LinkTarget:
    if not path.endswith("/") and site.has_output(path.lstrip("/")):
        return LinkTarget(_url(site, path) + query)
    page = as_address(path)
    if site.has_output(output_path(page)):
        return LinkTarget(_url(site, page) + query)
    return LinkTarget(_url(site, path) + query, _dead(site, doc, target, _NOTHING))


def _url(site: Site, path: str) -> str:
    return site.home + path[1:] if _PLAIN.fullmatch(path) else root_relative(site.context.config, path)


def _dead(site: Site, doc: Card, target: str, why: str) -> tuple[Problem, ...]:
    message = f'Broken link "{target}": {why}.'
    hint = meant_hint(site.find_meant(doc, target)) or "Correct the link, or remove it."
    return tuple(
        warning(doc.key, "dead-link", message, hint, line=line, column=column)
        for line, column in site.locate(doc.key, target)
    )
