"""Decide which page a build of the preview renders next: those that someone waits for or looks at, then all others.

A page may be read as soon as it is up to date, even if the build goes on: `BuildLock.admit` answers its requests.
The build ends early, and leaves the stale pages to the next one, if the site has changed again, or if someone has to be
told what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from generator.engine.request import ANY
from generator.model import Target
from generator.preview.build_lock import BuildLock
from generator.preview.session import StoppedError
from generator.preview.task_queue import TaskQueue
from generator.progress import Progress

REPORT_S = 0.2  # how long the first build after a change renders before it reports, if pages are left
PAUSE_S = 0.1  # how long a build renders before it pauses for a task or for a request that needs its end
PROGRESS_S = 0.2  # how often a long build reports its progress

FileStamp = tuple[int, int]


class PageScheduler:
    """What one build asks: `choose` for the next page, `report_progress` after each step.

    `open_pages` lists the outputs that browsers show, `announce` receives those that were rendered before the build has
    ended. `goes_on` is True for a build of nothing but what the last one has left.
    """

    def __init__(
        self,
        queue: TaskQueue,
        build_lock: BuildLock,
        output: Path,
        open_pages: Callable[[], Sequence[str]],
        announce: Callable[[Sequence[str]], None],
        report: Progress,
        *,
        goes_on: bool,
    ) -> None:
        self._queue = queue
        self._build_lock = build_lock
        self._output = output
        self._open_pages = open_pages
        self._announce = announce
        self._report = report
        self._goes_on = goes_on
        self._begun = 0.0
        self._report_at = monotonic() + PROGRESS_S
        self._looked_at: dict[str, FileStamp | None] = {}
        self.left: Mapping[str, Target] = {}

    def choose(self, left: Mapping[str, Target]) -> str | None:
        """Choose the next of the stale outputs, or ANY, or None to end the build. Raises: StoppedError."""
        self._stop_if_closed()
        if not self._begun:
            self._begun, self.left = monotonic(), left
            self._looked_at = {page: self._stamp(page) for page in self._open_pages() if page in left}
        self._build_lock.admit(left)
        self._announce_rendered()
        awaited = self._build_lock.find_awaited() or next((page for page in self._open_pages() if page in left), None)
        if awaited is not None:
            return awaited
        return None if self._must_end() or not left else ANY

    def report_progress(self, stage: str, done: int, total: int) -> None:
        """Record a step. Raises: StoppedError."""
        self._stop_if_closed()
        if monotonic() >= self._report_at:
            self._report_at = monotonic() + PROGRESS_S
            self._report(stage, done, total)

    def _must_end(self) -> bool:
        """Return True if a change waits, or after some time if someone has to be told what the build has found."""
        if self._queue.builds_due:
            return True
        passed_s = monotonic() - self._begun
        asked = self._queue.has_tasks or self._build_lock.end_is_awaited
        return (asked and passed_s > PAUSE_S) or (not self._goes_on and passed_s > REPORT_S)

    def _announce_rendered(self) -> None:
        """Announce the open pages that this build has changed; with a newer change, they wait for the next build."""
        rendered = {page: before for page, before in self._looked_at.items() if page not in self.left}
        if rendered and not self._queue.builds_due:
            changed = [page for page, before in rendered.items() if self._stamp(page) not in (None, before)]
            for page in rendered:
                del self._looked_at[page]
            if changed:
                self._announce(changed)

    def _stop_if_closed(self) -> None:
        """Leave the build if the preview is ending. Raises: StoppedError."""
        if self._queue.closed:
            raise StoppedError

    def _stamp(self, page: str) -> FileStamp | None:
        try:
            status = (self._output / page).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino
