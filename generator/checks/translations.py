"""Parity of languages: what exists in one language alone, and what is newer in one than in the other."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note
from generator.model import Kind
from generator.site.index_model import Card
from generator.text.quoting import quote


def missing_translations(site: BuiltSite) -> Iterator[Problem]:
    """Find documents that exist in one language alone, in a site with several."""
    languages = {card.lang or site.config.language for card in site.index.cards.values()}
    if len(languages) < 2:
        return
    for path, card in site.index.cards.items():
        own = card.lang or site.config.language
        missing = sorted(languages - {own, *(each.lang for each in card.translations)})
        if missing and card.kind is not Kind.ISSUE:
            message = f"There is no translation into {', '.join(missing)}."
            hint = f"Add to the translation's front matter: translation_of: {card.id}"
            yield note(path, "translation-missing", message, hint, line=1)


def older_translations(site: BuiltSite) -> Iterator[Problem]:
    """Find translations of a document that has been changed since."""
    by_url = {card.url: card for card in site.index.cards.values()}
    for path, card in site.index.cards.items():
        changed = card.updated
        for each in card.translations:
            other = by_url.get(each.url)
            if changed and other is not None and _last_change(other) and str(_last_change(other)) < str(changed):
                message = f"{quote(card.title)} was changed on {changed:%Y-%m-%d}; its translation {other.key} was not."
                hint = "Translate what has changed, and write the day in its updated."
                yield note(path, "translation-older", message, hint, line=1)


def _last_change(card: Card) -> object:
    return card.updated or card.date
