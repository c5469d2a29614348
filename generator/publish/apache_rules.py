"""Write redirects, cache headers and compressed copies as Apache reads them, in `.htaccess`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from generator.publish.headers import FOR_A_YEAR, REVALIDATE, content_type
from generator.publish.host_rules import HostedSite, rules_text
from generator.publish.redirects import HostRedirect
from generator.publish.stages import DIGESTED

_COPIES = {"br": "br", "gzip": "gz"}
"""The name of a compression in HTTP → the suffix of its copies; the better one first."""
_TEXTS = ("html", "htm", "css", "js", "mjs", "json", "webmanifest", "xml", "rss", "atom", "svg", "txt", "ics", "vtt")
"""The suffixes of files whose copies are sent."""
_ALL_TEXTS = rf"\.(?:{'|'.join(_TEXTS)})"
_A_COPY = rf"(?:\.(?:{'|'.join(_COPIES.values())}))?"


def htaccess(site: HostedSite) -> bytes:
    """Write `.htaccess`.

    Source: https://httpd.apache.org/docs/2.4/mod/
    """
    digested = f"{DIGESTED.removesuffix('$')}{_A_COPY}$" if site.precompressed else DIGESTED
    lines = [
        *("Options -Indexes", f"ErrorDocument 404 {site.base}404.html", "AddDefaultCharset utf-8"),
        *("AddType application/manifest+json .webmanifest", "AddType image/avif .avif", "AddType font/woff2 .woff2"),
        *("<IfModule mod_headers.c>", f'  Header set Cache-Control "{REVALIDATE}"'),
        *(f'  <If "%{{REQUEST_URI}} =~ m#{digested}#">', f'    Header set Cache-Control "{FOR_A_YEAR}"', "  </If>"),
        *(line for path, link in site.links.items() for line in _link(path, link, copies=site.precompressed)),
        "</IfModule>",
        *("<IfModule mod_rewrite.c>", "  RewriteEngine On", r"  RewriteRule ^\.openletter/ - [R=404,L]"),
        *(line for each in site.redirects for line in _rewrite(site.base, each)),
        *(_compressed() if site.precompressed else ()),
        "</IfModule>",
    ]
    return rules_text(lines)


def _link(path: str, link: str, *, copies: bool) -> Iterable[str]:
    escaped = link.replace('"', '\\"').replace("%", "%%")  # a percent sign begins a variable
    names = [path, *(f"{path}.{suffix}" for suffix in _COPIES.values())]
    test = f"in {{{', '.join(map(repr, names))}}}" if copies else f"== '{path}'"
    return f'  <If "%{{REQUEST_URI}} {test}">', f'    Header set Link "{escaped}"', "  </If>"


def _rewrite(base: str, redirect: HostRedirect) -> Iterable[str]:
    path = re.escape(unquote(redirect.path).removeprefix(base))
    if redirect.query:
        yield f"  RewriteCond %{{QUERY_STRING}} ^{re.escape(redirect.query)}$"
    yield f"  RewriteRule ^{path}$ {_url(redirect.url)} [R=301,L,NE{',QSD' if redirect.query else ''}]"


def _url(url: str) -> str:
    return url.replace("%", r"\%").replace("$", r"\$")


def _compressed() -> Iterator[str]:
    """Send the copy of a text to browsers that can unpack it, under the address of the text.

    Only plain names, because Apache decodes a name twice on this way. Not the page for lost readers, which has a status
    of its own. Nothing if the header cannot be set that says how to unpack it.
    """
    yield "  <IfModule mod_headers.c>"
    for suffix in _TEXTS:
        yield f'    AddType "{content_type(f"a.{suffix}")}" .{suffix}'
    yield f'    <FilesMatch "{_ALL_TEXTS}{_A_COPY}$">'
    yield "      Header merge Vary Accept-Encoding"
    yield "    </FilesMatch>"
    for name, suffix in _COPIES.items():
        wanted = (
            "    RewriteCond %{ENV:REDIRECT_STATUS} ^$",
            rf'    RewriteCond %{{HTTP:Accept-Encoding}} "(?:^|,)\s*{name}\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))"',
        )
        flags = f"[E=OPENLETTER:{name},L]"
        yield from (*wanted, f"    RewriteCond %{{REQUEST_FILENAME}}.{suffix} -f")
        yield rf"    RewriteRule ^[\w./~-]+{_ALL_TEXTS}$ %{{REQUEST_URI}}.{suffix} {flags}"
        yield from (*wanted, f"    RewriteCond %{{REQUEST_FILENAME}}/index.html.{suffix} -f")
        yield rf"    RewriteRule ^(?:[\w./~-]+/)?$ %{{REQUEST_URI}}index.html.{suffix} {flags}"
        yield f"    Header set Content-Encoding {name} \"expr=reqenv('REDIRECT_OPENLETTER') == '{name}'\""
    for suffix in _TEXTS:
        yield "    RewriteCond %{ENV:REDIRECT_OPENLETTER} ."
        kind = content_type(f"a.{suffix}")
        yield rf'    RewriteRule \.{suffix}{_A_COPY}$ - "[T={kind},E=no-gzip:1,E=no-brotli:1,L]"'
    yield "  </IfModule>"
