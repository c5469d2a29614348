"""What must not be published without being asked: each guard refuses with a problem that says how to go on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from generator.config.options import Hold
from generator.digest import digest
from generator.errors import Problem, PublishError, error, has_errors
from generator.publish.manifest import Files, TargetState
from generator.publish.paths import FOLDER
from generator.publish.plan import FREE_DELETES, PublishPlan
from generator.publish.stages import is_digested, is_page
from generator.publish.target import refused
from generator.text.counts import format_count


def check_problems(
    problems: Sequence[Problem],
    *,
    stopped: bool,
    despite_errors: bool = False,
    hint: str = "Fix the errors, then publish again.",
) -> None:
    """Refuse a site that was not built whole: an error leaves its page out, which would delete it at the target.

    With `despite_errors`, only a build that a template stopped is refused: it wrote nothing.
    """
    if not (stopped or (has_errors(problems) and not despite_errors)):
        return
    message = "The site has errors, so it was not published. Pages with errors are missing from it."
    found = error("", "publish-errors", message, hint)
    raise PublishError((*problems, found))


def check_hold(holds: Sequence[Hold], now: datetime, despite: str) -> None:
    """Refuse to publish in a period of `[[publish.hold]]`, unless there is a reason."""
    held = next((hold for hold in holds if hold.start <= now < hold.end), None)
    if held is None or despite:
        return
    message = f"Nothing is published until {held.end:%Y-%m-%d %H:%M}: {held.reason}"
    raise refused("publish-hold", message, 'Wait, or add --despite-hold "REASON". The reason is written down there.')


def check_content(files: Collection[str]) -> None:
    """Refuse a site without a front page: nothing was built, or somewhere else."""
    if "index.html" not in files or sum(map(is_page, files)) < 2:
        message = "The site has nothing in it: there is no page besides the front page."
        raise refused("publish-empty", message, "Look at the folder of the site, and at what openletter build says.")


def check_site(state: TargetState, site: str, place: str, *, adopt: bool) -> None:
    """Refuse to replace another site."""
    manifest = state.manifest
    if manifest is None or adopt or manifest.site == site:
        return
    message = f"At {place} is the site {manifest.site}; this one is {site}."
    hint = "Choose another place. If the site has moved or may be replaced, add --adopt."
    raise refused("publish-other-site", message, hint)


def check_foreign(paths: Collection[str], place: str) -> None:
    """Refuse a place that holds files but no manifest: another program has published there."""
    foreign = sorted(path for path in paths if not path.startswith((FOLDER, ".git/")))
    if not foreign:
        return
    what = format_count(len(foreign), "file")
    message = f"At {place} there is {what} that Openletter did not publish, such as {foreign[0]}."
    if len(foreign) > 1:
        message = f"At {place} there are {what} that Openletter did not publish, such as {foreign[0]}."
    hint = "Choose another place. To keep those files and publish among them, add --adopt."
    raise refused("publish-foreign", message, hint)


def check_deletions(plan: PublishPlan, published: Files, max_percent: int) -> None:
    """Refuse to delete a large part of the published site. Names that change with their bytes do not count."""
    deleted = [path for path in plan.deleted if not is_digested(path)]
    total = sum(not is_digested(path) for path in published)
    if len(deleted) <= max(FREE_DELETES, total * max_percent // 100):
        return
    percent = -(-len(deleted) * 100 // total)
    message = f"This would delete {len(deleted):,} of {total:,} published files, such as {deleted[0]}."
    raise refused("publish-deletes", message, f"If that is meant, add --max-deletes {percent}.")


def address_digest(path: str) -> str:
    """Hash the address of an output path. The manifest is public, and must not list what was taken down."""
    return digest("withdrawn", path)


def check_withdrawn(files: Collection[str], state: TargetState, restored: Collection[str]) -> None:
    """Refuse to publish again what was taken down."""
    manifest = state.manifest
    if manifest is None or not manifest.withdrawn:
        return
    gone = frozenset(manifest.withdrawn)
    back = sorted(path for path in files if address_digest(path) in gone and path not in restored)
    if back:
        addresses = [f"/{path.removesuffix('index.html')}" for path in back]
        message = f"{addresses[0]} was taken down with openletter unpublish, and would be published again."
        again = " ".join(f"--restore {address}" for address in addresses)
        hint = f"Set draft: true in its front matter, or delete it. To publish it again, add {again}"
        raise refused("publish-withdrawn", message, hint)
