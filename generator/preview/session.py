"""The engine for the preview: its own folder, a view that can change, and errors as values."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from generator.config import load_config
from generator.config.load import FILE
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.request import Choose
from generator.errors import OpenletterError, OutputError, Problem, error
from generator.model import BuildReport
from generator.preview.task_queue import Hint
from generator.progress import Progress
from generator.store.output import MARKER

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from generator.engine.tools.page_facts import PageFacts

_MAX_PREVIEWS = 20  # for one site at a time


class StoppedError(BaseException):
    """Raised in a build to end the preview. A BaseException, so that no handler of errors catches it."""


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """What the preview shows beside public pages, and as of when (None: now)."""

    drafts: bool = True
    future: bool = False
    at: datetime | None = None


class ViewChanges(TypedDict, total=False):
    """The parts of a view that are to change."""

    drafts: bool
    future: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """The settings of site.toml that the server needs."""

    title: str = ""
    url: str = ""
    base_path: str = "/"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The result of a build. Without a `report` the build failed, and `problems` have the reasons.

    `retry` requests another try: the cause may disappear without a change of the site's files. `hidden` maps
    the addresses that have no page in this view to the reason: see `site.hidden`.
    """

    problems: tuple[Problem, ...]
    seconds: float
    site: SiteAddress
    report: BuildReport | None = None
    retry: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """The output paths that have changed."""
        return frozenset((*self.report.written, *self.report.deleted)) if self.report else frozenset()


class PreviewSession:
    """A site's preview on disk. All its methods belong to one thread."""

    def __init__(self, root: Path, view: ViewOptions) -> None:
        self.root = root
        self.view = view
        self._lock, self._folder = _lock_folder(root)
        self._facts = SiteAddress()
        self._engine: Engine | None = None

    @property
    def output(self) -> Path:
        """The folder that is served."""
        return self._folder / "site"

    @property
    def is_new(self) -> bool:
        """Return True if nothing was ever built here."""
        return not (self._folder / "state" / "state.sqlite").is_file()

    @property
    def output_exists(self) -> bool:
        """Return True if the built site still exists: someone may delete the folder at any time."""
        return (self.output / MARKER).is_file()

    def change_view(self, changes: ViewChanges) -> None:
        """Change parts of the view; the next build applies it."""
        self.view = replace(self.view, **changes)
        if self._engine is not None:
            self._engine.options = self._options()

    def build(self, hint: Hint = None, progress: Progress | None = None, choose: Choose | None = None) -> BuildOutcome:
        """Build what a hint names, and what the last build has left; errors are in the outcome."""
        begun = perf_counter()
        try:
            report = self._build(hint, progress, choose)
        except OpenletterError as fault:
            return self._outcome(fault.problems, begun, retry=isinstance(fault, OutputError))
        except Exception as fault:
            return self.report_bug(fault)
        if hint is None or FILE in hint:
            self._facts = self._read_facts()
        hidden = self._engine.hidden_addresses() if self._engine is not None else {}
        return replace(self._outcome(report.problems, begun), report=report, hidden=hidden)

    def report_bug(self, fault: Exception) -> BuildOutcome:
        """Report a bug of the program; the next build starts from the state on the disk."""
        self.close_engine()
        return self._outcome((_describe_bug(fault),), perf_counter(), retry=False)

    def describe_pages(self, paths: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Describe pages for the bar: output path → facts, empty for a page without a source."""
        facts = {path: self._engine.page(path) if self._engine is not None else None for path in paths}
        return {path: _encode_page(path, each) if each is not None else {} for path, each in facts.items()}

    def prepare(self) -> None:
        """Load what the next build may need, to make it faster."""
        if self._engine is not None:
            self._engine.prepare()

    def close_engine(self) -> None:
        """Close the engine and drop its cache: the next build may run in another thread."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.__exit__(None, None, None)

    def close(self) -> None:
        """Release the folder for another preview."""
        self.close_engine()
        self._lock.release()

    def _build(self, hint: Hint, progress: Progress | None, choose: Choose | None) -> BuildReport:
        if self._engine is None:
            self._engine = Engine(self.root, self._options()).__enter__()
            hint = None
        return self._engine.build(progress, hint=hint, choose=choose)

    def _options(self) -> BuildOptions:
        view = self.view
        state = self._folder / "state"
        return BuildOptions(self.output, view.drafts, view.future, view.at, state=state, live=True)

    def _outcome(self, problems: Sequence[Problem], begun: float, *, retry: bool = False) -> BuildOutcome:
        return BuildOutcome(tuple(sorted(problems)), perf_counter() - begun, self._facts, retry=retry)

    def _read_facts(self) -> SiteAddress:
        with suppress(OpenletterError):
            config, _ = load_config(self.root)
            return SiteAddress(config.title, config.url, config.base_path, config.language)
        return self._facts


def _lock_folder(root: Path) -> tuple[BaseFileLock, Path]:
    """Lock a folder that no other preview of the site uses; the lock lasts as long as this process."""
    from filelock import FileLock, Timeout

    preview = root / ".openletter" / "preview"
    for number in range(1, _MAX_PREVIEWS + 1):
        folder = preview / str(number)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / "in-use", timeout=0)
            lock.acquire()
        except Timeout:
            continue
        except (OSError, NotImplementedError) as reason:
            message = f"The preview's folder {folder} cannot be used: {reason}."
            raise OutputError(
                error("", "state-unusable", message, "Give this account permission to write there.")
            ) from reason
        return lock, folder
    message = f"{_MAX_PREVIEWS} previews of this site are running already."
    raise OutputError(error("", "preview-crowded", message, "Stop one of them with Ctrl-C."))


def _encode_page(path: str, facts: PageFacts) -> dict[str, Any]:
    """Convert a page's facts for JSON; dates in ISO 8601, in the time zone of the source."""
    return {
        "mail": f"{quote(facts.source)}?page={quote(path)}" if facts.kind == "issue" else "",
        "source": facts.source,
        "kind": facts.kind,
        "title": facts.title,
        "state": facts.state,
        "date": facts.date.isoformat() if facts.date else "",
        "expires": facts.expires.isoformat() if facts.expires else "",
        "words": facts.words,
        "minutes": facts.minutes,
        "problems": [str(problem) for problem in facts.problems],
    }


def _describe_bug(fault: Exception) -> Problem:
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        traceback.print_exception(fault)
    message = f"Openletter failed while it built the preview ({type(fault).__name__}: {fault})."
    hint = "The pages stay as they were. Please report this with the output of OPENLETTER_DEBUG=1."
    return error("", "preview-failed", message, hint)
