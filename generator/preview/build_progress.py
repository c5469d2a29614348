"""What the preview does during a build: report progress, and release the pages that are finished early."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic

from generator.preview.build_lock import BuildLock
from generator.preview.session import StoppedError
from generator.preview.task_queue import TaskQueue
from generator.progress import Progress

MAX_EARLY_PAGES = 50  # the pages that someone looks at are rendered first; they are among this many
PROGRESS_S = 0.2  # how often a long build reports its progress

FileStamp = tuple[int, int]


class BuildProgress:
    """The progress callback of one build. `pages` are the output paths that someone looks at or waits for."""

    def __init__(
        self,
        queue: TaskQueue,
        build_lock: BuildLock,
        output: Path,
        pages: Iterable[str],
        report: Progress,
        report_finished: Callable[[Sequence[str]], None],
    ) -> None:
        self._queue = queue
        self._build_lock = build_lock
        self._output = output
        self._report = report
        self._report_finished = report_finished
        self._report_at = monotonic() + PROGRESS_S
        self._unfinished = {page: self._stamp(page) for page in pages}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Record a step.

        Raises: StoppedError if the preview has been told to end.
        """
        if self._queue.closed:
            raise StoppedError
        if stage == "render" and self._unfinished:
            self._release_finished(done, total)
        if monotonic() >= self._report_at:
            self._report_at = monotonic() + PROGRESS_S
            self._report(stage, done, total)

    def _release_finished(self, done: int, total: int) -> None:
        if done == total or done > MAX_EARLY_PAGES:
            self._unfinished = {}
            return
        if self._queue.builds_due:  # whoever waits now needs the next build
            return
        finished = [page for page, before in self._unfinished.items() if self._stamp(page) not in (None, before)]
        if finished:
            for page in finished:
                del self._unfinished[page]
            self._build_lock.release(finished)
            self._report_finished(finished)

    def _stamp(self, page: str) -> FileStamp | None:
        try:
            status = (self._output / page).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino
