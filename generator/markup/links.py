"""Links: those inside the site become placeholders, the others are made valid and stay."""

from __future__ import annotations

import re
from urllib.parse import quote

from generator.markup.draft import BodyFacts, BodyTree
from generator.markup.tokens import Tokens
from generator.patterns import lazy_pattern

_OUTSIDE = lazy_pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_INVISIBLE = lazy_pattern(r"[\t\n\r]")
_HOST = lazy_pattern(r"https?://([^/?#\s\\]+)", re.IGNORECASE)
_WWW = lazy_pattern(r"www\.(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![\w.-])", re.IGNORECASE)
_MAIL = lazy_pattern(r"[\w.+%-]+@(?:[\w-]+\.)+([a-z]{2,24})(?:\?[^\s]*)?", re.IGNORECASE)
_ENDINGS = "png jpg jpeg gif webp avif svg pdf doc docx xls xlsx ppt pptx mp3 mp4 mov zip md html htm"
_FILES = frozenset(_ENDINGS.split())
"""Endings of names such as `photo@2x.png`, which are files."""

_UNSAFE = lazy_pattern(r"[^A-Za-z0-9%/:=&?~#+!$,;'@()*._-]|%(?![0-9A-Fa-f]{2})")
_ORDINARY = lazy_pattern(r"""<a href="https?://[A-Za-z0-9][A-Za-z0-9/:=?~#+!$,;'@()*._-]*\"""")
"""The beginning of the tag of a link outside that needs no change, as most links do."""

_LONE_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")


def tidy(address: str) -> str:
    """Clean an address as browsers do: remove white space at its ends, and tabs and line ends inside.

    Backslashes become slashes, as in browsers; an address without a scheme (`//host/`) gets https.

    Source: WHATWG URL, 4.4 (basic URL parser, first steps).
    """
    if not address.isprintable():
        address = _INVISIBLE.sub("", address)
    address = address.strip().replace("\\", "/")
    return f"https:{address}" if address.startswith("//") else address


def is_internal(address: str) -> bool:
    """Return True if a tidy address leads inside the site: relative, root-relative or a fragment."""
    return not _OUTSIDE.match(address)


def host_of(address: str) -> str:
    """Return the host (and port) of an http address without a user name; "" for any other address."""
    match = _HOST.match(address)
    return match[1].rsplit("@", 1)[-1].lower() if match else ""


def whole_address(address: str) -> str:
    """Complete a link whose author left out `https://` or `mailto:`; "" for any other address."""
    if address[:4].lower() == "www." and _WWW.match(address):
        return f"https://www.{address[4:]}"
    mail = _MAIL.fullmatch(address) if "@" in address else None
    return f"mailto:{address}" if mail and mail[1].lower() not in _FILES else ""


def encode_url(address: str) -> str:
    """Percent-encode characters that an address may not contain; encoded ones stay.

    Source: RFC 3986, 2.1 and appendix A.
    """
    if not _UNSAFE.search(address):
        return address
    return quote(_LONE_PERCENT.sub("%25", address), safe="%/:=&?~#+!$,;'@()*")


def mark_links(tokens: Tokens, found: BodyFacts) -> None:
    """Replace each internal `href` with a placeholder."""
    for place in tokens.find("a"):
        if _ORDINARY.match(tokens.tags[place]):
            continue
        written = tokens.get(place, "href")
        if written is None:
            continue
        address = tidy(written)
        if is_internal(address) and (whole := whole_address(address)):
            tokens.set(place, "href", encode_url(whole))
        elif is_internal(address):
            tokens.take(place, "href")
            tokens.mark(place, f"L{found.link(address)}")
        elif address[:4].lower() == "http" and not host_of(address):
            tokens.take(place, "href")
        elif (encoded := encode_url(address)) != written:
            tokens.set(place, "href", encoded)


def number_links(draft: BodyTree) -> None:
    """Assign numbers to the links in the order in which they were written, even if notes were moved."""
    for element in draft.tagged("a"):
        address = tidy(element.get("href") or "") if "href" in element.attrib else None
        if address is not None and is_internal(address) and not whole_address(address):
            draft.found.link(address)


def drop_internal_citations(draft: BodyTree) -> None:
    """Remove `cite` attributes that are not absolute addresses: readers do not see them, and no check follows them."""
    if "cite" not in draft.attributes:
        return
    for element in draft.root.iter("blockquote", "q", "ins", "del"):
        if "cite" in element.attrib and not host_of(tidy(element.get("cite", ""))):
            del element.attrib["cite"]
