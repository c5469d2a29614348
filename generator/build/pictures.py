"""Files of the site made ready to be carried over: pictures without metadata, everything else as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from generator.build.fingerprint import generator_fingerprint
from generator.content.find import Found, Role, Scan
from generator.digest import digest, digest_bytes
from generator.errors import ContentError, Problem, error
from generator.images import clean, is_picture
from generator.site.cards import PictureSize
from generator.store import Store
from generator.store.output import file_digest

Progress = Callable[[str, int, int], None]
MAX_PICTURE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A cleaned picture: its size in pixels, the digest of its bytes, whether they differ from the original's."""

    width: int
    height: int
    digest: str
    changed: bool
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Files:
    """All files to be published.

    `owners`: path → the document it lies beside, None for content/static. `pictures`: path → size. `sources`: path
    → the file to copy and the digest of its bytes.
    """

    owners: dict[str, str | None] = field(default_factory=dict)
    pictures: dict[str, PictureSize] = field(default_factory=dict)
    sources: dict[str, tuple[Path, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    blob_ids: set[str] = field(default_factory=set)


def prepare_files(root: Path, found: Scan, store: Store, note: Progress) -> Files:
    """Clean the pictures and hash the other files; a picture that cannot be cleaned is left out, with an error."""
    files = Files()
    items = [item for item in found.found if item.role in (Role.BUNDLE_FILE, Role.STATIC)]
    for done, item in enumerate(items, 1):
        try:
            if is_picture(item.path):
                _prepare_picture(root / item.real, item, store, files)
            else:
                files.sources[item.path] = (root / item.real, file_digest(root / item.real))
            files.owners[item.path] = item.owner
        except ContentError as refusal:
            files.problems += refusal.problems
        except OSError as reason:
            message = f"The file cannot be read: {reason.strerror}."
            files.problems.append(error(item.path, "unreadable", message, "Check its permissions."))
        note("files", done, len(items))
    _drop_unused(store, files)
    return files


def _prepare_picture(file: Path, item: Found, store: Store, files: Files) -> None:
    if item.stamp[1] > MAX_PICTURE_BYTES:
        message = f"The picture is larger than {MAX_PICTURE_BYTES // 1_000_000} MB."
        raise ContentError(error(item.path, "too-large", message, "Save it smaller."))
    data = file.read_bytes()
    name = f"picture-{digest(item.path, digest_bytes(data), generator_fingerprint())}"
    shelf = _shelf(store) / (name + PurePosixPath(item.path).suffix.lower())
    prepared = store.get(name, Prepared)
    if prepared is None or (prepared.changed and not shelf.is_file()):
        prepared = _clean(item.path, data, shelf)
        store.put(name, prepared)
    files.blob_ids.add(name)
    files.problems += prepared.problems
    files.pictures[item.path] = PictureSize(prepared.width, prepared.height)
    files.sources[item.path] = (shelf if prepared.changed else file, prepared.digest)


def _clean(path: str, data: bytes, shelf: Path) -> Prepared:
    cleaned = clean(path, data)
    changed = cleaned.data != data
    if changed:
        shelf.parent.mkdir(parents=True, exist_ok=True)
        part = shelf.with_suffix(".part")
        part.write_bytes(cleaned.data)
        part.replace(shelf)
    return Prepared(cleaned.width, cleaned.height, digest_bytes(cleaned.data), changed, cleaned.problems)


def _shelf(store: Store) -> Path:
    """Name the folder of cleaned pictures."""
    return store.folder / "pictures"


def _drop_unused(store: Store, files: Files) -> None:
    used = {file.name for file, _ in files.sources.values()}
    for file in _shelf(store).glob("picture-*"):
        if file.name not in used:
            file.unlink(missing_ok=True)
