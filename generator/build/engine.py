"""The engine: scan → documents → index → render → commit.

Every build renders everything; what is stored between builds is work whose inputs are hashed whole: converted
bodies and cleaned pictures. Pages already go through the tracked site, so that what each one read is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

from generator.build.commit import Outputs, commit
from generator.build.documents import Converted, convert_all
from generator.build.locate import Locator
from generator.build.options import BuildOptions
from generator.build.pictures import Files, prepare_files
from generator.build.place import Place, lock, state_folder
from generator.build.rendering import render_all
from generator.clock import Clock
from generator.config import Config, load_config
from generator.content.find import Scan, scan
from generator.errors import Problem
from generator.model import BuildReport
from generator.render.plan import make_plan
from generator.render.world import make_world
from generator.site.index import Publication, build_index
from generator.site.queries import Queries
from generator.site.values import SiteIndex
from generator.store import OutputFolder, Store
from generator.theming import Theme, load_theme

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a build begins with."""

    config: Config
    theme: Theme
    found: Scan
    publication: Publication
    locate: Locator
    problems: tuple[Problem, ...]


class Engine:
    """Builds one site. `root` is the folder of site.toml."""

    def __init__(self, root: Path, options: BuildOptions | None = None, clock: Clock | None = None) -> None:
        self.root = root
        self.options = options or BuildOptions()
        self._clock = clock
        self._timings: dict[str, float] = {}

    def build(self, progress: Progress | None = None) -> BuildReport:
        """Build the site and report. `progress` is called with a stage's name, what is done of it, and its size.

        Raises: ConfigError for site.toml and the theme; OutputError where the output cannot be written. What is
        wrong with single sources and templates is in the report: the rest is built.
        """
        self._timings = {}
        note = progress or (lambda _stage, _done, _total: None)
        with self._timed("scan"):
            inputs = self._scan()
        place = Place(self.root, self.options.output)
        state = state_folder(place)
        with lock(state), Store(state) as store:
            folder = OutputFolder(place.output, preview=self.options.preview)
            return self._build(inputs, store, Outputs(folder, store, state), note)

    def _build(self, inputs: _Inputs, store: Store, outputs: Outputs, note: Progress) -> BuildReport:
        with self._timed("documents"):
            converted = convert_all(self.root, inputs.found, inputs.config, store, self.options.jobs, note)
            files = prepare_files(self.root, inputs.found, store, note)
        with self._timed("index"):
            index, problems = self._index(inputs, converted, files)
        queries = Queries(index, inputs.config, converted.bodies(store))
        queries.add("img", files.pictures.get)
        banner = self._banner(inputs)
        world = make_world(inputs.config, queries, inputs.theme, files.sources, inputs.locate, banner)
        plan = make_plan(world)
        with self._timed("render"):
            rendered = render_all(plan.targets, world, outputs, note)
        with self._timed("commit"):
            deleted = commit(outputs, rendered.digests, converted.blob_ids | files.blob_ids)
        found = {*inputs.problems, *converted.problems, *files.problems, *problems, *plan.problems, *rendered.problems}
        return BuildReport(
            posts=len(index.posts),
            pages=len(index.pages),
            issues=len(index.issues),
            rendered=dict.fromkeys(rendered.digests, ("full build",)),
            written=tuple(rendered.written),
            deleted=deleted,
            problems=tuple(sorted(found)),
            timings=dict(self._timings),
        )

    def _scan(self) -> _Inputs:
        config, problems = load_config(self.root)
        theme = load_theme(self.root, config.theme, config.theme_options)
        found = scan(self.root)
        now = self.options.at or (self._clock or Clock.system()).now
        now = now if now.tzinfo else now.replace(tzinfo=config.zone)
        publication = Publication(now, self.options.drafts, self.options.future)
        everything = (*problems, *theme.problems, *theme.check(), *found.problems)
        return _Inputs(config, theme, found, publication, Locator(self.root, found), everything)

    def _index(self, inputs: _Inputs, converted: Converted, files: Files) -> tuple[SiteIndex, tuple[Problem, ...]]:
        return build_index(
            converted.documents, files.owners, files.pictures, inputs.config, inputs.publication, inputs.locate
        )

    def _banner(self, inputs: _Inputs) -> str:
        """Word the banner of a preview; "" for a public build."""
        if not self.options.preview:
            return ""
        shown = ["drafts"] * self.options.drafts + ["scheduled posts"] * self.options.future
        what = f"Preview with {' and '.join(shown)}" if shown else "Preview"
        return f"{what}, as of {_minute(inputs.publication.now)}. Not for publication."

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self._timings[stage] = self._timings.get(stage, 0.0) + perf_counter() - started


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
