"""Series: the parts in order, and missing numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.index_model import Card, Label, Series, SeriesPart, SiteIndex
from generator.site.typesetting import Typesetter
from generator.slugs import fold_label

MAX_GAP = 1000  # a part numbered 20240304 is a date by mistake: do not list a gap of twenty million parts


def gather_series(
    index: SiteIndex, documents: Iterable[Document], config: Config, findings: ProblemCollector
) -> dict[str, Series]:
    """Make each series' page data, by slug. `documents` are all that were read, public or not.

    A number that no source has is reported, unless site.toml lists it as a gap. If the post of a number is not public
    yet, the page only shows a gap.
    """
    members: dict[str, list[Card]] = {}
    for key in index.posts:
        card = index.cards[key]
        if card.series is not None:
            members.setdefault(card.series.slug, []).append(card)
    unpublished = _unpublished_parts(index, documents)
    result = {}
    for slug, cards in sorted(members.items()):
        label = cards[0].series
        assert label is not None
        parts = _parts(cards)
        waiting = unpublished.get(fold_label(label.name), frozenset())
        meant = config.series[slug].gaps if slug in config.series else ()
        _report_gaps(label, cards, parts, waiting.union(meant), findings)
        result[slug] = _series(label, cards, parts, config)
    return result


def _unpublished_parts(index: SiteIndex, documents: Iterable[Document]) -> Mapping[str, frozenset[int]]:
    waiting: dict[str, set[int]] = {}
    for document in documents:
        meta = document.meta
        if meta.series and meta.part is not None and document.path not in index.cards:
            waiting.setdefault(fold_label(meta.series), set()).add(meta.part)
    return {name: frozenset(parts) for name, parts in waiting.items()}


def _series(label: Label, cards: list[Card], parts: tuple[SeriesPart, ...], config: Config) -> Series:
    configured = config.series.get(label.slug)
    return Series(
        name=label.name,
        slug=label.slug,
        url=label.url,
        description=Typesetter(config).set(configured.description) if configured else "",
        rating_max=configured.rating_max if configured else None,
        posts=tuple(card.key for card in cards),
        parts=parts,
    )


def _parts(newest_first: list[Card]) -> tuple[SeriesPart, ...]:
    """Order by number, then by date; posts without a number come last. Missing numbers become gaps."""
    oldest_first = newest_first[::-1]
    numbered = sorted((card for card in oldest_first if card.part is not None), key=lambda card: card.part or 0)
    parts: list[SeriesPart] = []
    for card in numbered:
        number = card.part
        assert number is not None
        last = parts[-1].part if parts else number - 1
        assert last is not None
        if 1 < number - last <= MAX_GAP:
            parts += [SeriesPart(missing, None) for missing in range(last + 1, number)]
        parts.append(SeriesPart(number, card.key))
    return (*parts, *(SeriesPart(None, card.key) for card in oldest_first if card.part is None))


def _report_gaps(
    label: Label,
    cards: list[Card],
    parts: tuple[SeriesPart, ...],
    waiting: frozenset[int],
    findings: ProblemCollector,
) -> None:
    missing = [part.part for part in parts if part.key is None and part.part not in waiting]
    if missing:
        numbers = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
        after = next(card for card in reversed(cards) if card.part is not None and card.part > (missing[0] or 0))
        message = f'The series "{label.name}" has no part {numbers}.'
        findings.note(
            after.key,
            "",
            "series-gap",
            message,
            f"Write it, renumber the parts, or list the gap: gaps = {missing[:10]} in [series.{label.slug}]",
            field="part",
        )
    seen: dict[int, str] = {}
    for card in sorted(cards, key=lambda card: card.key):
        if card.part is not None and seen.setdefault(card.part, card.key) != card.key:
            message = f'{seen[card.part]} is already part {card.part} of "{label.name}".'
            findings.warn(card.key, "", "series-part-twice", message, "Give one of them another number.", field="part")
