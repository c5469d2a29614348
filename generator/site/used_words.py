"""How often documents use each word of their front matter that makes a list: tags, series, authors, and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec import Struct

from generator.model import Meta

T = TypeVar("T")


class UsedWords(Struct, frozen=True):
    """The words that some documents use, each with how often; a month is a year and its number."""

    tags: Mapping[str, int]
    series: Mapping[str, int]
    authors: Mapping[str, int]
    months: Mapping[tuple[int, int], int]


def count_words(metas: Iterable[Meta]) -> UsedWords:
    """Count the words of some documents."""
    metas = tuple(metas)
    return UsedWords(
        Counter(tag for meta in metas for tag in meta.tags),
        Counter(meta.series for meta in metas if meta.series),
        Counter(author for meta in metas for author in meta.authors),
        Counter((meta.date.year, meta.date.month) for meta in metas if meta.date),
    )


def exchange_words(words: UsedWords, before: Iterable[Meta], after: Iterable[Meta]) -> UsedWords:
    """Count the words after some documents were exchanged for others; a word that none uses any more is left out."""
    gone, new = count_words(before), count_words(after)
    return UsedWords(
        _exchange(words.tags, gone.tags, new.tags),
        _exchange(words.series, gone.series, new.series),
        _exchange(words.authors, gone.authors, new.authors),
        _exchange(words.months, gone.months, new.months),
    )


def _exchange(counts: Mapping[T, int], gone: Mapping[T, int], new: Mapping[T, int]) -> Mapping[T, int]:
    if gone == new:
        return counts
    changed = {word: counts.get(word, 0) - gone.get(word, 0) + new.get(word, 0) for word in {**gone, **new}}
    return {word: count for word, count in {**counts, **changed}.items() if count}
