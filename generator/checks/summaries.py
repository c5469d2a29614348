"""Titles and summaries as lists, search engines and feeds show them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note
from generator.model import Kind

MAX_TITLE = 90
"""From this many characters on, search engines and phones cut a title."""


def long_titles(site: BuiltSite) -> Iterator[Problem]:
    """Find titles that search engines, mail programs and phones cut."""
    for path, card in site.index.cards.items():
        if len(card.title) > MAX_TITLE:
            line, column = site.locate(path, card.title, "title")
            message = f"The title has {len(card.title)} characters; lists and search engines cut it after about 70."
            hint = "Say the news in the title, and the rest in the summary."
            yield note(path, "long-title", message, hint, line=line, column=column)


def missing_summaries(site: BuiltSite) -> Iterator[Problem]:
    """Find posts whose summary is the beginning of their text, because their author wrote none."""
    for path, card in site.index.cards.items():
        document = site.documents.get(path)
        described = document is not None and document.meta.description
        if card.kind is Kind.POST and not card.standfirst and not described:
            message = "The post has no summary: lists, feeds and search engines show the beginning of its text."
            hint = f"Add to its front matter: summary: {_first_sentence(card.summary)}"
            yield note(path, "no-summary", message, hint, line=1)


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text[: end + 1] if 0 < end < 120 else "one or two sentences that say what the post tells"
