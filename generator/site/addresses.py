"""Addresses: where a source is on the site, which file contains it, and which URLs lead to it.

An *address* is site-relative, begins with a slash and is not percent-encoded: `/2014/10/größe/`. One that ends in a
slash is a page in a folder of its own.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from generator.config import Config, Permalinks
from generator.config.label_options import find_language
from generator.model import Document, Kind

# Characters that RFC 3986 §3.3 allows in a path segment, beside letters and digits.
_SAFE = "/-._~!$&'()*+,;=:@"
_PAGE_SUFFIXES = (".html", ".htm")


def as_address(written: str) -> str:
    """Bring a permalink or alias to the form of an address: a page without a file suffix ends in a slash.

    `/a/index.html` becomes `/a/`, because both are the same file. An alias with a query, `/?p=12`, stays as it is.
    """
    address = unicodedata.normalize("NFC", "/" + written.strip().lstrip("/"))
    if address.lower().endswith("/index.html"):
        return address[: -len("index.html")]
    if "?" in address or address.endswith("/") or address.lower().endswith(_PAGE_SUFFIXES):
        return address
    return address + "/"


def output_path(address: str) -> str:
    """Return the output file of an address, relative to the output folder: `/a/` → `a/index.html`."""
    path = address.lstrip("/")
    return path + "index.html" if not path or path.endswith("/") else path


def file_key(path: str) -> str:
    """Fold an output path like file systems that ignore case or Unicode form: equal keys mean one file there."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def root_relative(config: Config, address: str) -> str:
    """Make the URL path of an address, base path included, percent-encoded (RFC 3986)."""
    return config.base_path + quote(address.lstrip("/"), safe=_SAFE)


def site_link(config: Config, written: str) -> str:
    """Make a link of the configuration or front matter root-relative; query and fragment stay as written.

    A link to elsewhere (`https:`, `mailto:`, `//host`) is returned as it is.
    """
    if not written.startswith("/") or written.startswith("//"):
        return written
    parts = urlsplit(written)
    return urlunsplit(("", "", root_relative(config, unquote(parts.path)), parts.query, parts.fragment))


def own_address(config: Config, url: str) -> str | None:
    """Take the site's own address out of an absolute URL: `https://HOST/blog/a/?q` → `/a/?q`; None for another site.

    `http` and `https` are one site.
    """
    try:
        parts = urlsplit(url)
        same = parts.hostname == config.host and _port(parts) == _port(urlsplit(config.url))
    except ValueError:
        return None
    path = f"{parts.path}/" if f"{parts.path}/" == config.base_path else parts.path
    if not same or parts.scheme not in ("http", "https") or not path.startswith(config.base_path):
        return None
    return urlunsplit(("", "", f"/{path[len(config.base_path) :]}", parts.query, parts.fragment))


def _port(parts: SplitResult) -> int | None:
    return None if parts.port in (80, 443) else parts.port


def absolute(config: Config, url: str) -> str:
    """Make a root-relative URL (base path included) absolute; an absolute one stays."""
    return f"{config.origin}{url}" if url.startswith("/") else url


def document_address(document: Document, permalinks: Permalinks) -> str:
    """Return a document's address: its permalink, else its kind's pattern with the date as written.

    A document in a language with pages of its own is below that language's folder.
    """
    address = plain_address(document, permalinks)
    folder = language_folder(document, permalinks)
    return address if address.startswith(f"{folder}/") else f"{folder}{address}"


def language_folder(document: Document, permalinks: Permalinks) -> str:
    """Return the folder of a document's language, `/cy`; "" if it is on the site's own pages."""
    tag = find_language(document.meta.lang, permalinks.languages) if permalinks.languages else ""
    return f"/{tag}" if tag else ""


def plain_address(document: Document, permalinks: Permalinks) -> str:
    """Return the address that a document has on a site without pages for each language."""
    meta = document.meta
    if meta.permalink:
        return as_address(meta.permalink)
    if document.meta.kind is Kind.PAGE:
        path = _page_path(document.path, meta.slug)
        return as_address(permalinks.page.format(path=path, slug=meta.slug)) if path else "/"
    pattern = permalinks.post if meta.kind is Kind.POST else permalinks.newsletter
    date = meta.date
    assert date is not None, "only a page has no date"
    return as_address(
        pattern.format(year=f"{date.year:04}", month=f"{date.month:02}", day=f"{date.day:02}", slug=meta.slug)
    )


def _page_path(path: str, slug: str) -> str:
    """Turn `content/pages/a/b.md` or `content/pages/a/b/index.md` into `a/b`; the front page into ""."""
    folders = path.split("/")[2:-1]
    if path.rsplit("/", 1)[-1].lower() == "index.md":
        return "/".join([*folders[:-1], slug]) if folders else ""
    return "/".join([*folders, slug])
