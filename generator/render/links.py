"""Resolve a link or picture of a body: to another source, a file, an address of the site, an anchor.

Links are resolved when a page is rendered, and each lookup is a recorded read. So when a target appears, the links to
it work again.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from posixpath import normpath
from typing import TYPE_CHECKING, Protocol
from unicodedata import normalize
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from generator.markup.links import encode_url
from generator.site.addresses import as_address, output_path, own_address, root_relative
from generator.site.discussion import ANCHOR, comment_anchors
from generator.site.source_names import SOURCE_SUFFIXES, bare_name, source_path

if TYPE_CHECKING:
    from generator.render.facade import Site
    from generator.site.index_model import RefusedPicture

# A plain address of the site, without dots, escapes, query or fragment. Most addresses are plain.
_PLAIN = re.compile(r"/|(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+/?")
_NO_SOURCE = "there is no post or page at that path"
_NOTHING = "the site has no such page or file"


class Linking(Protocol):
    """A document whose links are resolved: its card, or what else has its path and its root-relative URL."""

    @property
    def key(self) -> str:
        """The path of its source."""

    @property
    def url(self) -> str:
        """Its root-relative URL."""


class LinkTarget(Struct, frozen=True):
    """The target of a link. `url` is root-relative; None if only the words are shown.

    `broken` is the reason why the link is broken, "" if it is not. `state` is the reason why its target is not public,
    as in `site.hidden`.
    """

    url: str | None
    broken: str = ""
    state: str = ""


def resolve_link(site: Site, doc: Linking, target: str, anchors: Collection[str]) -> LinkTarget:
    """Resolve an internal link as its author wrote it; `anchors` are those of the author's own text."""
    if _PLAIN.fullmatch(target) and target[-1] == "/":  # a page by its address: most links are
        url = site.root + target[1:]
        return LinkTarget(url) if site.has_output(f"{target[1:]}index.html") else _absent(site, target, url)
    if _PLAIN.fullmatch(target) and not target.lower().endswith(SOURCE_SUFFIXES):
        return _on_site(site, target, "")
    written, fragment = urldefrag(target)
    known: Collection[str] | None = None
    key = doc.key
    if not written:
        place, known = LinkTarget(doc.url), anchors
    elif urlsplit(written).path.lower().endswith(SOURCE_SUFFIXES):
        key = _source(site, doc, written)
        url = site.url_of(key)
        if url:
            place, known = LinkTarget(url + _query(written)), _anchors_of(site, key) if fragment else None
        else:
            place = _file(site, written) or _absent(site, key, None, _NO_SOURCE)
    else:
        place = _address(site, doc, written)
    if place.url is None or not fragment:
        return place
    missing = ""
    # What follows `:~:` is words to be marked (W3C Text Fragments).
    name = normalize("NFC", unquote(fragment.partition(":~:")[0]))
    if name and known is not None and name not in known and not _is_comment(site, key, name):
        missing = f'that page has no heading or anchor "{name}"'
    return LinkTarget(f"{place.url}#{encode_url(fragment)}", place.broken or missing)


def resolve_address(site: Site, written: str) -> LinkTarget:
    """Resolve an address of the site as settings write it: root-relative without the base path, or absolute.

    An address on another site is taken as it is.
    """
    address = written if written.startswith("/") else own_address(site.context.config, written)
    if address is None or address.startswith("//"):
        return LinkTarget(written)
    parts = urlsplit(address)
    place = _on_site(site, unquote(parts.path), "")
    return LinkTarget(None if place.url is None else site.link(written), place.broken, place.state)


def _absent(site: Site, place: str, url: str | None, broken: str = _NOTHING) -> LinkTarget:
    """Resolve a link to something that the build does not make: a hidden or faulty source, an address, a mistake."""
    state = site.hidden_state(place)
    return LinkTarget(None, state=state) if state else LinkTarget(url, broken)


def _file(site: Site, written: str) -> LinkTarget | None:
    """Resolve a link to a Markdown file that is copied unchanged: `/notes.md` in content/static."""
    url = site.url_of(source_path("", written)) if written.startswith("/") else ""
    return LinkTarget(url + _query(written)) if url else None


def _query(written: str) -> str:
    query = urlsplit(written).query
    return f"?{encode_url(query)}" if query else ""


def resolve_picture(site: Site, doc: Linking, src: str) -> str:
    """Return the source file of a picture on this site; "" if there is none.

    `/a.png` is in content/static, `a.png` beside the document, or the only file of that name.
    """
    plain = _PLAIN.fullmatch(src) and not src.endswith("/")
    key = f"content/static{src}" if plain else source_path(doc.key, src)
    return key if site.url_of(key) else _named(site, src)


def find_refusal(site: Site, doc: Linking, src: str) -> RefusedPicture | None:
    """Return why a picture of this site, or a file that a link names, cannot be shown; None for all others."""
    path = source_path(doc.key, src)
    return site.refusal(path) or site.refusal(site.find_named(bare_name(src)) or path)


def _named(site: Site, written: str) -> str:
    """Find the published source with a bare file name; "" if there is none, or several."""
    key = site.find_named(bare_name(written))
    return key if key and site.url_of(key) else ""


def _source(site: Site, doc: Linking, written: str) -> str:
    """Return the source that a link names: relative to the document, or with a slash from the site's folder.

    A bare file name that is not beside the document names the only source with that name.
    """
    path = normalize("NFC", unquote(urlsplit(written).path))
    if path.startswith("/"):
        path = path.lstrip("/")
        return normpath(path if path.startswith("content/") else f"content/{path}")
    key = source_path(doc.key, written)
    return key if site.url_of(key) else site.find_named(bare_name(written)) or key


def _anchors_of(site: Site, key: str) -> Collection[str]:
    return site.stored_body(key).anchors


def _is_comment(site: Site, key: str, anchor: str) -> bool:
    """Return True if an anchor is that of a comment which a document's page shows."""
    card = site.stored_card(key) if anchor.startswith(ANCHOR) else None
    return card is not None and anchor in comment_anchors(site.discussion(card).comments)


def _address(site: Site, doc: Linking, written: str) -> LinkTarget:
    """Resolve a link to a file beside the document, else to an address of the site."""
    path = normalize("NFC", unquote(urlsplit(written).path))
    if path.startswith("/"):
        return _on_site(site, path, _query(written))
    key = source_path(doc.key, written)
    if beside := site.url_of(key):
        return LinkTarget(beside + _query(written))
    if state := site.hidden_state(key):
        return LinkTarget(None, state=state)
    config = site.context.config
    below = urljoin(doc.url, written)
    if not below.startswith(config.base_path):
        return LinkTarget(None, "it points outside the site")
    path = "/" + normalize("NFC", unquote(urlsplit(below).path)).removeprefix(config.base_path)
    named = "" if site.has_output(path[1:]) else _named(site, written)
    if named:
        return LinkTarget(site.url_of(named) + _query(written))
    return _on_site(site, path, _query(written))


def _on_site(site: Site, path: str, query: str) -> LinkTarget:
    if not path.endswith("/") and site.has_output(path.lstrip("/")):
        return LinkTarget(_url(site, path) + query)
    page = as_address(path)
    if site.has_output(output_path(page)):
        return LinkTarget(_url(site, page) + query)
    return _absent(site, path, _url(site, path) + query)


def _url(site: Site, path: str) -> str:
    return site.root + path[1:] if _PLAIN.fullmatch(path) else root_relative(site.context.config, path)
