"""Write redirects and cache headers as each web server reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct

from generator.publish.headers import FOR_A_YEAR, REVALIDATE
from generator.publish.redirects import HostRedirect
from generator.publish.stages import DIGESTED


class HostedSite(Struct, frozen=True):
    """What the rules are about: the address of the site, its path, its redirects.

    `links` maps the path of each feed to its header Link, which names the hubs and the feed itself; empty without hubs.
    `precompressed` if compressed copies are published. Source: https://www.w3.org/TR/websub/#discovery.
    """

    url: str
    base: str
    redirects: Sequence[HostRedirect] = ()
    links: Mapping[str, str] = {}
    precompressed: bool = False


def headers_file(site: HostedSite) -> bytes:
    """Write `_headers`.

    Source: https://docs.netlify.com/manage/routing/headers/
    """
    lines = [f"{site.base}assets/*", f"  Cache-Control: {FOR_A_YEAR}"]
    lines += [f"{site.base}.openletter/*", "  X-Robots-Tag: noindex"]
    for path, link in site.links.items():
        lines += [path, f"  Link: {link}"]
    return rules_text(lines)


def nginx(site: HostedSite) -> bytes:
    """Write a file to include in `server { }`.

    Source: https://nginx.org/en/docs/
    """
    kept = f"add_header Cache-Control {_quoted_nginx(REVALIDATE)};"
    plain = [each for each in site.redirects if not each.query]
    asked: dict[str, list[HostRedirect]] = {}
    for each in site.redirects:
        if each.query:
            asked.setdefault(each.path, []).append(each)
    lines = [
        "# Written by openletter publish. Include it in the server block of the site, and reload nginx afterwards.",
        *(f"error_page 404 {site.base}404.html;", f"location ^~ {site.base}.openletter/ {{ return 404; }}"),
        "# Copies made by precompress = true. For .br, nginx needs the module brotli: brotli_static on;",
        *("gzip_static on;", "gzip_vary on;", "charset utf-8;", "charset_types text/css text/javascript text/plain;"),
        f"location ~ {_quoted_nginx(DIGESTED)} {{ add_header Cache-Control {_quoted_nginx(FOR_A_YEAR)}; }}",
        kept,
        *(
            f"location = {_quoted_nginx(unquote(each.path))} {{ return 301 {_quoted_nginx(each.url)}; }}"
            for each in plain
        ),
        *(
            f"location = {path} {{ {kept} add_header Link {_quoted_nginx(link)}; }}"
            for path, link in site.links.items()
        ),
    ]
    for path, group in asked.items():
        tests = (
            f"if ($args = {_quoted_nginx(each.query)}) {{ return 301 {_quoted_nginx(each.url)}; }}" for each in group
        )
        lines.append(
            f"location = {_quoted_nginx(unquote(path))} {{ {' '.join(tests)} try_files $uri $uri/index.html =404; }}"
        )
    return rules_text(lines)


def _quoted_nginx(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def caddy(site: HostedSite) -> bytes:
    """Write a file to import in a site block.

    Source: https://caddyserver.com/docs/caddyfile
    """
    lines = [
        "# Written by openletter publish. Import it in the block of the site, and reload Caddy afterwards.",
        *(f"@own path {site.base}.openletter/*", "error @own 404"),
        *(f"@digested path_regexp `{DIGESTED}`", f'header ?Cache-Control "{REVALIDATE}"'),
        *(f'header @digested Cache-Control "{FOR_A_YEAR}"', "file_server {", "\tprecompressed br gzip", "}"),
        *("handle_errors {", "\t@lost expression {err.status_code} == 404"),
        *(f"\trewrite @lost {site.base}404.html", "\tfile_server", "}"),
    ]
    lines += [f"header {path} Link `{link}`" for path, link in site.links.items()]
    for number, each in enumerate(site.redirects):
        if each.query:
            wanted = each.query.replace("&", " ")
            lines += [f"@old{number} {{", f"\tpath {each.path}", f"\tquery {wanted}", "}"]
            lines.append(f"redir @old{number} {each.url} 301")
        else:
            lines.append(f"redir {each.path} {each.url} 301")
    return rules_text(lines)


def rules_text(lines: Iterable[str]) -> bytes:
    """Write lines as a file."""
    return ("\n".join(lines) + "\n").encode()
