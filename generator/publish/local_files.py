"""The files of the built site, with their digests."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.digest import digest_file
from generator.publish.target import refused
from generator.store.atomic import is_part
from generator.store.output import MARKER, PREVIEW, PUBLIC

_SKIPPED = frozenset({".git", MARKER})


def read_output(output: Path, known: Mapping[str, str]) -> dict[str, str]:
    """List the files of an output folder: path → digest. The build's own marker is left out.

    `known` are digests that the build has just checked; the other files are read. Raises: PublishError if the folder is
    no public site that Openletter has built.
    """
    _check_marker(output)
    digests = {}
    for path in _walk(os.fspath(output), ""):
        digests[path] = known.get(path) or digest_file(output / path)
    return digests


def _check_marker(output: Path) -> None:
    try:
        mark = (output / MARKER).read_bytes()
    except OSError:
        mark = b""
    if mark == PREVIEW:
        message = f"{output} holds a preview: it may show drafts and scheduled posts."
        raise refused("publish-preview", message, "Publish without --no-build, or build without --drafts and --future.")
    if mark != PUBLIC:
        message = f"{output} is not a site that Openletter has built."
        raise refused("publish-empty", message, "Run openletter build, or publish without --no-build.")


def _walk(folder: str, below: str) -> Iterator[str]:
    """List the files below a folder. Strings, not Paths: 10,000 files take 40 ms instead of 200."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in _SKIPPED or is_part(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{below}{entry.name}/")
            else:
                yield below + entry.name
