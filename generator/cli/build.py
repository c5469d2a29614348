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
from generator.errors import OpenletterError, Problem, has_errors, raise_warnings

if TYPE_CHECKING:
    from generator.engine.options import BuildOptions
    from generator.model import BuildReport


@click.command("build")
@options.site_option
@options.output_option
@options.preview_options
@options.url_option
@options.strict_option
@options.jobs_option
@options.json_option
@click.option("--precompress", is_flag=True, help="Also write .gz and .br copies of texts, for web servers.")
@click.option("--verify", is_flag=True, help="Also run a full build, and compare every file.")
@click.option("--fetch-counts", is_flag=True, help="Ask the comment service how many comments each post has.")
@click.option("--explain", metavar="URL", help="Show why the page at this address was rebuilt.")
@click.pass_context
def command(
    ctx: click.Context,
    root: Path,
    output: Path | None,
    drafts: bool,
    future: bool,
    at: datetime | None,
    url: str,
    strict: bool,
    jobs: int | None,
    as_json: bool,
    precompress: bool,
    verify: bool,
    fetch_counts: bool,
    explain: str | None,
) -> None:
    """Build the site into its output folder.

    Lists every problem with its file and line. Exit code 0: the site was built. 1: there was an error, or with
    --strict a warning. 2: the command or site.toml has a mistake.
    """
    from generator.config.example_url import find_example_url
    from generator.engine.engine import Engine
    from generator.engine.folders import default_output
    from generator.engine.options import BuildOptions

    chosen = BuildOptions(output, drafts, future, at, url, jobs, precompress=precompress)
    clock = Clock.system()
    try:
        _refuse_example_in_ci(root, chosen)
        notes: tuple[Problem, ...] = ()
        if fetch_counts:
            chosen, notes = _with_counts(root, chosen)
        with progress_bar(wanted=not as_json) as progress:
            report = Engine(root, chosen, clock).build(progress)
        if verify and not report.stopped:
            report = _verified(root, chosen, clock, report)
        notes = (*notes, *find_example_url(root, report.url))
    except OpenletterError as fault:
        if not as_json:
            raise
        say(reports.fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    problems = (*report.problems, *notes)
    report = replace(report, problems=raise_warnings(problems) if strict else problems)
    if as_json:
        say(reports.report_json(report), lines=True)
    else:
        _show(report, root, output or default_output(root, chosen), explain, url)
    ctx.exit(1 if has_errors(report.problems) else 0)


def _refuse_example_in_ci(root: Path, chosen: BuildOptions) -> None:
    """Refuse an address that is still an example in CI, where a public build is published. Raises: ConfigError."""
    from generator.config.example_url import refuse_example_url, runs_in_ci

    if runs_in_ci() and not chosen.preview:
        from generator.config import load_config

        refuse_example_url(root, chosen.url or load_config(root)[0].url)


def _with_counts(root: Path, chosen: BuildOptions) -> tuple[BuildOptions, tuple[Problem, ...]]:
    """Ask the comment service for the numbers of comments; notes if it did not answer."""
    from generator.engine.tools.comment_counts import fetch_counts

    counts, notes = fetch_counts(root, chosen.at)
    return replace(chosen, counts=counts), notes


def _verified(root: Path, chosen: BuildOptions, clock: Clock, report: BuildReport) -> BuildReport:
    """Add the differences from a full build."""
    from generator.engine.tools.verify import verify

    return replace(report, problems=(*report.problems, *verify(root, chosen, clock)))


def _show(report: BuildReport, root: Path, output: Path, page: str | None, url: str) -> None:
    """Show a report to a person, and why a page was rebuilt if that was asked."""
    show_problems(report.problems)
    say(reports.describe_build(report, str(output)))
    if report.searched:
        say(reports.describe_search(report))
    if page and not report.stopped:
        _explain(report, root, output, page, url)


def _explain(report: BuildReport, root: Path, output: Path, page: str, url: str) -> None:
    from generator.config import load_config
    from generator.engine.tools.explain import explain

    config = load_config(root)[0]
    say(explain(report, replace(config, url=url or config.url), page, output))
