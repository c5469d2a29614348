"""Record what an import wrote, so that the next one can update files the user has not edited.

The manifest is in `.openletter/`, which is not in Git and may be deleted at any time: existing files then stay as
they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from generator.store.atomic import replace_file

_VERSION = 1
_MAX_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class ImportManifest:
    """`files`: site-relative path → digest of the bytes as written. `sources`: id → the source it came from.

    `comments`: path of a file of comments → the ids of those that were imported, in one line.
    """

    files: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def manifest_path(kind: str) -> str:
    """Return the site-relative path of the manifest for one kind of source."""
    return f".openletter/import-{kind}.json"


def load_manifest(root: Path, kind: str) -> ImportManifest:
    """Read the manifest. A missing or unreadable one is empty: then existing files are not updated."""
    file = root / manifest_path(kind)
    try:
        if file.stat().st_size > _MAX_BYTES:
            return ImportManifest()
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return ImportManifest()
    if not isinstance(data, dict) or data.get("version") != _VERSION:
        return ImportManifest()
    return ImportManifest(_texts(data.get("files")), _texts(data.get("sources")), _texts(data.get("comments")))


def save_manifest(root: Path, kind: str, manifest: ImportManifest) -> None:
    """Write the manifest if it has changed. Raises: OSError."""
    data = {"version": _VERSION, "files": dict(manifest.files), "sources": dict(manifest.sources)}
    data |= {"comments": dict(manifest.comments)} if manifest.comments else {}
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
    file = root / manifest_path(kind)
    if not file.is_file() or file.read_text("utf-8", errors="replace") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.encode())


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)}
