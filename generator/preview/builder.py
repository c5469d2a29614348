"""The thread that builds: it waits for a burst to end, closes the gate, builds, publishes, opens the gate."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from generator.errors import Level
from generator.preview.build_lock import Gate
from generator.preview.problem_json import shown
from generator.preview.rescan import EVERYTHING, Lookout
from generator.preview.session import Outcome, Session, StoppedError, View
from generator.preview.state import Published
from generator.preview.task_queue import Changed, ClosedError, Hint, Inbox

EARLY = 50  # pages that are rendered until those that are looked at must have been among them
LOOK_AGAIN_S = 3.0  # after a burst: a look at the files, in case the system told of less than happened
LOOKED_AT_S = 5.0  # while somebody looks at a page: such looks are to take no more than a hundredth of the time
IDLE_S = 60.0  # and else; so often the engine is also asked what has come due meanwhile
RETRY_S = 2.0
FAILED_S = 0.2  # what a mistake of ours pauses for: should it come again at once, it must not fill the screen
TOLD_S = 0.2  # how often a long build says how far it is


Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom the builder tells: `open_pages` names the pages that browsers show; `built` is told of every build.

    `refresh` is called before every look at everything, `early` when pages can be had before a build has ended.
    """

    open_pages: Callable[[], Sequence[str]]
    built: Callable[[Outcome, Hint], None]
    refresh: Callable[[], object]
    progress: Callable[[str, int, int], None]
    early: Callable[[Sequence[str]], None]


class Builder(threading.Thread):
    """Owns the session: whatever concerns the engine happens in this thread."""

    def __init__(self, session: Session, inbox: Inbox, gate: Gate, published: Published, listeners: Listeners) -> None:
        super().__init__(name="builder", daemon=True)
        self._session = session
        self._inbox = inbox
        self._gate = gate
        self._published = published
        self._listeners = listeners
        self._look_at = 0.0
        self._lookout = Lookout(session.root)
        self._tell_at = 0.0
        self._again, self._built_at = False, 0.0
        self._awaited: dict[str, Stamp | None] = {}

    def run(self) -> None:
        """Build until the inbox is closed."""
        step: Callable[[], None] = lambda: self._build(None)  # noqa: E731 - the first step is another than the rest
        try:
            while True:
                try:
                    step()
                except ClosedError:
                    raise
                except Exception as fault:  # a mistake of ours: the preview goes on, and says so
                    self._inbox.begun()
                    sleep(FAILED_S)
                    self._publish(self._session.failed(fault), frozenset())
                step = self._next
        except (ClosedError, StoppedError):
            self._gate.open()
        finally:
            self._session.close()

    def show(self, view: View) -> None:
        """Change what is shown; from any thread."""

        def change() -> None:
            self._session.show(view)
            self._build(None)

        self._inbox.errand(change, builds=True)

    def look_up(self, page: str, then: Callable[[], None]) -> None:
        """Find out about a page that a browser has opened, then do what follows; from any thread."""

        def find() -> None:
            self._published.pages.update(self._session.pages((page,)))
            then()

        self._inbox.errand(find)

    def _next(self) -> None:
        mail = self._inbox.wait(max(0.0, self._look_at - monotonic()))
        if mail is None:
            self._look()
        elif isinstance(mail, Changed):
            self._build(EVERYTHING if mail.hint is None else mail.hint)
        else:
            mail()

    def _look(self) -> None:
        """Look for what was missed; an empty hint asks the engine what has come due."""
        begun = monotonic()
        if self._again or not self._session.is_there:
            self._build(None)
            return
        self._listeners.refresh()
        missed = self._lookout.missed()
        if missed or begun - self._built_at > IDLE_S:
            self._build(missed)
        took = monotonic() - begun
        self._look_at = monotonic() + (max(LOOKED_AT_S, 100 * took) if self._listeners.open_pages() else IDLE_S)

    def _build(self, hint: Hint) -> None:
        if hint is None or hint == EVERYTHING:
            self._listeners.refresh()
        self._gate.close()
        self._inbox.begun()
        self._lookout.note(hint)
        self._tell_at = monotonic() + TOLD_S
        pages = tuple(dict.fromkeys((*self._gate.awaited, *self._listeners.open_pages())))
        self._awaited = {page: self._stamp(page) for page in pages}
        self._publish(self._session.build(hint, pages, self._progress), hint)
        if hint is None:
            self._session.prepare()

    def _publish(self, outcome: Outcome, hint: Hint) -> None:
        problems = shown(outcome.problems, self._session.root)
        about = self._session.pages(self._listeners.open_pages())
        early = self._gate.early
        self._gate.open(lambda: _publish(self._published, outcome, self._session.view, problems, about, early=early))
        self._listeners.built(outcome, hint)
        self._again, self._built_at = outcome.again, monotonic()
        self._look_at = monotonic() + (RETRY_S if outcome.again else LOOK_AGAIN_S)

    def _progress(self, stage: str, done: int, total: int) -> None:
        if self._inbox.closed:
            raise StoppedError
        if stage == "render" and self._awaited:
            self._hand_out(done, total)
        if monotonic() >= self._tell_at:
            self._tell_at = monotonic() + TOLD_S
            self._listeners.progress(stage, done, total)

    def _hand_out(self, done: int, total: int) -> None:
        """Let the pages that are looked at be read as soon as they are written: they are rendered first."""
        if done == total or done > EARLY:
            self._awaited = {}
            return
        ready = [page for page, before in self._awaited.items() if self._stamp(page) not in (None, before)]
        if ready:
            for page in ready:
                del self._awaited[page]
            self._gate.let(ready)
            self._listeners.early(ready)

    def _stamp(self, page: str) -> Stamp | None:
        try:
            status = (self._session.output / page).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino


def _publish(
    published: Published,
    outcome: Outcome,
    view: View,
    problems: list[dict[str, Any]],
    pages: Mapping[str, dict[str, Any]],
    *,
    early: bool,
) -> None:
    published.site, published.view = outcome.site, view
    published.problems, published.pages = problems, dict(pages)
    published.errors = sum(problem.level is Level.ERROR for problem in outcome.problems)
    published.warnings = len(outcome.problems) - published.errors
    if outcome.changed or early or not published.ready:
        published.number += 1
        # Of the first build nobody can have seen an older state.
        published.since.update(dict.fromkeys(outcome.changed if published.ready else (), published.number))
    published.ready = published.ready or outcome.report is not None
