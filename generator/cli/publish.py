"""`openletter publish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options, reports
from generator.cli.console import progress_bar, say, show_problems
from generator.clock import Clock
from generator.errors import OpenletterError, Problem, PublishError, has_errors
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.config.targets.options import TargetConfig
    from generator.progress import Progress
    from generator.publish.plan import PublishPlan
    from generator.publish.publish import PublishOptions

_SHOWN = 20


@click.command("publish")
@click.argument("name", metavar="[TARGET]", required=False, default="")
@options.site_option
@click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
@click.option("--rollback", is_flag=True, help="Return to the publication before, or undo one that was cut.")
@click.option("--max-deletes", type=click.IntRange(0, 100), metavar="N", help="Delete up to N % of the files there.")
@click.option("--adopt", is_flag=True, help="Publish among files of another program, or over another site.")
@click.option("--again", is_flag=True, help="Send every file, also those that are there.")
@click.option("--restore", multiple=True, metavar="ADDRESS", help="Publish an address again that was taken down.")
@click.option("--despite-hold", metavar="REASON", default="", help="Publish during a hold; the reason is written down.")
@options.url_option
@click.option("--no-build", is_flag=True, help="Publish what an earlier build left in the output folder.")
@click.option("--verify", is_flag=True, help="Then ask the live site, and compare it with what was published.")
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    root: Path,
    dry_run: bool,
    rollback: bool,
    max_deletes: int | None,
    adopt: bool,
    again: bool,
    restore: tuple[str, ...],
    despite_hold: str,
    url: str,
    no_build: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Publish the site to a target of site.toml; builds it first.

    Sends only what has changed. If it is cut, run it again: it goes on where it stopped. Without TARGET, it uses the
    only one. Exit code 0: it is published. 3: it is not.
    """
    from generator.publish.publish import PublishOptions

    wish = PublishOptions(
        dry_run=dry_run,
        adopt=adopt,
        again=again,
        max_deletes=max_deletes,
        despite=despite_hold,
    )
    try:
        with progress_bar(wanted=not as_json) as progress:
            how = {"rollback": rollback, "no_build": no_build, "verify": verify}
            chosen, plan, problems = _run(root, name, url, wish, progress, restore=restore, **how)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(reports.fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    if as_json:
        say(reports.facts_json(_facts(chosen, plan, dry_run=dry_run), problems), lines=True)
    else:
        show_problems(problems)
        for line in _lines(chosen, plan, dry_run=dry_run, rollback=rollback):
            say(line)
        if verify and not dry_run and not has_errors(problems):
            say("The live site shows what was published.")
    ctx.exit(PublishError.exit_code if has_errors(problems) else 0)


def _run(
    root: Path,
    name: str,
    url: str,
    wish: PublishOptions,
    progress: Progress | None,
    *,
    restore: tuple[str, ...],
    rollback: bool,
    no_build: bool,
    verify: bool,
) -> tuple[TargetConfig, PublishPlan, tuple[Problem, ...]]:
    import asyncio

    from msgspec.structs import replace

    from generator.engine.request import report_to_nobody
    from generator.publish import publish
    from generator.publish.build import BuiltOutput, build_output, choose_target, take_output
    from generator.publish.guards import check_hold
    from generator.publish.named_address import named_path
    from generator.publish.targets import open_target

    config, chosen = choose_target(root, name, url)
    wish = replace(wish, restored=frozenset(named_path(config, each) for each in restore))
    clock, tell = Clock.system(), progress or report_to_nobody
    check_hold(config.publish.hold, clock.now, wish.despite or ("dry run" if wish.dry_run else ""))
    built: BuiltOutput | None = None
    if not rollback:
        built = take_output(root, config, chosen) if no_build else build_output(root, config, chosen, clock, tell)
    at = publish.Place(open_target(chosen, root), config.url, chosen)
    if built is None:
        plan = asyncio.run(publish.roll_back(at, wish, clock.now, tell))
    else:
        plan = asyncio.run(publish.publish_site(at, built.files, wish, clock.now, tell))
    after = () if wish.dry_run else _afterwards(chosen.url or config.url, chosen, plan, verify=verify)
    return chosen, plan, (*(built.problems if built is not None else ()), *after)


def _afterwards(url: str, chosen: TargetConfig, plan: PublishPlan, *, verify: bool) -> tuple[Problem, ...]:
    """Ask the live site, then tell others of it."""
    from generator.publish.announce import announce
    from generator.publish.live_check import check_live

    found = check_live(url, plan) if verify else ()
    return (*found, *announce(url, plan, chosen)) if not has_errors(found) else found


def _lines(chosen: TargetConfig, plan: PublishPlan, *, dry_run: bool, rollback: bool) -> list[str]:
    if plan.is_empty:
        return [f"{chosen.name} is up to date: {format_count(plan.unchanged, 'file')} at {chosen.options.place}."]
    lines = []
    if dry_run:
        for mark, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.deleted)):
            lines += [f"{mark} {path}" for path in paths[:_SHOWN]]
            lines += [f"{mark} … and {len(paths) - _SHOWN:,} more"] if len(paths) > _SHOWN else []
    counts = f"{len(plan.added):,} added, {len(plan.changed):,} changed, {len(plan.deleted):,} deleted"
    place = f"{chosen.name} ({chosen.options.place})"
    done = f"Returned {place} to the publication before" if rollback else f"Published to {place}"
    if dry_run:
        done = f"This was a dry run. It would {'return' if rollback else 'publish to'} {place}"
        done += " to the publication before" if rollback else ""
    lines.append(f"{done}: {counts}, {plan.unchanged:,} unchanged.")
    if rollback and not dry_run:
        lines.append("Correct the sources now: the next publication sends what they say.")
    return lines


def _facts(chosen: TargetConfig, plan: PublishPlan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "target": chosen.name,
        "dry_run": dry_run,
        "generation": plan.manifest.generation if plan.swaps else plan.manifest.generation - 1,
        "added": plan.added,
        "changed": plan.changed,
        "deleted": plan.deleted,
        "unchanged": plan.unchanged,
    }
