"""`openletter build`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from generator.cli import options, reports
from generator.cli.console import progress_bar, say, show_problems
from generator.clock import Clock
from generator.errors import OpenletterError

if TYPE_CHECKING:
    from generator.engine.options import BuildOptions
    from generator.model import BuildReport


@click.command("build")
@options.site_option
@options.output_option
@options.preview_options
@options.strict_option
@options.jobs_option
@options.json_option
@click.option("--verify", is_flag=True, help="Also build from nothing, and compare every file.")
@click.option("--explain", metavar="URL", help="Say why the page at this address was rebuilt.")
@click.pass_context
def command(
    ctx: click.Context,
    root: Path,
    output: Path | None,
    drafts: bool,
    future: bool,
    at: datetime | None,
    strict: bool,
    jobs: int | None,
    as_json: bool,
    verify: bool,
    explain: str | None,
) -> None:
    """Build the site into its output folder.

    Prints every problem with its file and line. Exit code 0: built; 1: something could not be built (or, with
    --strict, there was a warning); 2: the command or site.toml is wrong.
    """
    from generator.engine.engine import Engine
    from generator.engine.options import BuildOptions

    chosen = BuildOptions(output=output, drafts=drafts, future=future, at=at, jobs=jobs)
    clock = Clock.system()
    try:
        with progress_bar(wanted=not as_json) as progress:
            report = Engine(root, chosen, clock).build(progress)
        if verify:
            report = _verified(root, chosen, clock, report)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(reports.fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    report = reports.strictly(report) if strict else report
    if as_json:
        say(reports.report_json(report), lines=True)
    else:
        show_problems(report.problems)
        say(reports.summary(report, reports.shown_folder(root, output)))
        if explain:
            _explain(root, report, explain)
    ctx.exit(1 if reports.has_errors(report.problems) else 0)


def _verified(root: Path, chosen: BuildOptions, clock: Clock, report: BuildReport) -> BuildReport:
    """Add what a build from nothing does otherwise."""
    from generator.engine.tools.verify import verify

    return replace(report, problems=(*report.problems, *verify(root, chosen, clock)))


def _explain(root: Path, report: BuildReport, url: str) -> None:
    from generator.config import load_config
    from generator.engine.tools.explain import explain

    say(explain(report, load_config(root)[0], url))
