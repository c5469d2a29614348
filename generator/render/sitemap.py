"""The sitemap: every page that search engines may show. Source: sitemaps.org protocol 0.9."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.keys import PAGE_COUNT
from generator.site.results import SitemapEntry

LIMIT = 50_000  # addresses in one sitemap
_OPEN = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan one sitemap, or an index of several if there are more than 50,000 pages."""
    if context.preview:
        return
    pages = context.queries.result(PAGE_COUNT)
    if pages > LIMIT:
        parts = -(-pages // LIMIT)
        yield Target("sitemap.xml", "sitemap-index", (str(parts),))
        yield from (Target(f"sitemap-{part}.xml", "sitemap", (str(part),)) for part in range(1, parts + 1))
    else:
        yield Target("sitemap.xml", "sitemap", ("1",))


def render(target: Target, site: Site) -> bytes:
    """Render a sitemap: addresses, each with the day of its last change if the content has it."""
    number = int(target.args[0])
    if target.kind == "sitemap-index":
        rows = [
            f"<sitemap><loc>{escape(site.url, quote=False)}sitemap-{part}.xml</loc></sitemap>"
            for part in range(1, number + 1)
        ]
        return _document("sitemapindex", rows)
    pages = site.sitemap()[(number - 1) * LIMIT : number * LIMIT]
    return _document("urlset", _rows(site.absolute("/").removesuffix("/"), pages))


def _rows(origin: str, pages: Iterable[SitemapEntry]) -> list[str]:
    """Write the entries of pages. In a percent-encoded URL, "&" alone must be escaped."""
    before, between, after = f"<url><loc>{escape(origin, quote=False)}", "</loc><lastmod>", "</lastmod></url>"
    return [
        f"{before}{url}{between}{changed}{after}" if changed else f"{before}{url}</loc></url>"
        for url, changed in (page if "&" not in page.url else _escaped(page) for page in pages)
    ]


def _escaped(page: SitemapEntry) -> SitemapEntry:
    return SitemapEntry(page.url.replace("&", "&amp;"), page.changed)


def _document(root: str, rows: Iterable[str]) -> bytes:
    return (_OPEN.format(root) + "\n".join(rows) + f"\n</{root}>\n").encode()


SITEMAP = OutputKind(
    {"sitemap": "a sitemap", "sitemap-index": "the list of sitemaps"},
    "sitemap.xml",
    Phase.NOTICES,
    plan,
    render,
)
