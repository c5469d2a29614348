"""Newsletter issues: which posts each one carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from posixpath import dirname, join, normpath

from generator.model import Collect, Document, Kind
from generator.site.findings import Findings
from generator.site.values import IssuePlan, SiteIndex
from generator.slugs import fold_label


def plan_issues(index: SiteIndex, documents: Iterable[Document], findings: Findings) -> dict[str, IssuePlan]:
    """Choose each issue's posts, by the issue's path: those it names, in its order, else those it collects."""
    documents = tuple(documents)
    names = _names(index, documents)
    plans = {}
    for document in documents:
        if document.meta.kind is not Kind.ISSUE:
            continue
        if document.meta.collect is not None and not document.meta.posts:
            plans[document.path] = IssuePlan(_collected(document.meta.collect, document, index))
        else:
            plans[document.path] = IssuePlan(tuple(_chosen(document, names, findings)))
    return plans


def _names(index: SiteIndex, documents: Iterable[Document]) -> Mapping[str, list[str]]:
    """Map what an editor may call a post (slug, end of its address, file name, path) to the keys of those so called."""
    slugs = {document.path: document.meta.slug for document in documents}
    names: dict[str, list[str]] = {}
    for key in index.posts:
        end = index.addresses[key].strip("/").rsplit("/", 1)[-1]
        name = key.rsplit("/", 1)[-1]
        calls = {slugs[key], end, key, key.removeprefix("content/"), key.removeprefix("content/posts/"), name}
        for call in calls | {call.removesuffix("/index.md").removesuffix(".md") for call in calls}:
            names.setdefault(call, []).append(key)
    return names


def _chosen(document: Document, names: Mapping[str, list[str]], findings: Findings) -> Iterable[str]:
    for written in dict.fromkeys(document.meta.posts):
        found = names.get(written) or names.get(normpath(join(dirname(document.path), written)), [])
        if len(found) == 1:
            yield found[0]
        elif found:
            message = f'"{written}" may be any of {", ".join(sorted(found))}.'
            hint = "Write the path instead of the slug."
            findings.error(document.path, written, "ambiguous-post", message, hint)
        else:
            message = f'The issue names "{written}", but no published post has that slug or path.'
            findings.error(document.path, written, "missing-post", message, "Correct it, or publish the post.")


def _collected(collect: Collect, document: Document, index: SiteIndex) -> tuple[str, ...]:
    """Gather what was published after the last issue (or a date) and before this one, newest first."""
    date = document.meta.date
    assert date is not None, "an issue has a date"
    since = collect.since or _previous_issue(date, document.path, index)
    wanted = frozenset(map(fold_label, collect.tags))
    chosen = []
    for key in index.posts:
        card = index.cards[key]
        assert card.date is not None
        recent = card.date <= date and (since is None or card.date > since)
        tagged = not wanted or any(fold_label(label.name) in wanted or label.slug in wanted for label in card.tags)
        if recent and tagged and card.newsletter:
            chosen.append(key)
    return tuple(chosen[: collect.limit])


def _previous_issue(date: datetime, path: str, index: SiteIndex) -> datetime | None:
    dates = [index.cards[key].date for key in index.issues if key != path]
    return max((other for other in dates if other is not None and other < date), default=None)
