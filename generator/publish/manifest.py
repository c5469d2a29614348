"""What a target has, as our own files there say: the manifest of the last whole publication, and a journal.

The journal is written before the first change and deleted after the last. So a publication that was cut is known, with
the files that it may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from generator.publish.paths import JOURNAL, MANIFEST
from generator.publish.target import refused

VERSION = 1
T = TypeVar("T")


class PublishedFile(Struct, frozen=True, array_like=True, gc=False):
    """A file at the target: the digests of its bytes and of its headers ("" where the target keeps none).

    `redirect` is the address that a page leads to; "" for the other files.
    """

    digest: str
    headers: str = ""
    redirect: str = ""


Files = Mapping[str, PublishedFile]
"""Output path → file."""


class Manifest(Struct, frozen=True):
    """The last whole publication.

    `site` is the address of the site it belongs to, `time` when it was made (ISO 8601), `despite` the reason why it was
    made during a hold. `kept` are files of the publication before that pages in a browser may still ask for. `before`
    is what a rollback restores: path → file, or None for one that was not there. `withdrawn` are the digests of
    addresses that were taken down.
    """

    site: str
    generation: int = 0
    time: str = ""
    despite: str = ""
    files: dict[str, PublishedFile] = field(default_factory=dict)
    kept: dict[str, PublishedFile] = field(default_factory=dict)
    before: dict[str, PublishedFile | None] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    version: int = VERSION


class Journal(Struct, frozen=True):
    """A publication that has begun and is not over: it makes `generation`.

    `puts` are the files that may have been changed, `sent` those of them that are known to be complete. `deletes` are
    files that may be gone. `saved` are the digests whose old bytes have been copied for a rollback, before the journal.
    """

    generation: int
    puts: dict[str, PublishedFile] = field(default_factory=dict)
    deletes: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()


class TargetState(Struct, frozen=True):
    """What is known of a target; `raw` are the manifest's bytes, for the swap. None for a new target."""

    manifest: Manifest | None = None
    raw: bytes | None = None
    journal: Journal | None = None

    @property
    def cut(self) -> Journal | None:
        """The journal of a publication that was cut before its manifest was written."""
        journal, manifest = self.journal, self.manifest
        if journal is None or (manifest is not None and journal.generation <= manifest.generation):
            return None
        return journal

    def certain(self) -> dict[str, PublishedFile]:
        """List the files that are certainly there, with these bytes."""
        manifest = self.manifest
        known = {**manifest.kept, **manifest.files} if manifest is not None else {}
        journal = self.cut
        if journal is not None:
            for path in (*journal.puts, *journal.deletes):
                known.pop(path, None)
            known.update((path, journal.puts[path]) for path in journal.sent)
        return known

    def uncertain(self) -> frozenset[str]:
        """List the files that may be there, with bytes that are not known, and those that a cut did not delete."""
        journal = self.journal
        if journal is None:
            return frozenset()
        return frozenset((*journal.puts, *journal.deletes) if self.cut is not None else journal.deletes)

    def saved(self) -> frozenset[str]:
        """List the digests whose old bytes a cut publication has already copied."""
        journal = self.cut
        return frozenset(journal.saved) if journal is not None else frozenset()


def read_state(manifest: bytes | None, journal: bytes | None) -> TargetState:
    """Read our own files of a target. Raises: PublishError if they are damaged or a later version's."""
    known = _decode(manifest, Manifest, MANIFEST) if manifest is not None else None
    if known is not None and known.version > VERSION:
        message = "A newer version of Openletter has published there."
        raise refused("manifest-unreadable", message, "Install that version: pip install --upgrade openletter")
    begun = _decode(journal, Journal, JOURNAL) if journal is not None else None
    return TargetState(known, manifest, begun)


def _decode(data: bytes, kind: type[T], path: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as reason:
        message = f"{path} at the target is damaged, so it is not known what is published there."
        hint = "Delete that file there, and publish with --adopt: every file is sent again."
        raise refused("manifest-unreadable", message, hint) from reason


def encode(value: Manifest | Journal) -> bytes:
    """Write a file of ours."""
    return msgspec.json.encode(value)
