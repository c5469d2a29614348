"""The engine: scan → sources → index → render → commit, the one way in for every command.

A build does what has changed since the last one and gives the bytes that a build from nothing would give.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.build.inputs import gather
from generator.build.options import BuildOptions
from generator.build.place import Place, lock, state_folder
from generator.build.run import Run
from generator.build.timing import Timings
from generator.clock import Clock
from generator.config import load_config
from generator.config.load import FILE
from generator.model import BuildReport
from generator.store import BrokenStateError, OutputFolder, Store, discard

Progress = Callable[[str, int, int], None]


class Engine:
    """Builds one site. `root` is the folder of site.toml."""

    def __init__(self, root: Path, options: BuildOptions | None = None, clock: Clock | None = None) -> None:
        self.root = root
        self.options = options or BuildOptions()
        self._clock = clock

    def build(self, progress: Progress | None = None) -> BuildReport:
        """Build the site and report. `progress` is called with a stage's name, what is done of it, and its size.

        Raises: ConfigError for site.toml and the theme; OutputError where the output cannot be written. What is
        wrong with single sources and templates is in the report: the rest is built.
        """
        if not (self.root / FILE).is_file():
            load_config(self.root)  # it says how to begin; nothing may be made in a folder that is no site
        place = Place(self.root, self.options.output, self.options.state)
        state = state_folder(place)
        with lock(state):
            try:
                return self._build(place, state, progress or _silent)
            except BrokenStateError:
                discard(state)
                return self._build(place, state, progress or _silent)

    def _build(self, place: Place, state: Path, note: Progress) -> BuildReport:
        """Build while no other build can: what is there is looked at only now."""
        timings = Timings()
        with timings.stage("scan"):
            inputs = gather(self.root, self.options, self._clock or Clock.system())
        with Store(state) as store:
            folder = OutputFolder(place.output, preview=self.options.preview)
            return Run(self.root, inputs, store, folder, self.options.jobs, note, timings).build()


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""
