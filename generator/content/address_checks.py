"""Check what authors write as addresses: slugs, permalinks, aliases, and the links of front matter.

An accepted address cannot leave the site, name another host, run a script, or mean something else on Windows.
Each function returns the address in its final form, or raises ValueError with a sentence for the author.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

from generator.patterns import lazy_pattern
from generator.slugs import reserved

MAX_SLUG_BYTES = 200
MAX_ADDRESS_CHARS = 1000

_CONTROL = lazy_pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_SCHEME = lazy_pattern(r"\s*[A-Za-z][A-Za-z0-9+.-]*\s*:")
_NOT_IN_SLUG = lazy_pattern(r'[/\\?#%<>:"|*]')
_NOT_IN_PART = lazy_pattern(r'[<>:"|*]')
_QUERY = lazy_pattern(r"[A-Za-z0-9=&%+._~-]{1,300}")
_HOST = lazy_pattern(r"(?i)https?://[^\s/?#@\\]+(?:[/?#]\S*)?")
_MAIL = lazy_pattern(r"(?i)mailto:[^\s@]+@[^\s@]+")


def check_slug(text: str) -> str:
    """Return a slug as written (NFC) if every system can store it as one part of an address."""
    slug = unicodedata.normalize("NFC", text.strip())
    if _CONTROL.search(slug):
        raise ValueError("It has an invisible character.")
    if slug.startswith(".") or slug.endswith("."):
        raise ValueError("It cannot begin or end with a full stop.")
    wrong = _NOT_IN_SLUG.search(slug)
    if wrong:
        raise ValueError(f'A slug is one part of an address and cannot have "{wrong[0]}" in it.')
    if slug and reserved(slug):
        raise ValueError("Windows cannot have a file with this name.")
    if len(slug.encode()) > MAX_SLUG_BYTES:
        raise ValueError(f"It is longer than {MAX_SLUG_BYTES} bytes.")
    return slug


def check_address(text: str) -> str:
    """Write a permalink or alias as `/a/b/` or `/old.html`: undo percent-encoding, add the leading slash."""
    written = text.strip()
    if len(written) > MAX_ADDRESS_CHARS:
        raise ValueError(f"It is longer than {MAX_ADDRESS_CHARS} characters.")
    if _SCHEME.match(written) or written.startswith(("//", "\\\\")):
        raise ValueError("It must be an address within the site, without a scheme or host.")
    if "?" in written or "#" in written:
        raise ValueError('The address of a page cannot have "?" or "#".')
    try:
        address = unicodedata.normalize("NFC", unquote(written, errors="strict"))
    except UnicodeDecodeError:
        raise ValueError("Its percent-encoding is not UTF-8.") from None
    if "\\" in address or _CONTROL.search(address):
        raise ValueError("It has a backslash or an invisible character.")
    parts = address.strip("/").split("/")
    if any(part.strip() in (".", "..") for part in parts) or "//" in address:
        raise ValueError('It cannot have "..", "." or "//" in it.')
    if any(part.startswith(".") and part != ".well-known" for part in parts):
        raise ValueError("No part can begin with a full stop: such files are hidden.")
    _check_parts(parts)
    return "/" + address.lstrip("/")


def _check_parts(parts: list[str]) -> None:
    """Refuse an address with a part that some system cannot store as a file name."""
    if wrong := _NOT_IN_PART.search("/".join(parts)):
        raise ValueError(f'Windows cannot have a file with "{wrong[0]}" in its name.')
    if part := next((part for part in parts if part and reserved(part)), ""):
        why = "ends in a full stop or a space" if part[-1] in ". " else "is a reserved name"
        raise ValueError(f'Windows cannot have a file of this name: "{part}" {why}.')
    if any(len(part.encode()) > MAX_SLUG_BYTES for part in parts):
        raise ValueError(f"One of its parts is longer than {MAX_SLUG_BYTES} bytes.")


def check_alias(text: str) -> str:
    """Return an old address as `check_address` does; it may end in a query, as in `/?p=12`."""
    address, mark, query = text.strip().partition("?")
    if not mark:
        return check_address(text)
    if not _QUERY.fullmatch(query):
        raise ValueError("Its query may only have letters, digits and =&%+._~-, as in /?p=12.")
    return f"{check_address(address or '/')}?{query}"


def check_link(text: str) -> str:
    """Accept the link of a call to action: http(s) with a host, mailto, or an address within the site."""
    link = text.strip()
    if _CONTROL.search(link) or "\\" in link:
        raise ValueError("It has a backslash or an invisible character.")
    if len(link) > 2 * MAX_ADDRESS_CHARS:
        raise ValueError(f"It is longer than {2 * MAX_ADDRESS_CHARS} characters.")
    if _HOST.fullmatch(link) or _MAIL.fullmatch(link):
        return link
    if not link or _SCHEME.match(link) or link.startswith("//"):
        raise ValueError('It must begin with "https://", "mailto:" or "/".')
    return link


def check_picture(text: str, path: str, what: str = "A picture") -> str:
    """Accept the address of a picture: http(s), from the root (`/x.png`), or beside the source at `path`."""
    picture = text.strip()
    if _CONTROL.search(picture) or "\\" in picture:
        raise ValueError("It has a backslash or an invisible character.")
    if _HOST.fullmatch(picture):
        return picture
    if _SCHEME.match(picture) or picture.startswith("//"):
        raise ValueError(f"{what} must be in the site, or at an address that begins with https://.")
    depth = 0 if picture.startswith("/") else path.count("/")
    for step in unquote(picture).split("/"):
        depth += -1 if step == ".." else step not in ("", ".")
        if depth < 0:
            raise ValueError("It leads out of the site.")
    return picture
