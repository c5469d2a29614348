"""The engine as the preview uses it: a folder of its own, a view that can be changed, mistakes as values."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from generator.config import load_config
from generator.config.load import FILE
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import OpenletterError, OutputError, Problem, error
from generator.model import BuildReport
from generator.preview.inbox import Hint
from generator.store.output import MARKER

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from generator.engine.tools.page_facts import PageFacts

Progress = Callable[[str, int, int], None]
_MOST_SERVERS = 20  # of one site at once


class StoppedError(BaseException):
    """The preview is to end in the midst of a build. Not an Exception: nobody on the way may take it for a mistake."""


@dataclass(frozen=True, slots=True)
class View:
    """What is shown besides what is public, and as of when (None: now)."""

    drafts: bool = True
    future: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the server needs of site.toml."""

    title: str = ""
    url: str = ""
    base_path: str = "/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build. Without a `report` it could not be done, and `problems` say why.

    `again` asks for another try by itself: what was in the way may go without any file of the site's changing.
    """

    problems: tuple[Problem, ...]
    seconds: float
    site: SiteFacts
    report: BuildReport | None = None
    again: bool = False

    @property
    def changed(self) -> frozenset[str]:
        """The output paths that are other than before."""
        return frozenset((*self.report.written, *self.report.deleted)) if self.report else frozenset()


class Session:
    """A site's preview on disk. All its methods belong to one thread."""

    def __init__(self, root: Path, view: View) -> None:
        self.root = root
        self.view = view
        self._lock, self._folder = _take_folder(root)
        self._facts = SiteFacts()
        self._engine: Engine | None = None

    @property
    def output(self) -> Path:
        """The folder that is served."""
        return self._folder / "site"

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever built here."""
        return not (self._folder / "state" / "state.sqlite").is_file()

    @property
    def is_there(self) -> bool:
        """Whether what was built is still there: the folder may be deleted at any time."""
        return (self.output / MARKER).is_file()

    def show(self, view: View) -> None:
        """Change the view: the next build makes it so."""
        self.view = view
        if self._engine is not None:
            self._engine.options = self._options()

    def build(self, hint: Hint = None, first: Sequence[str] = (), note: Progress | None = None) -> Outcome:
        """Build what a hint names; whatever goes wrong is in the outcome."""
        begun = perf_counter()
        try:
            report = self._build(hint, first, note)
        except OpenletterError as fault:
            return self._outcome(fault.problems, begun, again=isinstance(fault, OutputError))
        except Exception as fault:
            return self.failed(fault)
        if hint is None or FILE in hint:
            self._facts = self._read_facts()
        return replace(self._outcome(report.problems, begun), report=report)

    def failed(self, fault: Exception) -> Outcome:
        """Say that the program itself has made a mistake; the next build begins from what is on the disk."""
        self.rest()
        return self._outcome((_bug(fault),), perf_counter(), again=False)

    def pages(self, paths: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Say what the bar shows of pages, by output path; of those that no source has made, nothing."""
        facts = {path: self._engine.page(path) if self._engine is not None else None for path in paths}
        return {path: _shown(path, each) if each is not None else {} for path, each in facts.items()}

    def prepare(self) -> None:
        """Recall what the next build may need, so that it need not."""
        if self._engine is not None:
            self._engine.prepare()

    def rest(self) -> None:
        """Let go of the engine and all it remembers: the next build may come from another thread."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.__exit__(None, None, None)

    def close(self) -> None:
        """Let another preview have the folder."""
        self.rest()
        self._lock.release()

    def _build(self, hint: Hint, first: Sequence[str], note: Progress | None) -> BuildReport:
        if self._engine is None:
            self._engine = Engine(self.root, self._options()).__enter__()
            hint = None
        return self._engine.build(note, hint=hint, first=first)

    def _options(self) -> BuildOptions:
        view = self.view
        state = self._folder / "state"
        return BuildOptions(self.output, view.drafts, view.future, view.at, state=state, live=True)

    def _outcome(self, problems: Sequence[Problem], begun: float, *, again: bool = False) -> Outcome:
        return Outcome(tuple(sorted(problems)), perf_counter() - begun, self._facts, again=again)

    def _read_facts(self) -> SiteFacts:
        with suppress(OpenletterError):
            config, _ = load_config(self.root)
            return SiteFacts(config.title, config.url, config.base_path)
        return self._facts


def _take_folder(root: Path) -> tuple[BaseFileLock, Path]:
    """Take a folder that no other preview of the site uses; it stays taken while this process lives."""
    from filelock import FileLock, Timeout

    preview = root / ".openletter" / "preview"
    for number in range(1, _MOST_SERVERS + 1):
        folder = preview / str(number)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / "in-use", timeout=0)
            lock.acquire()
        except Timeout:
            continue
        except (OSError, NotImplementedError) as reason:
            message = f"{folder}, where the preview keeps what it builds, cannot be used: {reason}."
            raise OutputError(error("", "state-unusable", message, "Let this account write there.")) from reason
        return lock, folder
    message = f"{_MOST_SERVERS} previews of this site are running already."
    raise OutputError(error("", "preview-crowded", message, "Stop one of them, with Ctrl-C where it was started."))


def _shown(path: str, facts: PageFacts) -> dict[str, Any]:
    """Make a page's facts ready for JSON; dates are as written, in ISO 8601."""
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


def _bug(fault: Exception) -> Problem:
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        traceback.print_exception(fault)
    message = f"Openletter failed while it built the preview ({type(fault).__name__}: {fault})."
    hint = "The pages are as they were. Please report this, with what OPENLETTER_DEBUG=1 shows."
    return error("", "preview-failed", message, hint)
