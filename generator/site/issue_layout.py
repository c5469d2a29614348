"""Arrange an issue: the lead story, sections by tag or series, the posts in brief, corrections."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.index_model import Card, Correction, IssueLayout, IssueSection, Label, SiteIndex
from generator.site.source_names import SourceNames
from generator.slugs import fold_label

STORIES = 6
"""How many posts are full stories if an issue does not set `brief`; the others get one line each."""
BY_TAG, BY_SERIES = "tags", "series"
"""Values of `sections` beside names: each post under its first tag, or under its series."""


def arrange(
    issue: Document,
    posts: tuple[str, ...],
    index: SiteIndex,
    *,
    lead: str,
    brief: tuple[str, ...] | None,
    log: Sequence[Correction],
    since: datetime | None,
    pictures: Mapping[str, tuple[str, ...]],
    focuses: Mapping[str, tuple[str, tuple[int, int]]],
    findings: ProblemCollector,
) -> IssueLayout:
    """Place each of an issue's posts.

    `lead` and `brief` are the editor's choice ("" and None: no choice); they belong to the issue even if `posts` does
    not name them. `log` comes from `edit_log`, `since` is the date of the issue before; `pictures` maps a document's
    path to the pictures that it may carry, as written; `focuses` maps it to its lead picture and the place that stays.
    """
    everything = tuple(dict.fromkeys((*([lead] * bool(lead)), *posts, *(brief or ()))))
    told = brief if brief is not None else tuple(key for key in everything[STORIES:] if key != lead)
    rest = [key for key in everything if key not in told or key == lead]
    first = lead or (rest[0] if rest else "")
    stories = [key for key in rest if key != first]
    return IssueLayout(
        posts=everything,
        lead=first,
        sections=tuple(_sections(issue, stories, [first, *told], index, findings)),
        brief=tuple(key for key in told if key != first),
        corrections=_corrections(issue, everything, index, since, log) if issue.meta.corrections else (),
        pictures=_pictures((issue.path, *everything), index, pictures),
        thumbnails=tuple(_thumbnails(stories, index, focuses)),
    )


def _sections(
    issue: Document, stories: Sequence[str], others: Sequence[str], index: SiteIndex, findings: ProblemCollector
) -> Iterable[IssueSection]:
    """Group the stories; notes a section that the issue names and that none of its posts belongs to."""
    written = issue.meta.sections
    if not written:
        return [IssueSection("", "", tuple(stories))] if stories else []
    groups: dict[tuple[str, str], list[str]] = {("", ""): []}
    automatic = [fold_label(name) for name in written] in ([BY_TAG], [BY_SERIES])
    if not automatic:
        for name in written:
            label = _named(name, [*stories, *others], index)
            if label is None:
                message = f'No post in this issue has the tag or series "{name}", so the section is left out.'
                findings.note(
                    issue.path, name, "empty-section", message, "Correct the name, or remove it.", field="sections"
                )
            else:
                groups[label.name, label.url] = []
    for key in stories:
        label = _own(index.cards[key], fold_label(written[0])) if automatic else _first(index.cards[key], groups)
        groups.setdefault((label.name, label.url) if label else ("", ""), []).append(key)
    return [IssueSection(title, url, tuple(keys)) for (title, url), keys in groups.items() if keys]


def _labels(card: Card) -> list[Label]:
    return [*([card.series] if card.series else []), *card.tags]


def _named(name: str, keys: Sequence[str], index: SiteIndex) -> Label | None:
    """Find the tag or series with a name among those of the issue's posts."""
    wanted = fold_label(name)
    labels = (label for key in keys if key for label in _labels(index.cards[key]))
    return next((label for label in labels if wanted in (fold_label(label.name), label.slug)), None)


def _own(card: Card, by: str) -> Label | None:
    if by == BY_SERIES:
        return card.series
    return card.tags[0] if card.tags else None


def _first(card: Card, groups: Mapping[tuple[str, str], object]) -> Label | None:
    """Choose the first section, in the issue's order, that a post belongs to."""
    mine = {(label.name, label.url): label for label in _labels(card)}
    return next((mine[section] for section in groups if section in mine), None)


def edit_log(index: SiteIndex) -> tuple[Correction, ...]:
    """Gather the edit logs of all posts, oldest line first."""
    lines = [
        Correction(key, update.date, update.note)
        for key in index.posts
        for update in index.cards[key].updates
        if index.cards[key].newsletter
    ]
    return tuple(sorted(lines, key=lambda line: (line.date.astimezone(UTC), line.key, line.note)))


def _corrections(
    issue: Document, posts: Sequence[str], index: SiteIndex, since: datetime | None, log: Sequence[Correction]
) -> tuple[Correction, ...]:
    """Choose the edits between the issue before and this one, for posts that readers may know from it.

    Posts published since, and posts of this issue, are left out: readers get their current text anyway.
    """
    date = issue.meta.date
    if since is None or date is None:
        return ()
    first = bisect_right(log, since, key=lambda line: line.date)
    lines = log[first : bisect_right(log, date, key=lambda line: line.date)]
    return tuple(line for line in lines if line.key not in posts and _had(index.cards[line.key], since))


def _had(card: Card, since: datetime) -> bool:
    return card.date is not None and card.date <= since


def _pictures(keys: Iterable[str], index: SiteIndex, written: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """List the pictures that a mail of the issue may show: lead pictures, and those in the texts."""
    names = SourceNames(index.urls, index.unpublished)
    sources = {names.find(key, src) for key in keys for src in written.get(key, ())}
    return tuple(sorted(source for source in sources if source in index.pictures and source in index.urls))


def _thumbnails(
    keys: Iterable[str], index: SiteIndex, focuses: Mapping[str, tuple[str, tuple[int, int]]]
) -> Iterable[tuple[str, tuple[int, int]]]:
    """List the lead pictures that a mail shows beside stories: path and focus."""
    names = SourceNames(index.urls, index.unpublished)
    found = ((names.find(key, focuses[key][0]), focuses[key][1]) for key in keys if key in focuses)
    return sorted({each for each in found if each[0] in index.pictures and each[0] in index.urls})
