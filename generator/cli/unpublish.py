"""`openletter unpublish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options, reports
from generator.cli.console import progress_bar, say, show_problems
from generator.clock import Clock
from generator.errors import OpenletterError, Problem

if TYPE_CHECKING:
    from generator.config import Config
    from generator.progress import Progress
    from generator.publish.takedown import Takedown


@click.command("unpublish")
@click.argument("address")
@options.site_option
@click.option("--verify", is_flag=True, help="Then ask each live site whether the page is gone.")
@click.option("--despite-errors", is_flag=True, help="Do it although other pages have errors; these are off too.")
@options.json_option
@click.pass_context
def command(ctx: click.Context, address: str, root: Path, verify: bool, despite_errors: bool, as_json: bool) -> None:
    """Take a page off every target at once.

    Makes its source a draft, builds the site without it, and publishes that to every target of site.toml. Its own
    files, its entries in feeds, lists and the search, and all old versions are deleted there. It stays off: publishing
    it again needs `openletter publish --restore ADDRESS`. Exit code 0: it is off everywhere. 3: a target failed, or
    still shows the page (--verify).
    """
    from generator.config import load_config
    from generator.engine.request import report_to_nobody
    from generator.publish.takedown import addresses, take_down, unknown_address

    try:
        config, _ = load_config(root)
        with progress_bar(wanted=not as_json) as bar:
            progress = bar or report_to_nobody
            takedown = take_down(root, config, address, Clock.system(), progress, despite_errors=despite_errors)
            done, problems = _publish(root, config, takedown, progress, verify=verify, despite_errors=despite_errors)
        if not (takedown.source or done or problems):
            raise unknown_address(address)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(reports.fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    if as_json:
        facts = {"source": takedown.source, "addresses": list(addresses(takedown)), "targets": done}
        say(reports.facts_json(facts, (*takedown.errors, *problems)), lines=True)
    else:
        show_problems((*takedown.errors, *problems))
        for line in _lines(takedown, list(addresses(takedown)), done, failed=bool(problems)):
            say(line)
        if verify and done and not problems:
            say("The live site no longer shows it.")
    ctx.exit(3 if problems else 0)


def _publish(
    root: Path, config: Config, takedown: Takedown, progress: Progress, *, verify: bool, despite_errors: bool
) -> tuple[list[str], tuple[Problem, ...]]:
    """Publish the site without the page to every target; the failure of one does not spare the others."""
    import asyncio

    from generator.publish.build import build_output
    from generator.publish.live_check import check_live
    from generator.publish.publish import Place, PublishOptions, publish_takedown
    from generator.publish.targets import open_target

    done, problems = list[str](), list[Problem]()
    wish = PublishOptions(withdrawn=takedown.paths, despite="A page was taken down")
    for chosen in config.publish.targets.values():
        clock = Clock.system()
        try:
            built = build_output(root, config, chosen, clock, progress, despite_errors=despite_errors)
            at = Place(open_target(chosen, root, history=False), config.url, chosen)
            taken = publish_takedown(at, built.files, wish, clock.now, progress, if_known=not takedown.source)
            plan = asyncio.run(taken)
            if plan is None:
                continue
            done.append(chosen.name)
            if verify:
                problems += check_live(chosen.url or config.url, plan, withdrawn=takedown.paths)
        except OpenletterError as fault:
            problems += fault.problems
    return done, tuple(problems)


def _lines(takedown: Takedown, gone: list[str], done: list[str], *, failed: bool) -> list[str]:
    lines = [f"{takedown.source} is a draft now."] if takedown.source else []
    if done:
        lines.append(f"Taken down from {', '.join(done)}: {', '.join(gone)}")
    elif not failed:
        lines.append("No target had it.")
    if takedown.errors and done:
        lines.append("The pages with the errors above are off too: correct these, then run openletter publish.")
    if failed:
        lines.append("It may still be on a target: see above, then run this again.")
    return [*lines, "Copies in caches of a CDN, in e-mails and in feed readers are not in reach: purge the CDN."]
