"""What must change at a target, as a pure function of the site and the target's state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from msgspec import Struct

from generator.publish.manifest import Files, Manifest, PublishedFile, TargetState
from generator.publish.paths import old_copy
from generator.publish.stages import SendStage, is_digested, stage_of

FREE_DELETES = 50
"""So many files may always be deleted."""


class PublishPlan(Struct, frozen=True):
    """What to do, in this order; all lists are sorted.

    `saves` are copies (from, to) of old bytes for a rollback. `clears` are files in the way of a new folder or file.
    `puts` are the files to send, step by step. `deletes` are files of ours that nobody needs any more. `manifest`
    describes the target afterwards; unless it `swaps`, the old one still holds. `added`, `changed` and `deleted` are
    what readers notice, `unchanged` is how many files stay.
    """

    manifest: Manifest
    swaps: bool
    saves: tuple[tuple[str, str], ...]
    clears: tuple[str, ...]
    puts: tuple[tuple[str, ...], ...]
    deletes: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Return True if there is nothing to do."""
        return not (self.swaps or any(self.puts) or self.deletes or self.clears)


def make_plan(
    wanted: Files, state: TargetState, after: Manifest, *, purge: bool = False, again: bool = False
) -> PublishPlan:
    """Plan to turn a target into `wanted`. `after` has all but the files.

    With `purge`, nothing old is kept: no rollback, no style sheet of the pages before. With `again`, all
    files are sent.
    """
    before = state.manifest or Manifest(site=after.site)
    certain = state.certain()
    stale = [path for path, file in wanted.items() if again or certain.get(path) != file]
    gone = (certain.keys() | state.uncertain()) - wanted.keys()
    clears = _in_the_way(stale, gone)
    kept = {} if purge else _kept(before, wanted, gone - clears)
    undo = {} if purge else _undo(before, wanted)
    old = {*_old_copies(before.before), *map(old_copy, state.saved())}
    deletes = (gone | old) - kept.keys() - clears - frozenset(_old_copies(undo))
    manifest = Manifest(
        site=after.site,
        generation=before.generation + 1,
        time=after.time,
        despite=after.despite,
        files=dict(sorted(wanted.items())),
        kept=dict(sorted(kept.items())),
        before=dict(sorted(undo.items())),
        withdrawn=tuple(sorted(after.withdrawn)),
    )
    return PublishPlan(
        manifest=manifest,
        swaps=_differs(before, manifest),
        saves=_saves(undo, kept, state.saved() | _saved_before(before)),
        clears=tuple(sorted(clears)),
        puts=_in_stages(stale, before.files),
        deletes=tuple(sorted(deletes)),
        added=tuple(sorted(path for path in stale if path not in before.files)),
        changed=tuple(sorted(path for path in stale if path in before.files)),
        deleted=tuple(sorted(before.files.keys() - wanted.keys())),
        unchanged=len(wanted) - len(stale),
    )


def _differs(before: Manifest, manifest: Manifest) -> bool:
    return any(getattr(before, name) != getattr(manifest, name) for name in ("files", "kept", "before", "withdrawn"))


def _kept(before: Manifest, wanted: Files, gone: Set[str]) -> dict[str, PublishedFile]:
    """List the files that stay for pages in a browser: style sheets and the like, for one publication."""
    if before.files == wanted:
        return {path: file for path, file in before.kept.items() if path in gone}
    return {path: file for path, file in before.files.items() if path in gone and is_digested(path)}


def _old_copies(undo: Mapping[str, PublishedFile | None]) -> Iterator[str]:
    return (old_copy(file.digest) for file in undo.values() if file is not None)


def _undo(before: Manifest, wanted: Files) -> dict[str, PublishedFile | None]:
    """List what a rollback restores; that of the publication before if this one changes nothing."""
    if before.files == wanted:
        return before.before
    undo: dict[str, PublishedFile | None] = {
        path: file for path, file in before.files.items() if wanted.get(path) != file
    }
    undo.update((path, None) for path in wanted if path not in before.files)
    return undo if before.generation else {}


def _saves(undo: dict[str, PublishedFile | None], kept: Files, saved: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """List the copies of old bytes; a file that stays for its readers is not copied."""
    wanted = ((path, file) for path, file in sorted(undo.items()) if file is not None and path not in kept)
    return tuple((path, old_copy(file.digest)) for path, file in wanted if file.digest not in saved)


def _saved_before(before: Manifest) -> frozenset[str]:
    """List the digests whose old bytes the publication before has copied. What it left in its place has no copy."""
    undo = before.before.items()
    return frozenset(file.digest for path, file in undo if file is not None and path not in before.kept)


def _in_the_way(stale: Iterable[str], gone: Iterable[str]) -> frozenset[str]:
    """List old files in whose place a folder must be, or whose folder must be a file."""
    folders = {folder for path in stale for folder in _folders(path)}
    files = frozenset(stale)
    return frozenset(path for path in gone if path in folders or not files.isdisjoint(_folders(path)))


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _in_stages(stale: Iterable[str], visible: Files) -> tuple[tuple[str, ...], ...]:
    steps: dict[SendStage, list[str]] = {stage: [] for stage in SendStage}
    for path in sorted(stale):
        steps[stage_of(path, is_new=path not in visible)].append(path)
    return tuple(tuple(paths) for paths in steps.values())
