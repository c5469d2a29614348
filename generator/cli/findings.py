"""Print what a check found: for people, for programs, and for code hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from generator.cli import reports
from generator.cli.console import say, show_problems, site_folder, sort_problems

if TYPE_CHECKING:
    from generator.errors import Problem
    from generator.model import BuildReport

_MANY = 20
"""From this many findings on, a line counts them by their codes."""


def show_findings(
    form: str, found: Sequence[Problem], build: BuildReport | None = None, *, only_new: bool = False
) -> None:
    """Print findings in a format; nothing else goes to stdout, except in the format for people.

    `build` is None if the check could not begin; `only_new` if accepted findings were left out.
    """
    if form == "json":
        say(reports.facts_json(_facts(build), found), lines=True)
    elif form == "sarif":
        from generator.checks.sarif import to_sarif

        say(to_sarif(found, _folder()), lines=True)
    elif form == "gitlab":
        from generator.checks.code_quality import to_code_quality

        say(to_code_quality(found, _folder()), lines=True)
    elif form == "github":
        from generator.cli.problem_display import github_commands

        for line in github_commands(sort_problems(found), _folder()):
            say(line)
        say(reports.describe_check(found, only_new=only_new), err=True)
    else:
        show_problems(found)
        say(reports.describe_check(found, only_new=only_new))
        if len(found) > _MANY:
            say(f"By code: {_count_codes(found)}")
    if build is not None and build.stopped:
        say("The build stopped, so nothing else was checked.", err=True)


def _facts(build: BuildReport | None) -> dict[str, int | bool]:
    if build is None:
        return {}
    return {"posts": build.posts, "pages": build.pages, "issues": build.issues, "stopped": build.stopped}


def _folder() -> str:
    """Return the site's folder as code hosts name it, from the working directory; "" if that is not known."""
    root = site_folder()
    return "" if root.is_absolute() else root.as_posix()


def _count_codes(found: Iterable[Problem]) -> str:
    counts = Counter(problem.code for problem in found)
    return ", ".join(
        f"{code} {count:,}" for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
