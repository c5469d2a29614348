"""The language in which a page writes its dates and numbers."""

from __future__ import annotations


def choose_formats(page: str, site: str, words: str) -> str:
    """Choose the language of a page's dates and numbers: that of its words, with the most that is known of its region.

    `page` and `site` are BCP 47 tags, "" for none; `words` is the tag of the catalogue that the page shows. A page in
    `cy` writes Welsh dates; one in `en` on a site in `en-GB` writes them as the site does; so does one in a language
    without a catalogue, whose words are the site's.
    """
    if not page or _base(page) != _base(words) or page.lower() == _base(site):
        return site
    return page


def _base(language: str) -> str:
    return language.lower().partition("-")[0]
