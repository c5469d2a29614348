"""The check: everything a build says, and everything the rules of this room find in the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.checks import address_register
from generator.checks.levels import apply_levels
from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.folders import BuildFolders
from generator.engine.options import BuildOptions
from generator.errors import ConfigError, Problem, error
from generator.model import BuildReport
from generator.progress import Progress

if TYPE_CHECKING:
    from generator.engine.tools.built_site import BuiltSite


class Wish(Struct, frozen=True):
    """What to check besides: the languages against each other, the texts' English, the links to other sites."""

    translations: bool = False
    prose: bool = False
    external: bool = False


NOTHING_MORE = Wish()


class CheckReport(Struct, frozen=True):
    """The build that the check began with, and all findings of both with their levels, in order.

    If the build stopped (`build.stopped`), it left no new site, so the findings are those of the build alone.
    """

    build: BuildReport
    problems: tuple[Problem, ...]


class Checker:
    """Checks one site: builds it first, then judges the result. Findings are kept until the site changes."""

    def __init__(
        self,
        root: Path,
        clock: Clock,
        *,
        output: Path | None = None,
        at: datetime | None = None,
        url: str = "",
        precompress: bool = False,
    ) -> None:
        self.root = root
        self.clock = clock
        self.options = BuildOptions(output=output, at=at, url=url, precompress=precompress)

    def check(self, progress: Progress | None = None, wish: Wish = NOTHING_MORE) -> CheckReport:
        """Build and check, and do what is wished besides.

        Raises: what `Engine.build` raises; ConfigError if a wish needs a package that is not installed.
        """
        _require_extras(wish)
        folder = BuildFolders.of(self.root, self.options).state
        with Engine(self.root, self.options, self.clock) as engine:
            report = engine.build(progress)
            settings = engine.settings()
            if settings is None or report.stopped:
                return CheckReport(report, report.problems)
            config, now = settings
            register = _stamp(self.root / address_register.FILE)
            name = f"{now:%Y-%m-%d} {wish.translations} {wish.prose} {register}"
            found = engine.findings(name, lambda site: _find(site, wish))
            elsewhere = engine.use_built(lambda site: _ask(site, folder)) if wish.external else ()
        said = tuple(sorted({*report.problems, *found, *elsewhere}))
        return CheckReport(report, apply_levels(said, config.check.levels))

    def fix(self, tell: Callable[[str], None]) -> int:
        """Correct in the sources what has one right answer, and tell what was done, a line a source.

        Returns the number of lines; 0 without a site. Raises: OutputError.
        """
        with Engine(self.root, self.options, self.clock) as engine:
            return 0 if engine.build().stopped else engine.use_built(lambda site: _fix(site, tell))

    def write_addresses(self, progress: Progress | None = None) -> int:
        """Build, and write the register of published addresses; returns how many it has, 0 without a site.

        Raises: OutputError.
        """
        with Engine(self.root, self.options, self.clock) as engine:
            return 0 if engine.build(progress).stopped else engine.use_built(_write_register)


# The rules are imported when they are needed: a check of an unchanged site has its findings already.
def _find(site: BuiltSite, wish: Wish) -> tuple[Problem, ...]:
    from generator.checks.rules import PROSE, RULES, TRANSLATIONS

    rules = (*RULES, *(TRANSLATIONS if wish.translations else ()), *(PROSE if wish.prose else ()))
    return tuple(problem for rule in rules for problem in rule(site))


def _require_extras(wish: Wish) -> None:
    """Refuse what needs a package that is not installed, before anything is built. Raises: ConfigError."""
    if not (wish.external or wish.prose):
        return
    from importlib.util import find_spec

    from generator.checks.spelling import find_program

    if wish.external and find_spec("httpx") is None:
        raise _missing("--external", "httpx", "links")
    if wish.prose and find_program() is None:
        raise _missing("--prose", "typos", "prose")


def _missing(option: str, package: str, extra: str) -> ConfigError:
    hint = f"Install it with: pip install 'openletter[{extra}]'"
    return ConfigError(error("", "extra-missing", f"{option} needs the package {package}.", hint))


def _ask(site: BuiltSite, state: Path) -> tuple[Problem, ...]:
    from generator.checks.links_elsewhere import links_elsewhere

    return tuple(links_elsewhere(site, state))


def _fix(site: BuiltSite, tell: Callable[[str], None]) -> int:
    from generator.checks.fix import fix_aliases

    done = 0
    for line in fix_aliases(site):  # each is told before the next: a file that cannot be written ends this
        tell(line)
        done += 1
    return done


def _write_register(site: BuiltSite) -> int:
    from generator.checks.address_register import write_register

    return write_register(site)


def _stamp(file: Path) -> str:
    try:
        stat = file.stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size}"
