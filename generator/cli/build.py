"""`openletter build`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options, reports
from generator.cli.console import progress_bar, say, show_problems
from generator.errors import OpenletterError


@click.command("build")
@options.site_option
@options.output_option
@options.preview_options
@options.strict_option
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    root: Path,
    output: Path | None,
    drafts: bool,
    future: bool,
    at: datetime | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Build the site into its output folder.

    Prints every problem with its file and line. Exit code 0: built; 1: something could not be built (or, with
    --strict, there was a warning); 2: the command or site.toml is wrong.
    """
    from generator.build.engine import Engine
    from generator.build.options import BuildOptions

    chosen = BuildOptions(output=output, drafts=drafts, future=future, at=at, strict=strict)
    try:
        with progress_bar(wanted=not as_json) as progress:
            report = Engine(root, chosen).build(progress)
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
    ctx.exit(1 if reports.has_errors(report.problems) else 0)
