"""List the issues of a site, with their posts and how many people they were sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from generator.clock import Clock
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import Level, Problem
from generator.model import Document, Kind
from generator.newsletter.bounces.bounce_log import count_bounces, read_bounces
from generator.newsletter.issue import ISSUE_FOLDER
from generator.site.publication import publication_state
from generator.text.dates import in_zone

if TYPE_CHECKING:
    from generator.newsletter.delivery.ledger_values import LedgerCounts

_Ledgers: TypeAlias = "tuple[dict[str, LedgerCounts], frozenset[str]]"


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """One issue. `state` is "", "draft", "scheduled" or "expired"; `sent` and `recipients` are 0 before the first send.

    `uncertain` counts recipients who may or may not have received it; `bounces` the people whose mails failed or who
    complained, by kind. `send_at` is when a job is to send it.
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
    bounces: Mapping[str, int] = field(default_factory=dict)
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssueList:
    """The issues of a site, newest first, and the paths of those with errors, with these errors in `problems`."""

    issues: tuple[IssueSummary, ...] = ()
    broken: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def list_issues(root: Path, clock: Clock, at: datetime | None = None) -> IssueList:
    """List the issues, drafts included, newest first, and those that cannot be used because of an error.

    Raises: ConfigError; MailError if `lists/bounced.csv` is damaged.
    """

    def use(site: LoadedSite) -> IssueList:
        plans = site.context.queries.index.issue_layouts
        ledgers = _read_ledgers(root)
        bounces = count_bounces(read_bounces(root))
        issues = (each for each in _issues(site) if each.path in plans)
        lines = (
            replace(
                _summarize(each, len(plans[each.path].posts), site, ledgers),
                bounces=bounces.get(each.meta.id, {}),
                send_at=in_zone(each.meta.send_at, site.inputs.config.zone) if each.meta.send_at else None,
            )
            for each in issues
        )
        errors = [each for each in site.problems if each.level is Level.ERROR and _is_issue_path(each.path)]
        broken = tuple(sorted({each for each in errors if each.path not in plans}))
        return IssueList(
            tuple(sorted(lines, key=lambda line: (line.date, line.path), reverse=True)),
            tuple(dict.fromkeys(each.path for each in broken)),
            broken,
        )

    return load_site(root, clock, use, at, lambda documents, _: [each.path for each in documents if _is_issue(each)])


def _read_ledgers(root: Path) -> _Ledgers:
    from generator.newsletter.delivery.ledger_search import count_issues  # sqlite: only `list` needs it

    return count_issues(root)


def _is_issue(document: Document) -> bool:
    return document.meta.kind is Kind.ISSUE


def _is_issue_path(path: str) -> bool:
    return path.startswith(ISSUE_FOLDER) and path.endswith(".md")


def _issues(site: LoadedSite) -> list[Document]:
    return [document for document in site.documents.values() if _is_issue(document)]


def _summarize(issue: Document, posts: int, site: LoadedSite, ledgers: _Ledgers) -> IssueSummary:
    meta = issue.meta
    assert meta.date is not None, "an issue has a date"
    state = publication_state(issue, site.inputs.now)
    known, unusable = ledgers
    counts = known.get(meta.id)
    unreadable = meta.id in unusable or (counts is None and meta.slug in unusable)
    facts = (meta.slug, issue.path, meta.title, meta.date, state, posts)
    if counts is None or unreadable:
        return IssueSummary(*facts, ledger_unreadable=unreadable)
    return IssueSummary(*facts, counts.sent, counts.total, counts.uncertain + counts.claimed)
