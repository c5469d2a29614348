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
class IssueSummary:
    """One issue: `state` is "", "draft", "scheduled" or "expired"; `sent` and `recipients` are 0 before any sending.

    `uncertain` counts the recipients who may have it or not; `ledger_unreadable` says that its ledger cannot be read.
    """

    slug: str
    path: str
    title: str
    date: datetime
    state: str
    posts: int
    sent: int = 0
    recipients: int = 0
    uncertain: int = 0
    ledger_unreadable: bool = False


def list_issues(root: Path, clock: Clock, at: datetime | None = None) -> tuple[IssueSummary, ...]:
    """List the issues, drafts included, newest first.

    Raises: ConfigError.
    """

    def use(site: LoadedSite) -> tuple[IssueSummary, ...]:
        plans = site.context.queries.index.issue_layouts
        lines = (
            _summarize(root, each, len(plans[each.path].posts), site) for each in _issues(site) if each.path in plans
        )
        return tuple(sorted(lines, key=lambda line: (line.date, line.path), reverse=True))

    return load_site(root, clock, use, at, lambda documents, _: [each.path for each in documents if _is_issue(each)])


def _is_issue(document: Document) -> bool:
    return document.meta.kind is Kind.ISSUE


def _issues(site: LoadedSite) -> list[Document]:
    return [document for document in site.documents.values() if _is_issue(document)]


def _summarize(root: Path, issue: Document, posts: int, site: LoadedSite) -> IssueSummary:
    meta = issue.meta
    assert meta.date is not None, "an issue has a date"
    state = publication_state(issue, site.inputs.now)
    progress = _read_progress(root, meta.slug)
    return IssueSummary(meta.slug, issue.path, meta.title, meta.date, state, posts, *progress)


def _read_progress(root: Path, slug: str) -> tuple[int, int, int, bool]:
    """Read the counts from the ledger in its default place, without creating one."""
    from generator.newsletter.delivery.ledger import Ledger
    from generator.newsletter.delivery.ledger_file import locate_ledger

    file = locate_ledger(root, slug, None)
    if not file.is_file():
        return 0, 0, 0, False
    try:
        with Ledger(file) as ledger:
            counts = ledger.count_recipients()
    except MailError:
        return 0, 0, 0, True
    return counts.sent, counts.total, counts.uncertain + counts.claimed, False
