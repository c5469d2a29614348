"""What a built page links to and what a browser loads with it, read from its HTML."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LOADED = {"script": "src", "img": "src", "iframe": "src", "embed": "src", "object": "data", "input": "src",
           "audio": "src", "video": "src", "source": "src", "track": "src"}  # fmt: skip
_STYLES = frozenset({"stylesheet", "icon", "apple-touch-icon", "preload", "modulepreload", "manifest"})


class PageContents(Struct, frozen=True):
    """A page's links and loads, as absolute addresses without fragments, each once."""

    links: tuple[str, ...]
    loads: tuple[str, ...]


def read_page(data: bytes, address: str) -> PageContents:
    """Read a page that stands at an absolute address."""
    from lxml import etree

    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        return PageContents((), ())
    links = (element.get("href", "") for element in root.iter("a", "area"))
    loads = (url for element in root.iter("link", *_LOADED) for url in _loads(element))
    return PageContents(_absolute(links, address), _absolute(loads, address))


def _loads(element: Element) -> Iterator[str]:
    name = str(element.tag)
    if name == "link" and not _STYLES.isdisjoint(element.get("rel", "").lower().split()):
        yield element.get("href", "")
    elif name in _LOADED:
        yield element.get(_LOADED[name], "")
        yield element.get("poster", "")
        if srcset := element.get("srcset", ""):
            yield from (part.strip().partition(" ")[0] for part in srcset.split(","))


def _absolute(found: Iterator[str], address: str) -> tuple[str, ...]:
    origin = _origin(address)
    whole = (_join(address, origin, url) for url in dict.fromkeys(url.strip() for url in found) if url)
    return tuple(dict.fromkeys(url for url in whole if url))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _join(address: str, origin: str, url: str) -> str:
    """Make an address absolute; "" if a browser could not open it, or if it is no page's, such as mailto:."""
    if url[0] == "/" and url[1:2] not in ("/", "\\") and "/." not in url and url.isprintable():
        return origin + url.partition("#")[0]  # nearly all links of a page: `urljoin` takes half of a check's time
    try:
        whole = urljoin(address, url).partition("#")[0]
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:  # brackets that are no IPv6 address, in a theme or an extension
        return ""


@lru_cache(maxsize=100_000)
def path_of(url: str, origin: str) -> str:
    """Return the decoded path of an address of this site; "" for one of another."""
    parts = urlsplit(url)
    return unquote(parts.path) or "/" if f"{parts.scheme}://{parts.netloc}" == origin else ""
