"""Newsletter issues: which posts each one carries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from posixpath import dirname, join, normpath

from msgspec import Struct

from generator.errors import ProblemCollector
from generator.model import Collect, Document, Kind
from generator.site.hidden import FAULTY
from generator.site.index_model import IssueLayout, SiteIndex
from generator.site.issue_layout import arrange, edit_log
from generator.slugs import fold_label, slug_or_digest
from generator.text.dates import date_from_name

_STATES = {
    "draft": "is a draft",
    "scheduled": "is scheduled for a later date",
    "expired": "has expired",
    FAULTY: "has an error",
}
Names = Mapping[str, list[str]]
"""Each name of a post (slug, end of its address, file name, path) → the keys of the posts with that name."""


def lay_out_issues(
    index: SiteIndex, documents: Iterable[Document], findings: ProblemCollector
) -> dict[str, IssueLayout]:
    """Choose each issue's posts, by the issue's path: those it names, in its order, else those it collects.

    `documents` are all that were read, public or not. Then arrange the posts: see `issue_layout`.
    """
    if not index.issues:
        return {}
    everything = tuple(documents)
    documents = tuple(document for document in everything if document.path in index.cards)
    own = frozenset(index.issues)
    issues = [document for document in documents if document.path in own]
    if not issues:
        return {}
    named = any(issue.meta.posts or issue.meta.lead or issue.meta.brief for issue in issues)
    names = post_names(index, documents) if named else {}
    hidden = _hidden_names(index, everything) if named else {}
    dates = sorted(date for key in index.issues if (date := index.cards[key].date) is not None)
    log = edit_log(index)
    pictures = {document.path: written for document in documents if (written := _pictures(document))}
    focuses = {each.path: (each.meta.image, each.meta.image_focus) for each in documents if each.meta.image}
    plans = {}
    for issue in issues:
        finder = _PostFinder(issue, names, findings, hidden)
        posts = _posts(finder, index, dates)
        plans[issue.path] = arrange(
            issue,
            posts,
            index,
            lead=finder.one(issue.meta.lead),
            brief=None if issue.meta.brief is None else tuple(finder.chosen(issue.meta.brief)),
            log=log,
            since=last_issue(issue, dates),
            pictures=pictures,
            focuses=focuses,
            findings=findings,
        )
    return plans


def _pictures(document: Document) -> tuple[str, ...]:
    return (document.meta.image, *document.pictures) if document.meta.image else document.pictures


def _posts(finder: _PostFinder, index: SiteIndex, dates: Sequence[datetime]) -> tuple[str, ...]:
    meta = finder.issue.meta
    if meta.collect is not None and not meta.posts:
        return _collected(meta.collect, finder.issue, index, dates)
    return tuple(finder.chosen(meta.posts))


def last_issue(issue: Document, dates: Sequence[datetime]) -> datetime | None:
    """Find the date of the issue before; None for the first. `dates` are those of all issues, oldest first."""
    assert issue.meta.date is not None, "an issue has a date"
    earlier = bisect_left(dates, issue.meta.date)
    return dates[earlier - 1] if earlier else None


def post_names(index: SiteIndex, documents: Iterable[Document]) -> Names:
    """List the names of each post."""
    slugs = {document.path: document.meta.slug for document in documents}
    names: dict[str, list[str]] = {}
    for key in index.posts:
        end = index.addresses[key].strip("/").rsplit("/", 1)[-1]
        for call in _calls(key, slugs[key], end):
            names.setdefault(call, []).append(key)
    return names


def _hidden_names(index: SiteIndex, documents: Iterable[Document]) -> Mapping[str, str]:
    """Map what an editor may call a post that is not public, or has an error, to the post's state."""
    faulty = (path for path, state in index.hidden.items() if state == FAULTY and path.startswith("content/posts/"))
    names = {call: FAULTY for path in faulty for call in _calls(path, _usual_slug(path))}
    return names | {
        call: state
        for document in documents
        if document.meta.kind is Kind.POST and (state := index.hidden.get(document.path))
        for call in _calls(document.path, document.meta.slug, document.meta.slug)
    }


def _usual_slug(path: str) -> str:
    """Return the slug of a post whose front matter cannot be read: that of its name, without the date."""
    name = path.removesuffix("/index.md").removesuffix(".md").rsplit("/", 1)[-1]
    return slug_or_digest(date_from_name(name)[1] or name, Kind.POST.value)


def _calls(key: str, *slugs: str) -> set[str]:
    """List the names of one post: its slugs, and its path and file name, with and without the suffix."""
    calls = {*slugs, key, key.removeprefix("content/"), key.removeprefix("content/posts/"), key.rsplit("/", 1)[-1]}
    return calls | {call.removesuffix("/index.md").removesuffix(".md") for call in calls}


class _PostFinder(Struct, frozen=True):
    """Finds the posts that an issue names; `names` are those of all posts, `hidden` of those that are not public."""

    issue: Document
    names: Names
    findings: ProblemCollector
    hidden: Mapping[str, str]

    def chosen(self, written: Iterable[str]) -> Iterable[str]:
        """Find the posts with these names; a name without a post is an error, one of a hidden post a note."""
        for name in dict.fromkeys(written):
            key = self.one(name)
            if key:
                yield key

    def one(self, written: str | None) -> str:
        """Find one post by its name; "" if the name is empty or no post has it."""
        if not written:
            return ""
        path = normpath(join(dirname(self.issue.path), written))
        found = self.names.get(written) or self.names.get(path, [])
        if len(found) == 1:
            return found[0]
        if found:
            message = f'"{written}" matches several posts: {", ".join(sorted(found))}.'
            hint = "Write the path instead of the slug."
            self.findings.error(self.issue.path, written, "ambiguous-post", message, hint)
        elif state := self.hidden.get(written) or self.hidden.get(path):
            message = f'The issue names "{written}", but that post {_STATES[state]}, so the issue is shown without it.'
            hint = "Correct that error." if state == FAULTY else "Publish the post, or leave it out."
            self.findings.note(self.issue.path, written, "missing-post", message, hint)
        else:
            message = f'The issue names "{written}", but no published post has that slug or path.'
            self.findings.error(self.issue.path, written, "missing-post", message, "Correct it, or publish the post.")
        return ""


def _collected(collect: Collect, document: Document, index: SiteIndex, dates: Sequence[datetime]) -> tuple[str, ...]:
    """Collect the posts published after the last issue (or a date) and until this one, newest first.

    `dates` are those of all issues, oldest first.
    """
    date = document.meta.date
    assert date is not None, "an issue has a date"
    since = collect.since or last_issue(document, dates)
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
