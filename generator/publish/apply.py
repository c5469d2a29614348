"""Do what a plan says, in an order that leaves a whole site for readers whenever it is cut."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic

from msgspec.structs import replace

from generator.digest import digest_bytes
from generator.errors import PublishError
from generator.progress import Progress
from generator.publish.headers import content_type
from generator.publish.manifest import Journal, TargetState, encode
from generator.publish.paths import JOURNAL, MANIFEST
from generator.publish.plan import PublishPlan
from generator.publish.target import Lease, PublishTarget, Sent, Upload, refused

_BATCH = 500
"""So many files are sent between two looks at the lock and the journal."""
_JOURNAL_S = 2.0
"""The journal is written again after this time: what it lists is not sent again after a cut."""

Give = Callable[[Sequence[str], Sent], Awaitable[None]]
"""Brings files of the site to the target, and calls back with the path of each that is complete."""


async def apply_plan(
    target: PublishTarget, plan: PublishPlan, state: TargetState, give: Give, lease: Lease, progress: Progress
) -> None:
    """Apply a plan: old bytes are saved, files sent, the manifest swapped, old files deleted. Raises: PublishError."""
    await target.copy(plan.saves)
    if plan.swaps or any(plan.puts) or plan.clears:
        await _send(target, plan, state, give, lease, progress)
    lease.check()
    if plan.swaps and not await target.swap(MANIFEST, state.raw, encode(plan.manifest)):
        raise refused("lock-lost", "Another publisher has published there meanwhile.", "Publish again.")
    await target.delete(plan.deletes)
    await target.delete([JOURNAL])
    await target.commit(describe(plan))


def describe(plan: PublishPlan) -> str:
    """Write one line about a publication, such as for a commit."""
    parts = ((len(plan.added), "added"), (len(plan.changed), "changed"), (len(plan.deleted), "deleted"))
    words = ", ".join(f"{count} {word}" for count, word in parts if count) or "nothing changed"
    because = f" ({plan.manifest.despite})" if plan.manifest.despite else ""
    return f"Publish the site: {words}{because}"


async def _send(
    target: PublishTarget, plan: PublishPlan, state: TargetState, give: Give, lease: Lease, progress: Progress
) -> None:
    journal = _begin(plan, state)
    sent = set(journal.sent)
    await _write(target, journal)
    await target.delete(plan.clears)
    written, total, done = monotonic(), sum(map(len, plan.puts)), 0

    def note(path: str) -> None:
        nonlocal done
        done += 1
        sent.add(path)
        progress("publish", done, total)

    try:
        for paths in plan.puts:
            for start in range(0, len(paths), _BATCH):
                lease.check()
                await give(paths[start : start + _BATCH], note)
                if monotonic() - written > _JOURNAL_S:
                    await _write(target, replace(journal, sent=tuple(sorted(sent))))
                    written = monotonic()
    except PublishError:
        with suppress(PublishError):  # without it, more is sent again
            lease.check()
            await _write(target, replace(journal, sent=tuple(sorted(sent))))
        raise


def _begin(plan: PublishPlan, state: TargetState) -> Journal:
    """Make the journal; it goes on with that of a publication that was cut."""
    files = plan.manifest.files
    puts = {path: files[path] for paths in plan.puts for path in paths}
    cut = state.cut
    done = [path for path in cut.sent if path in files and path not in puts] if cut is not None else []
    saved = {to.rpartition("/")[2] for _, to in plan.saves} | state.saved()
    return Journal(
        generation=plan.manifest.generation,
        puts=puts | {path: files[path] for path in done},
        deletes=tuple(sorted({*plan.deletes, *plan.clears})),
        saved=tuple(sorted(saved)),
        sent=tuple(done),
    )


async def _write(target: PublishTarget, journal: Journal) -> None:
    data = encode(journal)
    file = Upload(JOURNAL, data, digest_bytes(data), content_type(JOURNAL), "no-store")
    await target.send([file], lambda _: None)
