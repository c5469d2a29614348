"""Problems and exceptions: everything that can go wrong, with words for the user.

A user's mistake is a `Problem`: a value with a place, a sentence and a remedy. Each stage collects its problems, and
they are shown together. Code that cannot continue raises an exception with the problems:

    OpenletterError           exit code 1
    ├── ConfigError           2   site.toml, the command's options, a theme's theme.toml
    ├── ContentError          1   a source file that cannot become a page
    ├── TemplateError         1   a template that cannot be compiled or rendered
    ├── RouteError            1   an address outside the site, or claimed twice
    ├── OutputError           1   the output folder is not ours, is full, or is used by another build
    ├── PublishError          3   publishing
    └── MailError             3   the newsletter's e-mail
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace


class Level(StrEnum):
    """How much a problem matters.

    An error leaves its source out (exit code 1). A warning means that something is broken for readers; `--strict` makes
    it an error. A note is something to know: it never changes the exit code. What the clock alone can bring about is a
    note, so that a nightly build with `--strict` never stops because of the date.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Problem(Struct, frozen=True, order=True):
    """One thing that is wrong: where, what, and what to do about it.

    `path` is site-relative with forward slashes; `line` and `column` count from 1; 0 if unknown. `message` is a
    sentence; `hint` is what to do. `code` is stable and documented in docs/problems.md.
    """

    path: str
    line: int
    column: int
    level: Level
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Write `path:line:column level: message hint [code]` on one line, leaving out what is not known."""
        place = self.path or "openletter"
        place = f"{place}:{self.line}" if self.line else place
        place = f"{place}:{self.column}" if self.column else place
        return " ".join(f"{place} {self.level}: {self.message} {self.hint} [{self.code}]".split())


def error(path: str, code: str, message: str, hint: str = "", *, line: int = 0, column: int = 0) -> Problem:
    """Make an error: the source it names is left out, the exit code becomes 1."""
    return Problem(path, line, column, Level.ERROR, code, message, hint)


def warning(path: str, code: str, message: str, hint: str = "", *, line: int = 0, column: int = 0) -> Problem:
    """Make a warning: everything is built; `--strict` turns it into an error."""
    return Problem(path, line, column, Level.WARNING, code, message, hint)


def note(path: str, code: str, message: str, hint: str = "", *, line: int = 0, column: int = 0) -> Problem:
    """Make a note: it is shown, and never fails a build, not even with `--strict`."""
    return Problem(path, line, column, Level.NOTE, code, message, hint)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return True if any problem is an error."""
    return any(problem.level is Level.ERROR for problem in problems)


def raise_warnings(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Turn warnings into errors, as `--strict` asks; notes stay notes."""
    return tuple(
        replace(problem, level=Level.ERROR) if problem.level is Level.WARNING else problem for problem in problems
    )


class Locate(Protocol):
    """Finds words in the front matter of a source."""

    def __call__(self, path: str, words: str, field: str = "", /) -> tuple[int, int]:
        """Return line and column from 1, (0, 0) if the words are not there.

        With `field`, they are its value; if they are not found, returns the place of the field.
        """


class LocateLinks(Locate, Protocol):
    """Also finds links and pictures in the text of a source."""

    def in_text(self, path: str, target: str) -> tuple[tuple[int, int], ...]:
        """Return the line and column of each place, at least one: (0, 0) if the link is not there."""


def nowhere(_path: str, _words: str, _field: str = "", /) -> tuple[int, int]:
    """Find nothing: used if the sources are not available."""
    return 0, 0


class ProblemCollector(Struct):
    """The problems of one stage, in the order in which they are found; each part of the stage adds its own."""

    locate: Locate = nowhere
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Return True if a problem is an error."""
        return has_errors(self.problems)

    def add(self, *problems: Problem) -> None:
        """Add problems that have their line already."""
        self.problems += problems

    def error(self, path: str, words: str, code: str, message: str, hint: str, *, field: str = "") -> None:
        """Add an error at the place of `words` in a source, or in its `field`."""
        line, column = self.locate(path, words, field)
        self.problems.append(error(path, code, message, hint, line=line, column=column))

    def warn(self, path: str, words: str, code: str, message: str, hint: str, *, field: str = "") -> None:
        """Add a warning at the place of `words` in a source, or in its `field`."""
        line, column = self.locate(path, words, field)
        self.problems.append(warning(path, code, message, hint, line=line, column=column))

    def note(self, path: str, words: str, code: str, message: str, hint: str, *, field: str = "") -> None:
        """Add a note where the words it is about are in a source: in its `field`, if one is named."""
        line, column = self.locate(path, words, field)
        self.problems.append(note(path, code, message, hint, line=line, column=column))

    def in_order(self) -> tuple[Problem, ...]:
        """Return the problems in the order of their places."""
        return tuple(sorted(self.problems))


class OpenletterError(Exception):
    """A stage cannot continue. `problems` are the reasons, in the order of their places."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ConfigError(OpenletterError):
    """The user wrote something in site.toml, theme.toml or on the command line that cannot be used."""

    exit_code = 2


class ContentError(OpenletterError):
    """The user's source file cannot become a page."""


class TemplateError(OpenletterError):
    """The theme's author wrote a template that does not compile or render."""


class RouteError(OpenletterError):
    """An address leaves the site, or two sources want the same one."""


class OutputError(OpenletterError):
    """The output folder cannot be written: not ours, full, or in use."""


class PublishError(OpenletterError):
    """A publishing target refused the site."""

    exit_code = 3


class MailError(OpenletterError):
    """The newsletter cannot be checked, exported or sent."""

    exit_code = 3
