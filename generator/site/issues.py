"""Newsletter issues: which posts each one carries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from posixpath import dirname, join, normpath

from generator.model import Collect, Document, Kind
from generator.site.findings import Findings
from generator.site.values import IssuePlan, SiteIndex
from generator.slugs import fold_label


def plan_issues(index: SiteIndex, documents: Iterable[Document], findings: Findings) -> dict[str, IssuePlan]:
    """Choose each issue's posts, by the issue's path: those it names, in its order, else those it collects."""
    documents = tuple(documents)
    issues = [document for document in documents if document.meta.kind is Kind.ISSUE]
    names = _names(index, documents) if any(issue.meta.posts for issue in issues) else {}
    dates = sorted(date for key in index.issues if (date := index.cards[key].date) is not None)
    plans = {}
    for issue in issues:
        if issue.meta.collect is not None and not issue.meta.posts:
            plans[issue.path] = IssuePlan(_collected(issue.meta.collect, issue, index, dates))
        else:
            plans[issue.path] = IssuePlan(tuple(_chosen(issue, names, findings)))
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


def _collected(collect: Collect, document: Document, index: SiteIndex, dates: Sequence[datetime]) -> tuple[str, ...]:
    """Gather what was published after the last issue (or a date) and until this one, newest first.

    `dates` are those of all issues, oldest first.
    """
    date = document.meta.date
    assert date is not None, "an issue has a date"
    earlier = bisect_left(dates, date)
    since = collect.since or (dates[earlier - 1] if earlier else None)
    wanted = frozenset(map(fold_label, collect.tags))
    chosen = []
    newest = bisect_left(index.posts, True, key=lambda key: _moment(index, key) <= date)
    for key in index.posts[newest:]:
        card = index.cards[key]
        if since is not None and _moment(index, key) <= since:
            break
        tagged = not wanted or any(fold_label(label.name) in wanted or label.slug in wanted for label in card.tags)
        if tagged and card.newsletter:
            chosen.append(key)
    return tuple(chosen[: collect.limit])


def _moment(index: SiteIndex, key: str) -> datetime:
    date = index.cards[key].date
    assert date is not None, "every post has a date"
    return date
