"""Prepare files for publication: pictures, films, sound and documents without metadata, other files unchanged."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from generator.content.site_files import ContentFile
from generator.digest import digest_bytes, digest_file
from generator.engine.records import FileRecord
from generator.errors import ContentError, Level, OutputError, Problem, error, warning
from generator.images.cleaner import clean_picture
from generator.images.formats import HEAD_BYTES, is_picture_file, wrong_label
from generator.model import Contact, MediaFacts
from generator.site.media_files import ENDINGS
from generator.store.atomic import replace_file

MAX_PICTURE_BYTES = 100_000_000
MAX_PAGE_BYTES = 10_000_000
_PAGES = (".html", ".htm", ".xhtml")
_STYLES = ".css"


def prepare_file(file: Path, item: ContentFile, state: Path) -> tuple[str, FileRecord]:
    """Prepare a file for publication: the digest of its own bytes, and what to publish.

    The first bytes decide the type of a file. A picture that cannot be cleaned is a warning and is not published,
    because its metadata is unknown. In films, sound and documents, metadata that cannot be removed is a warning.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        if not is_picture_file(item.path, head):
            name = digest_file(file)
            return name, _clean_media(item.path, file, name, state)
        if item.stamp[1] > MAX_PICTURE_BYTES:
            message = f"The picture is larger than {MAX_PICTURE_BYTES // 1_000_000} MB."
            return "", _refused(warning(item.path, "too-large", message, "Save a smaller version."))
        data = file.read_bytes()
    except OSError as reason:
        message = f"The file cannot be read: {reason.strerror}."
        return "", _refused(error(item.path, "unreadable", message, "Check its permissions."))
    return digest_bytes(data), _clean(item.path, data, state)


def cleaned_file(state: Path, path: str, digest: str) -> Path:
    """Return the path of a cleaned picture in the state's folder."""
    return state / "pictures" / (digest + PurePosixPath(path).suffix.lower())


def _clean(path: str, data: bytes, state: Path) -> FileRecord:
    try:
        cleaned = clean_picture(path, data)
    except ContentError as refusal:
        return _refused(*(replace(problem, level=Level.WARNING) for problem in refusal.problems))
    name = digest_bytes(cleaned.data)
    changed = cleaned.data != data
    if changed:
        _keep(cleaned.data, cleaned_file(state, path, name))
    wrong = _mislabelled(path, data)
    if wrong:
        return FileRecord(name, cleaned=changed, problems=(*cleaned.problems, wrong), refusal=wrong)
    shown = cleaned.width, cleaned.height, cleaned.kind
    return FileRecord(name, *shown, changed, is_moving=cleaned.is_moving, problems=cleaned.problems)


def _mislabelled(path: str, data: bytes) -> Problem | None:
    """Warn of a picture whose name says that it is another: servers and mail programs go by the name."""
    kind, suffix = wrong_label(path, data)
    if not kind:
        return None
    name = PurePosixPath(path)
    message = f"This file is a {kind}, although its name ends in {name.suffix}."
    hint = f'Rename it to "{name.with_suffix(suffix).name}", and write that name in the text.'
    return warning(path, "picture-mislabelled", message, hint)


def _clean_media(path: str, file: Path, source_digest: str, state: Path) -> FileRecord:
    """Clean a film, a sound or a document; every other file is published unchanged. Raises: OSError; OutputError."""
    from generator.media.captions import check_captions
    from generator.media.clean import clean_media

    part = state / "pictures" / f"{source_digest}.{os.getpid()}.part"  # the same film may lie in two places
    cleaned = clean_media(path, file, part)
    problems = (*cleaned.problems, *check_captions(path, file))
    if not cleaned.written:
        contacts = _contacts(path, file)
        return FileRecord(source_digest, media=_measure(path, file), contacts=contacts, problems=problems)
    name, facts = digest_file(part), _measure(path, part)
    part.replace(cleaned_file(state, path, name))
    return FileRecord(name, cleaned=True, media=facts, problems=problems)


def _contacts(path: str, file: Path) -> tuple[Contact, ...]:
    """Find the other hosts that a page or a style sheet of the site's own contacts. Raises: OSError."""
    from generator.text.outside_hosts import contacts_of_page, contacts_of_styles

    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in (*_PAGES, _STYLES):
        return ()
    text = file.read_bytes()[:MAX_PAGE_BYTES].decode("utf-8", "replace")
    return tuple(sorted(contacts_of_styles(text) if suffix == _STYLES else contacts_of_page(text)))


def _measure(path: str, file: Path) -> MediaFacts | None:
    """Measure a film or a sound that a page may play, by its name; None for other files. Raises: OSError."""
    from generator.media.measure import measure_media

    return measure_media(file) if path.lower().endswith(ENDINGS) else None


def _keep(data: bytes, place: Path) -> None:
    """Put a cleaned picture into the state's folder. Raises: OutputError."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, data)
    except OSError as reason:
        message = f"{place} cannot be written: {reason.strerror or reason}."
        hint = "Free some disk space, or give this account permission to write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason


def _refused(*problems: Problem) -> FileRecord:
    return FileRecord("", published=False, problems=problems, refusal=problems[0])
