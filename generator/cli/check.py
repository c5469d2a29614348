"""`openletter check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options, reports
from generator.cli.console import progress_bar, say, show_problems
from generator.clock import Clock
from generator.errors import OpenletterError, Problem, has_errors, raise_warnings
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.checks.check import Checker, CheckReport

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check")
@options.site_option
@options.output_option
@options.at_option("Check the site as it will be at this time.")
@options.url_option
@options.strict_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "github", "gitlab", "sarif")),
    default="text",
    help="How to print the findings (default: text).",
)
@click.option("--translations", is_flag=True, help="Also compare the languages.")
@click.option("--prose", is_flag=True, help="Also read English texts for spelling and plain English.")
@click.option("--external", is_flag=True, help="Also ask other sites whether the pages are there that posts link to.")
@click.option("--fix", is_flag=True, help="Correct in the sources what has one right answer.")
@click.option("--baseline", type=_FILE, metavar="FILE", help="Do not show the findings that this file accepts.")
@click.option("--write-baseline", type=_FILE, metavar="FILE", help="Accept all findings of today in this file.")
@click.option("--write-addresses", is_flag=True, help="Write the register of published addresses, addresses.txt.")
@click.pass_context
def command(
    ctx: click.Context,
    root: Path,
    output: Path | None,
    at: datetime | None,
    url: str,
    strict: bool,
    form: str,
    translations: bool,
    prose: bool,
    external: bool,
    fix: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    write_addresses: bool,
) -> None:
    """Build the site, and find what is broken, missing or hard to use.

    Says everything that `build` says, and more: headings that skip a level, links such as "click here", pages without
    a link to them, overdue reviews, lost addresses. Exit code 0: no errors. 1: there was an error, or with --strict a
    warning. 2: the command or site.toml has a mistake.
    """
    from generator.checks.check import Checker, Wish

    if baseline and write_baseline:
        raise click.UsageError("Choose --baseline or --write-baseline: the new file accepts all findings of today.")
    with _faults(ctx, form):
        checker = Checker(root, Clock.system(), output=output, at=at, url=url)
        wish = Wish(translations=translations, prose=prose, external=external)
        with progress_bar(wanted=form == "text") as progress:
            report = checker.check(progress, wish)
            if fix and not report.build.stopped and _fix(checker):
                report = checker.check(wish=wish)
        if report.build.stopped:
            _show(report, report.problems, form)
            _say_stopped(changes=fix or write_addresses or write_baseline is not None)
            ctx.exit(1)
        if write_addresses:
            _say_if_text(form, f"addresses.txt has {format_count(checker.write_addresses(), 'address', 'addresses')}.")
        if write_baseline is not None:
            _accept(write_baseline, report.problems, form)
            if form != "text":
                _show(report, (), form)
            return
        found = _not_accepted(baseline, report.problems, form)
        found = raise_warnings(found) if strict else found
        _show(report, found, form)
        ctx.exit(1 if has_errors(found) else 0)


@contextmanager
def _faults(ctx: click.Context, form: str) -> Iterator[None]:
    """Print what stops the command in the form of its findings."""
    try:
        yield
    except OpenletterError as fault:
        if form == "text":
            raise
        _print({}, fault.problems, form)
        ctx.exit(fault.exit_code)


def _say_stopped(*, changes: bool) -> None:
    """Say what a stopped build leaves undone; `changes` were asked for too."""
    nor = ", and nothing was corrected or written" if changes else ""
    say(f"The build stopped, so nothing else was checked{nor}.", err=True)


def _fix(checker: Checker) -> bool:
    """Correct the sources, and say what was done; returns whether anything was."""
    done = checker.fix(lambda line: say(line, err=True))
    if not done:
        say("There was nothing that --fix can correct.", err=True)
    return bool(done)


def _accept(file: Path, problems: Sequence[Problem], form: str) -> None:
    from generator.checks.baseline import write_baseline

    _say_if_text(form, f"{file} accepts {format_count(write_baseline(file, problems), 'finding')}.")


def _not_accepted(file: Path | None, problems: tuple[Problem, ...], form: str) -> tuple[Problem, ...]:
    if file is None:
        return problems
    from generator.checks.baseline import read_baseline, without_accepted

    kept, settled = without_accepted(problems, read_baseline(file))
    accepted = format_count(len(problems) - len(kept), "finding")
    _say_if_text(form, f"{file} accepts {accepted}.")
    if settled:
        told = (
            f"{format_count(settled, 'accepted finding')} can go: run openletter check --write-baseline {file} again."
        )
        _say_if_text(form, told)
    return kept


def _show(report: CheckReport, found: tuple[Problem, ...], form: str) -> None:
    build = report.build
    _print({"posts": build.posts, "pages": build.pages, "issues": build.issues}, found, form)


def _print(facts: Mapping[str, int], found: tuple[Problem, ...], form: str) -> None:
    if form == "json":
        say(reports.facts_json(facts, found), lines=True)
    elif form == "sarif":
        from generator.checks.sarif import to_sarif

        say(to_sarif(found), lines=True)
    elif form == "gitlab":
        from generator.checks.code_quality import to_code_quality

        say(to_code_quality(found), lines=True)
    elif form == "github":
        from generator.cli.problem_display import github_commands

        for line in github_commands(sorted(found)):
            say(line)
    else:
        show_problems(found)
        say(reports.describe_check(found))


def _say_if_text(form: str, text: str) -> None:
    say(text, err=form != "text")
