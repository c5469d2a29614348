"""Clean a theme's static files for publication, like the site's own; the state keeps the results."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from generator.content.site_files import ContentFile, Role
from generator.digest import digest, digest_bytes
from generator.errors import Problem, raise_warnings

Cleaned = tuple[Path, bytes, tuple[Problem, ...]]


class ThemeFileRecord(msgspec.Struct, frozen=True):
    """The result for one file: the name of its cleaned copy in the state, and that copy's digest; "" for no copy."""

    copy: str = ""
    digest: str = ""
    problems: tuple[Problem, ...] = ()


def theme_file_cleaner(state: Path, program: str) -> Callable[[str, Path, bytes], Cleaned]:
    """Make the function that a theme is loaded with: (label, file, its bytes) → what to publish, and problems.

    A picture that cannot be cleaned is an error. With a record of an earlier build, no cleaner is imported.
    """
    kept = state / "theme-files"

    def clean(label: str, file: Path, data: bytes) -> Cleaned:
        place = kept / f"{digest(label, digest_bytes(data), program)}.json"
        known = _recorded(place, state, file, data)
        if known is not None:
            return known
        record = _clean(label, file, data, state)
        with suppress(OSError):  # without the record the next build cleans the file again
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(msgspec.json.encode(record))
        if not record.copy:
            return file, data, record.problems
        copy = state / record.copy
        return copy, copy.read_bytes(), record.problems

    return clean


def _recorded(place: Path, state: Path, file: Path, data: bytes) -> Cleaned | None:
    """Fetch the earlier result for the same bytes; None if there is none, or its copy is damaged."""
    try:
        record = msgspec.json.decode(place.read_bytes(), type=ThemeFileRecord)
        if not record.copy:
            return file, data, record.problems
        cleaned = (state / record.copy).read_bytes()
    except (OSError, msgspec.MsgspecError):
        return None
    return (state / record.copy, cleaned, record.problems) if digest_bytes(cleaned) == record.digest else None


def _clean(label: str, file: Path, data: bytes, state: Path) -> ThemeFileRecord:
    from generator.engine.files import cleaned_file, prepare_file

    item = ContentFile(label, Role.STATIC, None, (0, len(data), 0, ""), "")
    _, prepared = prepare_file(file, item, state)
    if not prepared.published:
        return ThemeFileRecord(problems=raise_warnings(prepared.problems))
    if not prepared.cleaned:
        return ThemeFileRecord(problems=prepared.problems)
    copy = cleaned_file(state, label, prepared.digest).relative_to(state).as_posix()
    return ThemeFileRecord(copy, prepared.digest, prepared.problems)
