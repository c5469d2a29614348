"""Find which issues are due: by `send_at` in their front matter, and by what the ledgers say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import load_config
from generator.content.site_files import scan_content
from generator.engine.locator import Locator
from generator.engine.tools.front_matter import read_metas
from generator.errors import Level, MailError, Problem, error, warning
from generator.model import Kind, Meta
from generator.newsletter.delivery.schedule_values import (
    MAX_LATE,
    MAX_PAUSE_DAYS,
    IssueState,
    ScheduledIssue,
    SendSchedule,
)
from generator.site.publication import meta_state
from generator.text.counts import format_count
from generator.text.dates import in_zone

if TYPE_CHECKING:
    from generator.newsletter.delivery.ledger_search import LedgerProgress

_HIDDEN = {"draft": "it is a draft", "scheduled": "its date has not come", "expired": "it has expired"}


class _Source(Struct, frozen=True):
    """An issue with `send_at`, and how much of it was sent; None if there is no ledger."""

    path: str
    meta: Meta
    send_at: datetime
    progress: LedgerProgress | None = None


def read_send_schedule(
    root: Path, at: datetime | None = None, ledger: Path | None = None, max_late: timedelta = MAX_LATE
) -> SendSchedule:
    """List the issues with `send_at` as of `at` (now); a naive time is in the site's zone.

    Reads the front matter of the issues, and the heads of the ledgers in `ledger/` and in `ledger` if any has a time.

    Raises: ConfigError.
    """
    config, _ = load_config(root)
    now = at or Clock.system().now
    now = (now if now.tzinfo else now.replace(tzinfo=config.zone)).astimezone(UTC)  # two times of one zone compare as
    found = list(read_metas(root, config, (Kind.ISSUE,), drafts=True))  # clocks show them: wrong when they change
    problems = [*_explain_faulty(found)]
    metas = {path: meta for path, meta, _ in found if meta is not None}
    timed = {path: meta for path, meta in metas.items() if meta.send_at is not None}
    progress, damaged = _read_progress(root, ledger) if timed else ({}, ())
    problems += damaged
    paths: dict[str, list[str]] = {}
    for path, meta in metas.items():
        paths.setdefault(meta.id, []).append(path)
    unrestored = _find_unrestored(root, ledger) if timed else None
    judge = _Judge(root, now, config.zone, max_late, ledger, paths, progress, unrestored)
    issues = []
    for path, meta in timed.items():
        assert meta.send_at is not None
        source = _Source(path, meta, meta.send_at.astimezone(UTC), progress.get(meta.id))
        state, problem = judge.judge(source)
        problems += [problem] if problem else []
        issues.append(_describe(source, state, config.zone))
    if judge.unrestored and any(issue.state is IssueState.HELD for issue in issues):
        problems.append(judge.unrestored)
    ordered = tuple(sorted(issues, key=lambda issue: (issue.send_at.astimezone(UTC), issue.path)))
    return SendSchedule(now, ordered, tuple(sorted(problems)))


def _explain_faulty(found: Iterable[tuple[str, Meta | None, tuple[Problem, ...]]]) -> Iterator[Problem]:
    """Report the errors of issues that cannot be read, and what follows from them."""
    for path, meta, problems in found:
        if meta is None:
            yield from (problem for problem in problems if problem.level is Level.ERROR)
            message = "This issue has an error, so its send_at is not known, and it is not sent."
            yield error(path, "send-at", message, "Correct the error that is named with it.")


def _read_progress(root: Path, chosen: Path | None) -> tuple[Mapping[str, LedgerProgress], tuple[Problem, ...]]:
    from generator.newsletter.delivery.ledger_search import read_progress  # sqlite: only a site with send_at needs it

    return read_progress(root, chosen)


def _find_unrestored(root: Path, chosen: Path | None) -> Problem | None:
    from generator.newsletter.delivery.ledger_file import find_unrestored_folder

    return find_unrestored_folder(root, chosen)


def _describe(source: _Source, state: IssueState, zone: ZoneInfo) -> ScheduledIssue:
    meta, progress = source.meta, source.progress
    return ScheduledIssue(
        path=source.path,
        slug=meta.slug,
        id=meta.id,
        title=meta.title,
        send_at=in_zone(source.send_at, zone),
        state=state,
        sent=progress.counts.sent if progress else 0,
        recipients=progress.counts.total if progress else 0,
    )


class _Judge(Struct, frozen=True):
    """Decides what is to be done about one issue. `paths` are those of all issues by their id, as is `progress`.

    `unrestored` is the problem that there is no folder of ledgers, so that nothing can be sent.
    """

    root: Path
    now: datetime
    zone: ZoneInfo
    max_late: timedelta
    ledger: Path | None
    paths: Mapping[str, list[str]]
    progress: Mapping[str, LedgerProgress]
    unrestored: Problem | None

    def judge(self, source: _Source) -> tuple[IssueState, Problem | None]:
        """Return the state of an issue, and a problem if a person must do something about it."""
        if others := [path for path in self.paths[source.meta.id] if path != source.path]:
            return IssueState.HELD, _as_error(self._same_id(source, others[0]))
        begun = source.progress is not None and not source.progress.counts.nothing_delivered
        if source.progress is not None and begun and not source.progress.waiting:
            return IssueState.SENT, None
        if source.send_at > self.now:
            return IssueState.COMING, self._find_obstacle(source, source.send_at)
        if self.unrestored:
            return IssueState.HELD, None
        if source.progress is not None and begun and self._paused_days(source.progress.last_day) > MAX_PAUSE_DAYS:
            return IssueState.UNFINISHED, self._unfinished(source, source.progress)
        if not begun and self.now - source.send_at > self.max_late and not self._waits_its_turn(source):
            return IssueState.MISSED, self._missed(source)
        obstacle = self._find_obstacle(source, self.now)
        if obstacle is None:
            return IssueState.DUE, None
        return IssueState.HELD, _as_error(obstacle)

    def _paused_days(self, last_day: str) -> int:
        return (self.now.astimezone(self.zone).date() - date.fromisoformat(last_day)).days if last_day else 0

    def _waits_its_turn(self, source: _Source) -> bool:
        """Return True if an issue was to be sent in time, and a daily limit has left all mails since to other issues.

        Its ledger, which a run has made, shows the first. The second is so if another issue was sent on this day or the
        one before.
        """
        if source.progress is None or source.progress.tried_at - source.send_at > self.max_late:
            return False
        others = (other.last_day for issue_id, other in self.progress.items() if issue_id != source.meta.id)
        return any(day and self._paused_days(day) <= 1 for day in others)

    def _find_obstacle(self, source: _Source, moment: datetime) -> Problem | None:
        """Find why an issue cannot be sent at a moment; None if it can."""
        meta = source.meta
        if meta.translation_of in self.paths:
            message = "The issue that it translates is sent together with its translations."
            return self._problem(source, message, "Write send_at in that issue only.")
        state = meta_state(meta, moment)
        if state:
            hint = "Delete the line draft: true, and publish the site." if state == "draft" else "Correct one of them."
            return self._problem(source, f"The issue is not public at that time: {_HIDDEN[state]}.", hint)
        return self._find_lost_ledger(source)

    def _find_lost_ledger(self, source: _Source) -> Problem | None:
        """Find that this computer has sent the issue with a ledger that is gone."""
        if source.progress is not None:
            return None
        from generator.newsletter.delivery.begun_issues import refuse_missing_ledger
        from generator.newsletter.delivery.ledger_file import locate_ledger

        try:
            refuse_missing_ledger(self.root, source.meta.id, locate_ledger(self.root, source.meta.slug, self.ledger))
        except MailError as fault:
            return fault.problems[0]
        return None

    def _same_id(self, source: _Source, other: str) -> Problem:
        message = f"It has the same id as {other}, so Openletter cannot tell which one was sent."
        return self._problem(source, message, f"If it is a copy, give it a new id, such as id: {uuid4()}")

    def _missed(self, source: _Source) -> Problem:
        late = self.now - source.send_at
        hours = late // timedelta(hours=1)
        how_late = format_count(hours // 24, "day") if hours >= 48 else format_count(hours, "hour")
        bound = format_count(int(self.max_late // timedelta(hours=1)), "hour")
        message = f"The issue was not sent, and its time passed {how_late} ago: it may be at most {bound} late."
        hint = "Write a new time, send it by hand, or delete the line."
        return _as_error(self._problem(source, message, hint))

    def _unfinished(self, source: _Source, progress: LedgerProgress) -> Problem:
        waiting = format_count(progress.waiting, "recipient")
        message = f"{waiting} did not get this issue, and nothing was sent since {progress.last_day}."
        hint = "Send it by hand, or delete the line send_at."
        return _as_error(self._problem(source, message, hint))

    def _problem(self, source: _Source, message: str, hint: str) -> Problem:
        line, column = Locator(self.root, scan_content(self.root))(source.path, "send_at")
        return warning(source.path, "send-at", message, hint, line=line, column=column)


def _as_error(problem: Problem) -> Problem:
    return replace(problem, level=Level.ERROR)
