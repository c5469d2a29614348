"""The languages of pages: their names, and the words that link previews and search engines have for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.site.index_model import Card
from generator.words import find_words

if TYPE_CHECKING:
    from generator.render.facade import Site


class Alternate(Struct, frozen=True):
    """A version of a page in a language, as `hreflang` names it: `lang` may be `x-default`.

    `url` is absolute, `path` the same root-relative.
    """

    lang: str
    url: str
    path: str


def alternates(site: Site, doc: Card) -> tuple[Alternate, ...]:
    """List all versions of a document, its own too, by language; () if it has no translations.

    `x-default`, for all other readers, is the version in the site's language, else the first.
    Source: RFC 8288, Google's guide to localised versions.
    """
    if not doc.translations:
        return ()
    versions = {each.lang: each.url for each in reversed(doc.translations)}
    versions[doc.lang] = doc.url
    ordered = dict(sorted(versions.items()))
    ordered["x-default"] = ordered.get(site.main_language) or next(iter(ordered.values()))
    return tuple(Alternate(lang, site.absolute(path), path) for lang, path in ordered.items())


class LanguageLink(Struct, frozen=True):
    """A language of the site: its name in itself, and the root-relative URL of its front page."""

    lang: str
    name: str
    url: str


def list_languages(site: Site) -> tuple[LanguageLink, ...]:
    """List the languages with a front page, the site's own first; () if there is but one."""
    others = [tag for tag in site.language_tags if site.has_output(f"{tag}/index.html")]
    if not others:
        return ()
    own = LanguageLink(site.main_language, language_name(site.main_language), site.root)
    return (own, *(LanguageLink(tag, language_name(tag), site.link(f"/{tag}/")) for tag in others))


def front_pages(site: Site) -> tuple[Alternate, ...]:
    """List the front pages as versions of one page; () if there is but one."""
    found = {each.lang: each.url for each in site.languages}
    if found:
        found["x-default"] = site.root
    return tuple(Alternate(lang, site.absolute(path), path) for lang, path in found.items())


def page_language(site: Site, language: str) -> str:
    """Choose the language of a page around a text: the text's if there are words in it, else the site's."""
    words = find_words(language, site.language).language
    return language if _base(words) == _base(language) else site.language


def other_locales(locale: str, languages: Iterable[str]) -> tuple[str, ...]:
    """List the locales of a page's translations, without its own."""
    return tuple(dict.fromkeys(other for other in map(open_graph_locale, languages) if other != locale))


@lru_cache(maxsize=64)
def open_graph_locale(language: str) -> str:
    """Write a language as Open Graph wants it, with its most likely region: `cy` → `cy_GB`, `en-GB` → `en_GB`."""
    from babel.core import get_global

    base, *more = language.replace("_", "-").split("-")
    region = next((part.upper() for part in more if len(part) == 2), "")
    if not region:
        likely = str(get_global("likely_subtags").get(base, "")).split("_")
        region = next((part for part in likely[1:] if len(part) == 2), "")
    return f"{base}_{region}" if region else base


@lru_cache(maxsize=64)
def language_name(language: str) -> str:
    """Return a language's name in itself: "Cymraeg" for `cy`; the tag for a language that nobody has a name for."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, _base(language)):
        try:
            locale = Locale.parse(tag, sep="-")
            name = locale.get_language_name(locale) or ""
        except (ValueError, UnknownLocaleError):
            continue
        if name:
            return name[0].upper() + name[1:]
    return language


def _base(language: str) -> str:
    return language.lower().partition("-")[0]
