"""The issues of a site, with what each one holds and how far its sending has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.clock import Clock
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import MailError
from generator.model import Document, Kind
from generator.site.publication import publication_state


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue: `state` is "", "draft", "scheduled" or "expired"; `sent` and `recipients` are 0 before any sending.

    `doubt` counts the recipients who may have it or not; `broken` says that its ledger cannot be read.
    """

    slug: str
    path: str
    title: str
    date: datetime
    state: str
    posts: int
    sent: int = 0
    recipients: int = 0
    doubt: int = 0
    broken: bool = False


def list_issues(root: Path, clock: Clock, at: datetime | None = None) -> tuple[IssueLine, ...]:
    """List the issues, drafts included, newest first.

    Raises: ConfigError.
    """

    def use(opened: LoadedSite) -> tuple[IssueLine, ...]:
        plans = opened.world.queries.index.issue_plans
        lines = (
            _line(root, each, len(plans[each.path].posts), opened) for each in _issues(opened) if each.path in plans
        )
        return tuple(sorted(lines, key=lambda line: (line.date, line.path), reverse=True))

    return load_site(root, clock, use, at, lambda documents, _: [each.path for each in documents if _is_issue(each)])


def _is_issue(document: Document) -> bool:
    return document.meta.kind is Kind.ISSUE


def _issues(opened: LoadedSite) -> list[Document]:
    return [document for document in opened.documents.values() if _is_issue(document)]


def _line(root: Path, issue: Document, posts: int, opened: LoadedSite) -> IssueLine:
    meta = issue.meta
    assert meta.date is not None, "an issue has a date"
    state = publication_state(issue, opened.inputs.now)
    sent, recipients, doubt, broken = _standing(root, meta.slug)
    return IssueLine(meta.slug, issue.path, meta.title, meta.date, state, posts, sent, recipients, doubt, broken)


def _standing(root: Path, slug: str) -> tuple[int, int, int, bool]:
    """Ask the ledger in its usual place; one that is not there is not made."""
    from generator.mailing.ledger import Ledger
    from generator.mailing.place import ledger_file

    file = ledger_file(root, slug, None)
    if not file.is_file():
        return 0, 0, 0, False
    try:
        with Ledger(file) as ledger:
            counts = ledger.counts()
    except MailError:
        return 0, 0, 0, True
    return counts.sent, counts.total, counts.uncertain + counts.claimed, False
