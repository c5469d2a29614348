"""A theme's static files made ready to be published, as the site's own are: cleaned once, remembered in the state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from generator.content.find import Found, Role
from generator.digest import digest, digest_bytes
from generator.engine.files import cleaned_file, prepare_file
from generator.engine.fingerprint import generator_fingerprint
from generator.engine.records import FileRecord
from generator.errors import Problem
from generator.images import is_picture_file
from generator.media import needs_cleaning

_decode = msgspec.json.Decoder(FileRecord).decode


def theme_file_cleaner(state: Path) -> Callable[[str, Path, bytes], tuple[Path, bytes, tuple[Problem, ...]]]:
    """Make the function that a theme is loaded with: (label, file, its bytes) → what to publish, and problems.

    A picture that cannot be cleaned is an error. The function raises OSError if a cleaned copy has gone.
    """

    def clean(label: str, file: Path, data: bytes) -> tuple[Path, bytes, tuple[Problem, ...]]:
        if not (is_picture_file(label, data) or needs_cleaning(data)):
            return file, data, ()
        prepared = _prepared(label, file, data, state)
        if not prepared.cleaned:
            return file, data, prepared.problems
        copy = cleaned_file(state, label, prepared.digest)
        return copy, copy.read_bytes(), prepared.problems

    return clean


def _prepared(label: str, file: Path, data: bytes, state: Path) -> FileRecord:
    """Prepare a file, or fetch what was made of the same bytes before."""
    record = state / "pictures" / f"{digest(label, digest_bytes(data), generator_fingerprint())}.theme"
    try:
        known = _decode(record.read_bytes())
        if not known.cleaned or cleaned_file(state, label, known.digest).is_file():
            return known
    except (OSError, msgspec.MsgspecError):
        pass  # not made yet, or damaged: made again
    _, prepared = prepare_file(file, Found(label, Role.STATIC, None, (0, len(data)), ""), state)
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(msgspec.json.encode(prepared))
    except OSError:
        pass  # without it the file is cleaned again by the next build
    return prepared
