"""The check: everything a build says, and everything the rules of this room find in the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from generator.checks import address_register
from generator.checks.levels import apply_levels, unknown_codes
from generator.clock import Clock
from generator.config import load_config
from generator.config.example_url import judge_example_url
from generator.config.load import FILE
from generator.engine.engine import Engine
from generator.engine.folders import BuildFolders
from generator.engine.options import BuildOptions
from generator.errors import ConfigError, Problem, error
from generator.model import BuildReport
from generator.progress import Progress

if TYPE_CHECKING:
    from generator.checks.fix import Fixed
    from generator.engine.tools.built_site import BuiltSite

T = TypeVar("T")


class Wish(Struct, frozen=True):
    """What to check besides: the languages against each other, the texts' English, the links to other sites."""

    translations: bool = False
    prose: bool = False
    external: bool = False

    @property
    def unasked(self) -> frozenset[str]:
        """The codes that a check with these wishes does not look for."""
        chosen = {"translations": self.translations, "prose": self.prose, "external": self.external}
        return frozenset(code for name, codes in OPTIONAL_CODES.items() if not chosen[name] for code in codes)


OPTIONAL_CODES = {
    "translations": ("translation-missing", "translation-older"),
    "prose": ("misspelt", "plainer-word", "long-sentence", "hard-to-read"),
    "external": ("dead-link-elsewhere", "link-moved", "links-not-checked"),
}
"""What a check looks for only if it is asked: the wish → the codes of its findings."""
NOTHING_MORE = Wish()


class CheckReport(Struct, frozen=True):
    """The build that the check began with, and all findings of both with their levels, in order.

    If a failing template stopped the build (`build.stopped`), the findings are those of the build alone, and
    `[check.levels]` has not changed them: there is no site to judge.
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
            if report.stopped or settings is None:
                return CheckReport(report, report.problems)
            config, now = settings
            stamps = (_stamp(self.root / file) for file in (FILE, address_register.FILE))
            name = f"{now:%Y-%m-%d} {wish.translations} {wish.prose} {' '.join(stamps)}"
            found = engine.findings(name, lambda site: _find(site, wish))
            elsewhere = engine.use_built(lambda site: _ask(site, folder)) if wish.external else ()
        address = judge_example_url(self.root, self.options.url or config.url)
        unknown = unknown_codes(self.root, config.check.levels)
        said = tuple(sorted({*report.problems, *address, *unknown, *found, *elsewhere}))
        return CheckReport(report, apply_levels(said, config.check.levels))

    def fix(self) -> Fixed | None:
        """Correct in the sources what has one right answer; None if the build stops, and nothing is changed."""
        return self._use_built(_fix)

    def refuse_future(self) -> None:
        """Refuse to write a register for a time that has not come: its posts are not published. Raises: ConfigError."""
        at = self.options.at
        if at is None:
            return
        zone = load_config(self.root)[0].zone
        if (at if at.tzinfo else at.replace(tzinfo=zone)) > self.clock.now:
            message = "--write-addresses writes what is public now, and --at is a time that has not come."
            raise ConfigError(error("", "option", message, "Leave out --at."))

    def write_addresses(self) -> int | None:
        """Write the register of published addresses; returns how many it has, None if the build stops.

        Raises: OutputError.
        """
        return self._use_built(_write_register)

    def _use_built(self, use: Callable[[BuiltSite], T]) -> T | None:
        """Build, and call `use` with the site; None if a failing template stops the build."""
        with Engine(self.root, self.options, self.clock) as engine:
            return None if engine.build().stopped else engine.use_built(use)


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


def _fix(site: BuiltSite) -> Fixed:
    from generator.checks.fix import fix_sources

    return fix_sources(site)


def _write_register(site: BuiltSite) -> int:
    from generator.checks.address_register import write_register

    return write_register(site)


def _stamp(file: Path) -> str:
    try:
        stat = file.stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size}"
