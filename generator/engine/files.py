"""Files made ready to be carried over: pictures without metadata, everything else as it is."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from generator.content.site_files import ContentFile
from generator.digest import digest_bytes, digest_file
from generator.engine.records import FileRecord
from generator.errors import ContentError, OutputError, Problem, error
from generator.images import clean_picture, is_picture, picture_kind
from generator.store.atomic import replace_file

MAX_PICTURE_BYTES = 100_000_000


def prepare_file(file: Path, item: ContentFile, state: Path) -> tuple[str, FileRecord]:
    """Prepare a file for publication: the digest of its own bytes, and what to publish.

    A picture that cannot be cleaned is not published, with an error: what it carries is not known.
    """
    try:
        if not is_picture(item.path):
            name = digest_file(file)
            return name, FileRecord(name)
        if item.stamp[1] > MAX_PICTURE_BYTES:
            message = f"The picture is larger than {MAX_PICTURE_BYTES // 1_000_000} MB."
            return "", _refused(error(item.path, "too-large", message, "Save it smaller."))
        data = file.read_bytes()
    except OSError as reason:
        message = f"The file cannot be read: {reason.strerror}."
        return "", _refused(error(item.path, "unreadable", message, "Check its permissions."))
    return digest_bytes(data), _clean(item.path, data, state)


def cleaned_file(state: Path, path: str, digest: str) -> Path:
    """Name the file in the state's folder that holds a cleaned picture."""
    return state / "pictures" / (digest + PurePosixPath(path).suffix.lower())


def _clean(path: str, data: bytes, state: Path) -> FileRecord:
    try:
        cleaned = clean_picture(path, data)
    except ContentError as refusal:
        return _refused(*refusal.problems)
    name = digest_bytes(cleaned.data)
    changed = cleaned.data != data
    if changed:
        _keep(cleaned.data, cleaned_file(state, path, name))
    return FileRecord(name, cleaned.width, cleaned.height, picture_kind(path, data), changed, problems=cleaned.problems)


def _keep(data: bytes, place: Path) -> None:
    """Put a cleaned picture into the state's folder. Raises: OutputError."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, data)
    except OSError as reason:
        message = f"{place} cannot be written: {reason.strerror or reason}."
        hint = "Free some space, or let this account write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason


def _refused(*problems: Problem) -> FileRecord:
    return FileRecord("", published=False, problems=problems)
