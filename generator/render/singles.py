"""Single files: the 404 page, the search page, the manifest, robots.txt, security.txt, redirects from old addresses."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from generator.model import CommentMode, Target
from generator.render.bodies import introduction
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.fast import Lazy
from generator.render.head import listing_head
from generator.render.kinds import OutputKind, Phase, page_bytes
from generator.site.addresses import output_path
from generator.site.discussion import needs_thread_pages, thread_address
from generator.site.editions import moved_lists
from generator.site.index_model import SiteIndex
from generator.site.listings import SEARCH, SEARCH_INDEX

LATEST = 3
"""How many posts the 404 page names."""


def _plan_not_found(_: RenderContext) -> Iterable[Target]:
    yield Target("404.html", "404")


def _render_not_found(_: Target, site: Site) -> bytes:
    head = listing_head(site, "404", site.words.gettext("Page not found"), "/404.html")
    head.hidden = True
    latest = Lazy(lambda: site.cards(site.newest("posts", LATEST)))
    return page_bytes(site.render("404.html", {"page": head, "posts": latest}))


def _plan_search(context: RenderContext) -> Iterable[Target]:
    if context.config.search.engine != "none" and context.theme.find("search.html") is not None:
        yield Target(output_path(SEARCH), "search")


def _render_search(_: Target, site: Site) -> bytes:
    """Render the page with the search field, which has no posts of its own: search engines need not list it."""
    head = listing_head(site, "search", site.words.gettext("Search"), SEARCH)
    head.hidden = True
    shown = {
        "page": head,
        "intro": introduction(site, SEARCH),
        "index": site.link(f"/{SEARCH_INDEX}"),
        "elsewhere": _elsewhere(site),
    }
    return page_bytes(site.render("search.html", shown))


def _elsewhere(site: Site) -> str:
    """List the languages that have a search of their own, for the site's; "*" for the search of one of them."""
    return "*" if site.edition else " ".join(tag.lower() for tag in site.language_tags)


def _plan_robots(_: RenderContext) -> Iterable[Target]:
    yield Target("robots.txt", "robots")


def _render_robots(_: Target, site: Site) -> bytes:
    """Allow all robots, except in previews. Source: RFC 9309."""
    rule = f"Disallow: {site.root}" if site.preview else "Disallow:"
    sitemap = "" if site.preview else f"\nSitemap: {site.url}sitemap.xml\n"
    return f"User-agent: *\n{rule}\n{sitemap}".encode()


def _plan_security(context: RenderContext) -> Iterable[Target]:
    if context.config.security.contact:
        yield Target(".well-known/security.txt", "security")


def _render_security(_: Target, site: Site) -> bytes:
    """Say whom to tell of a security hole. Source: RFC 9116."""
    security = site.security_settings()
    fields = [("Contact", contact) for contact in security.contact]
    fields += [
        ("Expires", f"{security.expires}T23:59:59Z"),
        ("Encryption", security.encryption),
        ("Acknowledgments", security.acknowledgments),
        ("Preferred-Languages", ", ".join(security.languages)),
        ("Canonical", f"{site.url}.well-known/security.txt"),
        ("Policy", security.policy),
    ]
    return "".join(f"{name}: {value}\n" for name, value in fields if value).encode()


def _plan_manifest(_: RenderContext) -> Iterable[Target]:
    yield Target("site.webmanifest", "manifest")


def _render_manifest(_: Target, site: Site) -> bytes:
    """Say how the site looks on a home screen. Source: W3C Web Application Manifest."""
    pictures = {"any": site.accented("icon", ".svg"), "180x180": site.accented("icon", ".png")}
    facts = {
        "name": site.title,
        "description": site.description,
        "lang": site.language,
        "dir": site.direction(site.language),
        "start_url": site.home,
        "scope": site.home,
        "display": "browser",
        "icons": [{"src": src, "sizes": sizes} for sizes, src in pictures.items() if src],
    }
    return msgspec.json.format(msgspec.json.encode({name: value for name, value in facts.items() if value})) + b"\n"


def _plan_redirects(context: RenderContext) -> Iterable[Target]:
    index = context.queries.index
    for alias, key in index.aliases.items():
        if "?" not in alias:
            yield Target(output_path(alias), "redirect", (key,))
    for old, (language, listing) in moved_lists(index).items():
        yield Target(output_path(old), "redirect-list", (language, listing, f"/{language}{old}"))
    if index.aliases or moved_lists(index):
        yield Target("_redirects", "redirects")
    if needs_thread_pages(context.config):
        yield from _plan_threads(index)


def _plan_threads(index: SiteIndex) -> Iterable[Target]:
    """Plan the pages that lead from a conversation's permanent address to its document, wherever that is now."""
    taken = {*map(output_path, (*index.addresses.values(), *index.aliases)), *index.files.values()}
    for key, card in index.cards.items():
        path = output_path(thread_address(card.id))
        if card.kind != "issue" and card.comments is not CommentMode.NONE and path not in taken:
            yield Target(path, "redirect", (key,))


def _render_redirect(target: Target, site: Site) -> bytes:
    """Render a page that redirects its reader, for hosts without redirects; others use `_redirects`."""
    if target.kind == "redirects":
        return _redirects(site)
    if target.kind == "redirect-list":
        return _redirect_list(target, site)
    doc = site.card(target.args[0])
    return page_bytes(site.render("redirect.html", {"target": site.absolute(doc.url), "doc": doc}))


class _List(Struct, frozen=True):
    """A list that a page leads to, with what the template shows of a document."""

    title: str
    lang: str


def _redirect_list(target: Target, site: Site) -> bytes:
    """Render a page that leads to a list of another language."""
    language, listing, address = target.args
    own = Site(site.context, language)
    shown = _List(own.listing_name(listing), language)
    site.reads.update(own.reads)
    return page_bytes(site.render("redirect.html", {"target": site.absolute(site.link(address)), "doc": shown}))


def _redirects(site: Site) -> bytes:
    """Write `old new 301` lines, as Netlify and Cloudflare Pages read them; `/?p=12` is `/ p=12` to Netlify."""
    lines = (f"{_old_address(site, alias)} {url} 301" for alias, url in site.redirects())
    return ("\n".join(lines) + "\n").encode()


def _old_address(site: Site, alias: str) -> str:
    path, _, query = alias.partition("?")
    return f"{site.link(path)} {query.replace('&', ' ')}".rstrip()


NOT_FOUND = OutputKind(
    {"404": 'the page "not found"'}, "404.html", Phase.PAGES, _plan_not_found, _render_not_found, by_language=True
)
SEARCH_PAGE = OutputKind(
    {"search": "the search page"}, "search/index.html", Phase.PAGES, _plan_search, _render_search, by_language=True
)
MANIFEST = OutputKind(
    {"manifest": "the web app manifest"}, "site.webmanifest", Phase.NOTICES, _plan_manifest, _render_manifest
)
SECURITY = OutputKind(
    {"security": "security.txt"}, ".well-known/security.txt", Phase.NOTICES, _plan_security, _render_security
)
ROBOTS = OutputKind({"robots": "robots.txt"}, "robots.txt", Phase.NOTICES, _plan_robots, _render_robots)
REDIRECTS = OutputKind(
    {
        "redirect": "a redirect from an old address",
        "redirect-list": "a redirect from a list's old address",
        "redirects": "the list of redirects",
    },
    "ADDRESS/index.html",
    Phase.NOTICES,
    _plan_redirects,
    _render_redirect,
)
