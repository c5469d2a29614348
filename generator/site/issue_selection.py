"""Select the posts of a new issue: those that no issue has carried yet, with the reason for each post left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from generator.errors import ConfigError, Problem, error
from generator.model import Document, Kind
from generator.site.index_model import Card, SiteIndex
from generator.site.issues import post_names
from generator.site.publication import publication_state
from generator.slugs import fold_label

FIRST_DAYS = 31
"""How far the first issue looks back."""
_STATES = {"draft": "a draft", "scheduled": "scheduled for {date:%Y-%m-%d %H:%M}", "expired": "expired"}


class Criteria(Struct, frozen=True):
    """The editor's choice: posts by name, in order; or posts since a moment, with a tag, up to a limit."""

    posts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    limit: int | None = None
    since: datetime | None = None


class Candidate(Struct, frozen=True):
    """A post that a new issue includes, with the `name` for `posts`, or leaves out for a `reason`.

    `earlier`: the post is older than the last issue, which did not carry it.
    """

    path: str
    name: str
    title: str
    reason: str = ""
    earlier: bool = False


class IssueSelection(Struct, frozen=True):
    """The posts that a new issue includes, in order, and those it leaves out, newest first.

    Posts after `since` count as new; `last` is the path of the issue that sets it, "" if there is none. `unread_issues`
    are the paths of issues that cannot be read, so their posts are unknown.
    """

    taken: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]
    since: datetime
    last: str
    unread_issues: tuple[str, ...] = ()


def select_posts(
    index: SiteIndex, documents: Mapping[str, Document], unread: Iterable[str], wish: Criteria, now: datetime
) -> IssueSelection:
    """Choose the posts of a new issue from those that no issue has carried: pinned ones first, then the newest.

    `documents` are all there are, public or not, by path; `unread` the paths of posts and issues that could not be
    read. `index` knows all issues, drafts included.

    Raises: ConfigError if a chosen post does not exist or is not public.
    """
    names = post_names(index, [each for each in documents.values() if each.path in index.cards])
    since, last = _since(index, documents, wish, now)
    taken = _chosen(wish.posts, names, documents, now) if wish.posts else []
    carried = _carried(index)
    new = set(_published_after(index, since))
    begin = wish.since or _beginning(index, documents, since, now)
    reasons: dict[str, str] = {}
    for key in _published_after(index, begin):
        settled = key in carried or not index.cards[key].newsletter
        if key not in taken and (key in new or not settled):
            reasons[key] = _reason(index.cards[key], carried.get(key, ""), wish)
    if not wish.posts:
        found = sorted((key for key in reasons if not reasons[key]), key=lambda key: not index.cards[key].pinned)
        taken = found[: wish.limit]
        reasons |= dict.fromkeys(found[len(taken) :], f"over the limit of {wish.limit}")
    reasons |= {key: "not chosen" for key, reason in reasons.items() if not reason and key not in taken}
    posts, issues = _split_unread(unread)
    reasons |= _hidden(documents, index, since, now) | dict.fromkeys(posts, "it cannot be read")

    def candidate(key: str, reason: str = "") -> Candidate:
        document = documents.get(key)
        title = document.meta.title if document else key
        earlier = key in index.cards and key not in new
        return Candidate(key, _name(key, documents, names), title, reason, earlier)

    left_out = sorted((key for key in reasons if key not in taken), key=lambda key: _order(documents.get(key)))
    return IssueSelection(
        tuple(map(candidate, taken)),
        tuple(candidate(key, reasons[key]) for key in left_out[::-1]),
        since,
        last,
        issues,
    )


def _split_unread(unread: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    paths = tuple(unread)
    posts = tuple(path for path in paths if path.startswith("content/posts/"))
    return posts, tuple(path for path in paths if path.startswith("content/newsletters/"))


def _order(document: Document | None) -> tuple[str, str]:
    date = document.meta.date if document else None
    return (date.isoformat() if date else "", document.path if document else "")


def _since(index: SiteIndex, documents: Mapping[str, Document], wish: Criteria, now: datetime) -> tuple[datetime, str]:
    """Find the moment of the last public issue; before the first one, a month ago."""
    public = [key for key in index.issues if not publication_state(documents[key], now)]
    last = public[0] if public else ""
    date = index.cards[last].date if last else None
    return wish.since or date or now - timedelta(days=FIRST_DAYS), last if date and not wish.since else ""


def _beginning(index: SiteIndex, documents: Mapping[str, Document], since: datetime, now: datetime) -> datetime:
    """Find the date from which posts belong in the newsletter: a month before the first public issue with posts."""
    first = next(
        (
            date
            for key in reversed(index.issues)
            if index.issue_layouts[key].posts and not publication_state(documents[key], now)
            if (date := index.cards[key].date) is not None
        ),
        None,
    )
    return since if first is None else min(since, first - timedelta(days=FIRST_DAYS))


def _published_after(index: SiteIndex, moment: datetime) -> list[str]:
    return [key for key in index.posts if (date := index.cards[key].date) is not None and date > moment]


def _carried(index: SiteIndex) -> dict[str, str]:
    """Map each post that an issue has carried, drafts included, to the newest such issue."""
    return {post: issue for issue in reversed(index.issues) for post in index.issue_layouts[issue].posts}


def _reason(card: Card, issue: str, wish: Criteria) -> str:
    """Return why a new post is left out; "" if it is not."""
    wanted = {fold_label(tag) for tag in wish.tags}
    if not card.newsletter:
        return "newsletter: false"
    if issue:
        return f"already in {issue}"
    if wanted and not any(fold_label(label.name) in wanted or label.slug in wanted for label in card.tags):
        return f"not tagged {' or '.join(wish.tags)}"
    return ""


def _hidden(documents: Mapping[str, Document], index: SiteIndex, since: datetime, now: datetime) -> dict[str, str]:
    """List the posts that would be new but are not public, with the reason."""
    found = {}
    for path, document in documents.items():
        date = document.meta.date
        state = publication_state(document, now)
        if document.meta.kind is Kind.POST and path not in index.cards and state and date is not None and date > since:
            found[path] = _STATES[state].format(date=date)
    return found


def _chosen(
    written: Sequence[str], names: Mapping[str, list[str]], documents: Mapping[str, Document], now: datetime
) -> list[str]:
    problems: list[Problem] = []
    keys = []
    for name in dict.fromkeys(written):
        found = names.get(name, [])
        if len(found) == 1:
            keys.append(found[0])
        else:
            problems.append(_not_one(name, found, documents, now))
    if problems:
        raise ConfigError(problems)
    return list(dict.fromkeys(keys))


def _not_one(name: str, found: list[str], documents: Mapping[str, Document], now: datetime) -> Problem:
    if found:
        message = f'"{name}" matches several posts: {", ".join(sorted(found))}.'
        return error("", "ambiguous-post", message, "Write the path instead of the slug.")
    for path, document in documents.items():
        state = publication_state(document, now)
        file = path.rsplit("/", 1)[-1].removesuffix(".md")
        if state and document.meta.kind is Kind.POST and name in (document.meta.slug, path, file):
            said = _STATES[state].format(date=document.meta.date)
            return error(path, "missing-post", f'"{name}" is not public: {said}.', "Publish it first.")
    return error("", "missing-post", f'No post is called "{name}".', "Write its slug, or the path of its file.")


def _name(key: str, documents: Mapping[str, Document], names: Mapping[str, list[str]]) -> str:
    """Name a post for `posts`: by its slug, unless another post has the same slug."""
    document = documents.get(key)
    slug = document.meta.slug if document else ""
    return slug if names.get(slug) == [key] else key.removeprefix("content/")
