"""`openletter check`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from generator.cli import options
from generator.cli.console import progress_bar, say
from generator.clock import Clock
from generator.errors import OpenletterError, OutputError, Problem, has_errors, raise_warnings
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.checks.baseline import Baseline
    from generator.checks.check import Checker, CheckReport, Wish

Problems = tuple[Problem, ...]
_FILE = click.Path(dir_okay=False, path_type=Path)
_FORMATS = ("text", "json", "github", "gitlab", "sarif")


@click.command("check")
@options.site_option
@options.output_option
@options.at_option("Check the site as it will be at this time.")
@options.url_option
@options.strict_option
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", help="How to print the findings (default: text)."
)
@click.option("--translations", is_flag=True, help="Also compare the languages.")
@click.option("--prose", is_flag=True, help="Also read English texts for spelling and plain English.")
@click.option("--external", is_flag=True, help="Also ask other sites whether the pages are there that posts link to.")
@click.option("--fix", is_flag=True, help="Correct in the sources what has one right answer.")
@click.option("--baseline", type=_FILE, metavar="FILE", help="Do not show the findings that this file accepts.")
@click.option(
    "--write-baseline",
    type=_FILE,
    metavar="FILE",
    help="Accept all findings of today in this file; with --baseline only those that it accepts already.",
)
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
    from generator.cli.findings import show_findings

    checker = Checker(root, Clock.system(), output=output, at=at, url=url)
    wish = Wish(translations=translations, prose=prose, external=external)
    try:
        accepted = _read_baseline(baseline)
        report = _check(checker, wish, form, fix=fix, register=write_addresses)
    except OpenletterError as fault:
        if form == "text":
            raise
        show_findings(form, fault.problems)
        ctx.exit(fault.exit_code)
    found = report.problems
    if not report.build.stopped:
        found = _leave_out_accepted(report.problems, accepted, baseline, wish, form)
        if write_baseline is not None:
            found = _write_baseline(write_baseline, report.problems, found, accepted, wish, form)
    found = raise_warnings(found) if strict else found
    show_findings(form, found, report.build, only_new=bool(baseline or write_baseline))
    if report.build.stopped and (fix or write_addresses or write_baseline):
        say("Nothing was corrected or written.", err=True)
    ctx.exit(1 if has_errors(found) else 0)


def _check(checker: Checker, wish: Wish, form: str, *, fix: bool, register: bool) -> CheckReport:
    """Check, and do what else was asked if the build did not stop; what cannot be written is a finding too."""
    if register:
        checker.refuse_future()
    with progress_bar(wanted=form == "text") as progress:
        report = checker.check(progress, wish)
    if report.build.stopped:
        return report
    failed: tuple[Problem, ...] = ()
    if fix and (fixed := checker.fix()):
        for line in fixed.done or ("There was nothing that --fix can correct.",):
            say(line, err=True)
        failed = fixed.problems
        report = checker.check(wish=wish) if fixed.done else report
    if register:
        try:
            if count := checker.write_addresses():
                _say(form, f"addresses.txt has {format_count(count, 'address', 'addresses')}.")
        except OutputError as fault:
            failed = (*failed, *fault.problems)
    return replace(report, problems=tuple(sorted((*report.problems, *failed))))


def _read_baseline(file: Path | None) -> Baseline | None:
    if file is None:
        return None
    from generator.checks.baseline import read_baseline

    return read_baseline(file)


def _leave_out_accepted(
    problems: Problems, accepted: Baseline | None, file: Path | None, wish: Wish, form: str
) -> Problems:
    """Leave out what the baseline accepts, and say how much of it is gone."""
    if accepted is None:
        return problems
    from generator.checks.baseline import compare

    compared = compare(problems, accepted, wish.unasked)
    _say(form, f"{file} accepts {format_count(len(problems) - len(compared.new), 'finding')}.")
    if compared.settled:
        gone = f"{format_count(compared.settled, 'accepted finding')} can go"
        _say(form, f"{gone}: openletter check --baseline {file} --write-baseline {file}")
    return compared.new


def _write_baseline(
    file: Path, problems: Problems, new: Problems, before: Baseline | None, wish: Wish, form: str
) -> Problems:
    """Write a baseline, which accepts nothing new if there is one `before`; returns the findings it does not accept."""
    from generator.checks import baseline

    accepted = baseline.accept(problems) if before is None else baseline.compare(problems, before, wish.unasked).still
    try:
        baseline.write_baseline(file, accepted)
    except OutputError as fault:
        return (*new, *fault.problems)
    _say(form, f"{file} accepts {format_count(sum(each.count for each in accepted.values()), 'finding')} from now on.")
    if has_errors(problems) and before is None:
        _say(form, "Errors are among them: readers do not get those sources until you correct them.")
    return () if before is None else new


def _say(form: str, text: str) -> None:
    say(text, err=form != "text")
