"""Write the imported files and the report, never over a file that the user edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from generator.errors import ContentError
from generator.importers import report
from generator.importers.file_writer import PlannedFile, WriteAction, choose_action, write_file
from generator.importers.import_model import ImportLog, ImportOutcome, Note, Topic
from generator.importers.manifest import ImportManifest, manifest_path, save_manifest

_WRITES = (WriteAction.NEW, WriteAction.UPDATE)


def write_planned(
    root: Path, planned: Sequence[PlannedFile], manifest: ImportManifest, log: ImportLog, *, dry_run: bool
) -> tuple[ImportOutcome, ImportManifest]:
    """Write new files and update unedited ones; return the outcome, still without posts, and the new manifest.

    Raises: OSError.
    """
    actions: list[tuple[PlannedFile, WriteAction]] = []
    digests = dict(manifest.files)
    for each in planned:
        try:
            digest = each.digest()
            action = choose_action(root, each, digest, manifest.files)
        except ContentError as refusal:
            log.problems += refusal.problems
            continue
        actions.append((each, action))
        if action in _WRITES and not dry_run:
            write_file(root, each)
        if action in (*_WRITES, WriteAction.SAME):
            digests[each.path] = digest
    kept = tuple(each.path for each, action in actions if action in (WriteAction.KEPT, WriteAction.DELETED))
    log.notes += [Note(Topic.KEPT, f"`{path}`", path) for path in kept]
    outcome = ImportOutcome(
        written=tuple(each.path for each, action in actions if action in _WRITES),
        same=sum(action is WriteAction.SAME for _, action in actions),
        kept=kept,
        files=tuple(each.path for each, _ in actions if each.source is not None),
        notes=tuple(sorted(set(log.notes))),
        problems=tuple(sorted(set(log.problems))),
    )
    return outcome, replace(manifest, files=digests)


def write_report(
    root: Path, outcome: ImportOutcome, manifest: ImportManifest, kind: str, *, dry_run: bool
) -> ImportOutcome:
    """Write the report and the manifest, and return the outcome with the report's path. Raises: OSError.

    A report that the user edited stays, and the new one gets a numbered name.
    """
    data = report.format_report(outcome, manifest_path(kind)).encode("utf-8", "replace")
    if dry_run:
        return replace(outcome, report=report.PATH)
    for number in count(1):
        planned = PlannedFile(report.PATH if number == 1 else report.PATH.replace(".md", f"-{number}.md"), data)
        digest = planned.digest()
        action = choose_action(root, planned, digest, manifest.files)
        if manifest.files.get(planned.path) == digest or action is not WriteAction.KEPT:
            break
    if action is not WriteAction.SAME and manifest.files.get(planned.path) != digest:
        write_file(root, planned)
    save_manifest(root, kind, replace(manifest, files={**manifest.files, planned.path: digest}))
    return replace(outcome, report=planned.path)
