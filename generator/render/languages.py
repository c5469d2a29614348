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
    """A version of a page in a language, as `hreflang` names it: `url` is absolute, `lang` may be `x-default`."""

    lang: str
    url: str


def alternates(site: Site, doc: Card) -> tuple[Alternate, ...]:
    """List all versions of a document, its own too, by language; () if it has no translations.

    `x-default`, for all other readers, is the version in the site's language, else the first.
    Source: RFC 8288, Google's guide to localised versions.
    """
    if not doc.translations:
        return ()
    versions = {each.lang: site.absolute(each.url) for each in reversed(doc.translations)}
    versions[doc.lang] = site.absolute(doc.url)
    ordered = dict(sorted(versions.items()))
    default = ordered.get(site.main_language) or next(iter(ordered.values()))
    return (*(Alternate(lang, url) for lang, url in ordered.items()), Alternate("x-default", default))


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
