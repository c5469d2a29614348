"""Find the other hosts that a page or a style sheet contacts when a browser loads it: not where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from types import MappingProxyType

from generator.model import Contact, Purpose
from generator.patterns import lazy_pattern

_LOADING: Mapping[str, tuple[Purpose, tuple[str, ...]]] = MappingProxyType(
    {
        "script": ("script", ("src",)),
        "iframe": ("frame", ("src",)),
        "embed": ("frame", ("src",)),
        "object": ("frame", ("data",)),
        "img": ("image", ("src", "srcset")),
        "input": ("image", ("src",)),
        "video": ("media", ("src", "poster")),
        "audio": ("media", ("src",)),
        "source": ("media", ("src", "srcset")),
        "track": ("media", ("src",)),
        "form": ("form", ("action",)),
        "button": ("form", ("formaction",)),
        "image": ("image", ("href", "xlink:href")),
        "use": ("image", ("href", "xlink:href")),
    }
)
"""Element → what it loads for, and the attributes that hold addresses."""

_RELATIONS: Mapping[str, Purpose] = MappingProxyType(
    {
        "stylesheet": "style",
        "icon": "image",
        "apple-touch-icon": "image",
        "manifest": "connection",
        "preconnect": "connection",
        "dns-prefetch": "connection",
        "preload": "connection",
        "prefetch": "connection",
        "modulepreload": "script",
    }
)
_HOST = lazy_pattern(r"(?:https?:)?//([a-z0-9.-]+(?::[0-9]+)?|\[[0-9a-f:.]+\](?::[0-9]+)?)(?=[/?#]|$)", re.IGNORECASE)
_IN_STYLE = lazy_pattern(
    r"""/\*.*?(?:\*/|\Z)|@namespace[^;]*;?|@import\s+(?:url\(\s*)?["']?([^"'()\s;]+)|url\(\s*["']?([^"'()\s]+)""",
    re.DOTALL | re.IGNORECASE,
)


def outside_host(address: str) -> str:
    """Return the host of an http address, with its port, in lower case; "" for any other address."""
    match = _HOST.match(address.strip())
    return match[1].lower() if match else ""


def contacts_of_page(html: str) -> set[Contact]:
    """Find the hosts that a page contacts, in HTML, in SVG or in a template; never raises."""
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


def contacts_of_styles(css: str) -> set[Contact]:
    """Find the hosts that a style sheet contacts."""
    addresses = (match[1] or match[2] or "" for match in _IN_STYLE.finditer(css))
    return {Contact(host, "style") for address in addresses if (host := outside_host(address))}


class _Finder(HTMLParser):
    """Collects the contacts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[Contact] = set()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the addresses of an element."""
        values = {name: value for name, value in attrs if value}
        self._in_style = tag == "style"
        self.found |= contacts_of_styles(values.get("style", ""))
        purpose, names = _LOADING.get(tag, ("image", ()))
        if tag == "link":
            purpose, names = self._relation(values)
        for name in names:
            for address in _addresses(name, values.get(name, "")):
                if host := outside_host(address):
                    self.found.add(Contact(host, purpose))
        if host := outside_host(values.get("data-frame", "")):
            self.found.add(Contact(host, "frame", on_click=True))

    def _relation(self, values: Mapping[str, str]) -> tuple[Purpose, tuple[str, ...]]:
        relations = values.get("rel", "").lower().split()
        purpose = next((_RELATIONS[each] for each in relations if each in _RELATIONS), None)
        return (purpose, ("href",)) if purpose and "alternate" not in relations else ("connection", ())

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a style sheet."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Read the style sheets in the page."""
        if self._in_style:
            self.found |= contacts_of_styles(data)


def _addresses(name: str, value: str) -> Iterator[str]:
    if name != "srcset":
        yield value
    else:
        yield from (part.split()[0] for part in value.split(",") if part.split())
