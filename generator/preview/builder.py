"""The build thread: wait for a burst of changes to end, take the build lock, build, publish, release the lock."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from generator.preview.build_lock import BuildLock
from generator.preview.page_scheduler import PageScheduler
from generator.preview.problem_json import encode_problems
from generator.preview.rescan import ALL_SOURCES, SourceSnapshot
from generator.preview.session import BuildOutcome, PreviewSession, StoppedError, ViewChanges, ViewOptions
from generator.preview.state import FoundProblem, PreviewState
from generator.preview.task_queue import ChangedSources, Hint, QueueClosedError, TaskQueue
from generator.progress import Progress

RESCAN_S = 3.0  # delay of the scan after a burst, because the system may have missed events
WATCHED_RESCAN_S = 5.0  # while a page is open: scans take at most one hundredth of the time
IDLE_S = 60.0  # interval otherwise; this also finds posts that became due
RETRY_S = 2.0
FAULT_S = 0.2  # pause after a bug of ours, so that a repeated one does not flood the terminal


@dataclass(frozen=True, slots=True)
class BuildListeners:
    """What the builder calls: `open_pages` lists the pages that browsers show, `built` follows every build.

    `refresh` precedes every full scan; `early` receives the pages that are finished before a build has ended.
    """

    open_pages: Callable[[], Sequence[str]]
    built: Callable[[BuildOutcome, Hint], None]
    refresh: Callable[[], object]
    progress: Progress
    early: Callable[[Sequence[str]], None]


class Builder(threading.Thread):
    """The thread that owns the session: the engine runs only here."""

    def __init__(
        self,
        session: PreviewSession,
        queue: TaskQueue,
        build_lock: BuildLock,
        state: PreviewState,
        listeners: BuildListeners,
    ) -> None:
        super().__init__(name="builder", daemon=True)
        self._session = session
        self._queue = queue
        self._build_lock = build_lock
        self._state = state
        self._listeners = listeners
        self._rescan_at = 0.0
        self._snapshot = SourceSnapshot(session.root)
        self._retry, self._built_at = False, 0.0
        self._pages_left = False

    def run(self) -> None:
        """Build until the queue is closed."""
        step: Callable[[], None] = lambda: self._build(None)  # noqa: E731 - the first step is another than the rest
        try:
            while True:
                try:
                    step()
                except QueueClosedError:
                    raise
                except Exception as fault:  # a bug of ours: report it and continue
                    sleep(FAULT_S)
                    self._build_lock.begin_write(self._queue.mark_build_started)
                    self._publish(self._session.report_bug(fault), frozenset())
                step = self._next
        except (QueueClosedError, StoppedError):
            self._build_lock.end_write()
        finally:
            self._session.close()

    def change_view(self, changes: ViewChanges) -> None:
        """Change which sources are shown; may be called from any thread."""

        def change() -> None:
            self._session.change_view(changes)
            self._build(None)

        self._queue.add_task(change, builds=True)

    def look_up_page(self, page: str, then: Callable[[], None]) -> None:
        """Describe a page that a browser has opened, then call `then`; may be called from any thread."""

        def find() -> None:
            self._state.pages.update(self._session.describe_pages((page,)))
            then()

        self._queue.add_task(find)

    def _next(self) -> None:
        until_rescan_s = max(0.0, self._rescan_at - monotonic())
        item = self._queue.take(0.0 if self._pages_left else until_rescan_s)
        if item is None and self._pages_left and until_rescan_s:
            self._build(frozenset(), due=False, goes_on=True)
        elif item is None:
            self._rescan()
        elif isinstance(item, ChangedSources):
            self._build(ALL_SOURCES if item.hint is None else item.hint)
        else:
            item()

    def _rescan(self) -> None:
        """Build the changes that no event reported; an empty hint asks the engine what has become due."""
        begun = monotonic()
        if self._retry or not self._session.output_exists:
            self._build(None, due=False)
            return
        self._listeners.refresh()
        missed = self._snapshot.find_changes()
        if missed or begun - self._built_at > IDLE_S:
            self._build(missed, due=False)
        took = monotonic() - begun
        self._rescan_at = monotonic() + (max(WATCHED_RESCAN_S, 100 * took) if self._listeners.open_pages() else IDLE_S)

    def _build(self, hint: Hint, *, due: bool = True, goes_on: bool = False) -> None:
        """Build; `due` is False if no change in the queue waits for it: one that comes now is not in `hint`.

        `goes_on` is True for a build of what the last one has left.
        """
        if hint is None or hint == ALL_SOURCES:
            self._listeners.refresh()
        self._build_lock.begin_write(self._queue.mark_build_started if due else None)
        self._snapshot.record(hint)
        listeners, output = self._listeners, self._session.output
        scheduler = PageScheduler(
            self._queue,
            self._build_lock,
            output,
            listeners.open_pages,
            listeners.early,
            listeners.progress,
            goes_on=goes_on,
        )
        outcome = self._session.build(hint, scheduler.report_progress, scheduler.choose)
        # If a build fails, the pages stay as they were: there may be nothing that could ever render them.
        self._publish(outcome, hint, scheduler.left if outcome.report else (), goes_on=goes_on)
        if hint is None:
            self._session.prepare()
        elif not (goes_on and self._pages_left):
            gc.collect()  # what the last build was made from refers to itself, and so do pages of templates with macros

    def _publish(self, outcome: BuildOutcome, hint: Hint, left: Collection[str] = (), *, goes_on: bool = False) -> None:
        problems = encode_problems(outcome.problems, self._session.root)
        about = self._session.describe_pages(self._listeners.open_pages())
        early = self._build_lock.has_admitted
        self._build_lock.end_write(
            lambda: _update_state(self._state, outcome, self._session.view, problems, about, early=early), left
        )
        self._listeners.built(outcome, hint)
        self._pages_left, self._retry, self._built_at = bool(left), outcome.retry, monotonic()
        if not goes_on or outcome.retry:
            self._rescan_at = monotonic() + (RETRY_S if outcome.retry else RESCAN_S)


def _update_state(
    state: PreviewState,
    outcome: BuildOutcome,
    view: ViewOptions,
    problems: list[dict[str, Any]],
    pages: Mapping[str, dict[str, Any]],
    *,
    early: bool,
) -> None:
    state.site, state.view = outcome.site, view
    state.problems, state.pages = problems, dict(pages)
    state.found = [FoundProblem(problem.level, problem.path, str(problem)) for problem in outcome.problems]
    if outcome.report is not None:
        state.hidden = outcome.hidden
    if outcome.changed or early or not state.ready:
        state.number += 1
        # Before the first build, no browser can have seen an older state.
        state.since.update(dict.fromkeys(outcome.changed if state.ready else (), state.number))
    state.ready = state.ready or outcome.report is not None
