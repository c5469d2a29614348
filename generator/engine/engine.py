"""The engine: scan → sources → index → render → commit, the one way in for every command.

A build does what has changed since the last one and gives the bytes that a build from nothing would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from generator.clock import Clock
from generator.config import load_config
from generator.config.load import FILE
from generator.engine.cache import Recall
from generator.engine.folders import Place, lock, state_folder
from generator.engine.inputs import gather, gather_again
from generator.engine.options import BuildOptions
from generator.engine.run import Run
from generator.engine.timings import Timings
from generator.model import BuildReport
from generator.store import BrokenStateError, OutputFolder, Store, discard

if TYPE_CHECKING:
    from generator.engine.tools.page_facts import PageFacts

Progress = Callable[[str, int, int], None]


class Engine:
    """Builds one site. `root` is the folder of site.toml.

    Within a `with` block it remembers what it built, so that a hint of what has changed is enough for the next build:
    for one that watches a site. It is to be used by one thread.
    """

    def __init__(self, root: Path, options: BuildOptions | None = None, clock: Clock | None = None) -> None:
        self.root = root
        self.options = options or BuildOptions()
        self.clock = clock
        self._kept = False
        self._recall: Recall | None = None
        self._hinted: frozenset[str] = frozenset()

    def __enter__(self) -> Self:
        self._kept = True
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _reason: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._kept = False
        self._forget()

    def build(
        self, progress: Progress | None = None, *, hint: Set[str] | None = None, first: Sequence[str] = ()
    ) -> BuildReport:
        """Build the site and report. `progress` is called with a stage's name, what is done of it, and its size.

        `hint` names all files and folders that may have changed since this engine's last build, site-relative and with
        forward slashes; None looks at all there is, outputs too. It counts only within a `with` block. The outputs
        `first` names are rendered before all others.

        Raises: ConfigError for site.toml and the theme; OutputError where the output cannot be written. What is
        wrong with single sources and templates is in the report: the rest is built. A hint is kept until a build
        succeeds.
        """
        if not (self.root / FILE).is_file():
            load_config(self.root)  # it says how to begin; nothing may be made in a folder that is no site
        if hint is None or (self._recall is not None and self._recall.options != self.options):
            self._forget()
        self._hinted |= hint or frozenset()
        place = Place(self.root, self.options.output, self.options.state)
        state = state_folder(place)
        with lock(state):
            try:
                report = self._build(place, state, progress or _silent, first)
            except BrokenStateError:
                discard(state)
                report = self._build(place, state, progress or _silent, first)
        self._hinted = frozenset()
        return report

    def page(self, path: str) -> PageFacts | None:
        """Say what is known of the page at an output path; None where no document made it.

        Only within a `with` block, after a build.
        """
        from generator.engine.tools.page_facts import page_facts

        return page_facts(path, self._recall) if self._recall is not None else None

    def prepare(self) -> None:
        """Recall, while there is time, all that the next build may need. Only within a `with` block, after a build."""
        if self._recall is not None:
            self._recall.prepare()

    def _build(self, place: Place, state: Path, note: Progress, first: Sequence[str]) -> BuildReport:
        """Build while no other build can: what is there is looked at only now."""
        timings = Timings()
        clock = self.clock or Clock.system()
        with timings.stage("scan"):
            before = self._recall.inputs if self._recall is not None else None
            if before is None:
                inputs, hinted = gather(self.root, self.options, clock), None
            else:
                inputs, hinted = gather_again(self.root, self.options, clock, before, self._hinted)
        with self._recalled(place, state) as recall:
            hinted = hinted if recall.inputs is not None else None
            return Run(self.root, self.options, inputs, recall, note, timings, hinted, first).build()

    @contextmanager
    def _recalled(self, place: Place, state: Path) -> Iterator[Recall]:
        """Lend what is remembered; what went wrong, or another program changed, is forgotten."""
        recall, self._recall = self._recall, None
        with ExitStack() as stack:
            if recall is not None:
                stack.push(recall.store)
                recall.outputs.touched.clear()
            if recall is None or recall.store.changed_elsewhere():
                store = stack.enter_context(Store(state))
                folder = OutputFolder(place.output, preview=self.options.preview)
                recall = Recall(store, folder, self.options, kept=self._kept)
            yield recall
            if self._kept:
                stack.pop_all()
                self._recall = recall

    def _forget(self) -> None:
        if self._recall is not None:
            self._recall.store.close()
        self._recall = None


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""
