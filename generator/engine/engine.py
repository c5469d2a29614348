"""The engine: scan → documents → index → render → commit, the one way in for every command that builds.

A build processes what has changed since the last one. Its output equals that of a build from nothing.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from generator.clock import Clock
from generator.config import load_config
from generator.config.load import FILE
from generator.engine.cache import EngineCache
from generator.engine.facts import fetch_findings, store_findings
from generator.engine.folders import BuildFolders, lock
from generator.engine.inputs import gather_again, gather_inputs
from generator.engine.options import BuildOptions
from generator.engine.pipeline import import_stages, run_pipeline
from generator.engine.request import BuildRequest, Choose, report_to_nobody
from generator.engine.timings import Timings
from generator.errors import OpenletterError
from generator.model import BuildReport
from generator.progress import Progress
from generator.store.output import OutputFolder
from generator.store.rows import BrokenStateError
from generator.store.state import FILE as STATE_FILE
from generator.store.state import Store, discard_state

if TYPE_CHECKING:
    from datetime import datetime

    from generator.config import Config
    from generator.engine.facts import Problems
    from generator.engine.tools.built_site import BuiltSite
    from generator.engine.tools.page_facts import PageFacts

T = TypeVar("T")


class Engine:
    """Builds one site. `root` is the folder of site.toml.

    Within a `with` block it remembers what it built, so that the next build needs only a hint of what has changed. This
    is for programs that watch a site. Use it from one thread.
    """

    def __init__(self, root: Path, options: BuildOptions | None = None, clock: Clock | None = None) -> None:
        self.root = root
        self.options = options or BuildOptions()
        self.clock = clock
        self._kept = False
        self._cache: EngineCache | None = None
        self._hint: frozenset[str] = frozenset()

    def __enter__(self) -> Self:
        self._kept = True
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _reason: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._kept = False
        self._forget()

    def build(
        self, progress: Progress | None = None, *, hint: Set[str] | None = None, choose: Choose | None = None
    ) -> BuildReport:
        """Build the site and report. `progress` is called with a stage's name, what is done of it, and its size.

        `hint` names all files and folders that may have changed since this engine's last build, site-relative and with
        forward slashes; None looks at all there is, outputs too. It counts only within a `with` block. In a live
        preview, `choose` decides which page comes next, and may leave some to the next build: see `BuildReport.left`.

        Raises: ConfigError for site.toml and the theme; OutputError if the output cannot be written. Problems of single
        sources are in the report, and the rest is built. If a template fails, nothing is written, except in a live
        preview: see `BuildReport.stopped`. A hint is kept until a build succeeds.
        """
        if not (self.root / FILE).is_file():
            load_config(self.root)  # its error explains how to begin; a folder that is not a site must not get files
        if hint is None or (self._cache is not None and self._cache.options != self.options):
            self._forget()
        self._hint |= hint or frozenset()
        folders = BuildFolders.of(self.root, self.options)
        with lock(folders.state):
            report = self._build_or_heal(folders, progress or report_to_nobody, choose)
        self._hint = frozenset()
        return report

    def _build_or_heal(self, folders: BuildFolders, progress: Progress, choose: Choose | None) -> BuildReport:
        """Build; if the state turns out to be damaged, discard it and build from nothing.

        A damaged state may cause any exception, so the first one is treated as damage. With OPENLETTER_DEBUG=1 it is
        raised instead, so that a second build does not hide a bug of ours.
        """
        had_state = (folders.state / STATE_FILE).exists()
        try:
            return self._build(folders, progress, choose)
        except OpenletterError:
            raise
        except BrokenStateError:
            pass
        except Exception:
            if not had_state or os.environ.get("OPENLETTER_DEBUG") == "1":
                raise
        discard_state(folders.state)
        return self._build(folders, progress, choose)

    def page(self, path: str) -> PageFacts | None:
        """Return what is known of the page at an output path; None if no document made it.

        Only within a `with` block, after a build.
        """
        from generator.engine.tools.page_facts import page_facts

        return page_facts(path, self._cache) if self._cache is not None else None

    def settings(self) -> tuple[Config, datetime] | None:
        """Return the settings and the moment of the last build; None if it stopped before it had a site.

        Only within a `with` block, after a build.
        """
        inputs = self._cache.inputs if self._cache is not None else None
        return (inputs.config, inputs.now) if inputs is not None else None

    def findings(self, name: str, find: Callable[[BuiltSite], Problems]) -> Problems:
        """Return what `find` says of the site as this engine built it; () if there is no site yet.

        It is asked only if a build has changed the site, or `name` is another, since it was last asked. Only within a
        `with` block, after a build.
        """
        assert self._cache is not None
        known = fetch_findings(self._cache.store, name)
        if known is None and self._cache.snapshot is not None:
            known = self.use_built(find)
            store_findings(self._cache.store, name, known)
        return known or ()

    def use_built(self, use: Callable[[BuiltSite], T]) -> T:
        """Call `use` with the site as this engine built it. Only within a `with` block, after a build."""
        from generator.engine.tools.built_site import built_site

        assert self._cache is not None
        with lock(BuildFolders.of(self.root, self.options).state):
            return use(built_site(self.root, self._cache))

    def output_digests(self) -> Mapping[str, str]:
        """Map each file of the output to the digest of its bytes. Only within a `with` block, after a build."""
        assert self._cache is not None
        return {path: row.digest for path, row in self._cache.outputs.rows.items() if row.digest}

    def hidden_addresses(self) -> Mapping[str, str]:
        """Map the addresses that have no page, because what belongs there is not public, to the reason.

        See `site.hidden`. Only within a `with` block, after a build.
        """
        known = self._cache.snapshot if self._cache is not None else None
        return {place: state for place, state in known.index.hidden.items() if place[0] == "/"} if known else {}

    def prepare(self) -> None:
        """Load and import everything that the next build may need, while there is time.

        Only within a `with` block, after a build. Freezes the garbage collector: scanning the index of 10,000 posts
        takes 200 ms each time. So it first frees what earlier builds have left, which refers to itself.
        """
        if self._cache is not None:
            from generator.engine.index_update import prepare_update

            import_stages()
            self._cache.load()
            prepare_update(self._cache)
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def _build(self, folders: BuildFolders, progress: Progress, choose: Choose | None) -> BuildReport:
        """Build under the lock; sources and state are read only after it is taken."""
        timings = Timings()
        clock = self.clock or Clock.system()
        with timings.stage("scan"):
            before = self._cache.inputs if self._cache is not None else None
            if before is None:
                inputs, suspects = gather_inputs(self.root, self.options, clock), None
            else:
                inputs, suspects = gather_again(self.root, self.options, clock, before, self._hint)
        if inputs.config.search.engine != "none" and self.options.search and not self.options.preview:
            from generator.engine.processes.pagefind import find_pagefind

            find_pagefind(self.root)
        with self._lend_cache(folders) as cache:
            chosen = suspects if cache.inputs is not None else None
            request = BuildRequest(self.root, self.options, inputs, progress, chosen, choose)
            return run_pipeline(request, cache, timings)

    @contextmanager
    def _lend_cache(self, folders: BuildFolders) -> Iterator[EngineCache]:
        """Return the cache for one build. It is dropped if the build does not finish or the state changes elsewhere."""
        cache, self._cache = self._cache, None
        with ExitStack() as stack:
            if cache is not None:
                stack.push(cache.store)
                stack.callback(cache.end_background)
            if cache is None or cache.store.changed_elsewhere():
                if cache is not None:
                    cache.end_background()
                store = stack.enter_context(Store(folders.state))
                folder = OutputFolder(folders.output, preview=self.options.preview)
                cache = EngineCache(store, folder, self.options, kept=self._kept)
                stack.callback(cache.end_background)
            cache.tidy_background()
            yield cache
            if self._kept and not cache.stopped:
                stack.pop_all()
                self._cache = cache

    def _forget(self) -> None:
        if self._cache is not None:
            self._cache.end_background()
            self._cache.store.close()
        self._cache = None
