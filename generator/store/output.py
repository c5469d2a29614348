"""The output folder: marked as ours before anything else, written file by file, never emptied.

Readers of the folder never see half a file: each is written under another name and renamed, and only if its bytes
differ from the present ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from generator.digest import digest_file
from generator.errors import OutputError, RouteError, error
from generator.stamps import Stamp
from generator.store import disk
from generator.store.atomic import copy_file, is_part, move_file, replace_file

MARKER = ".openletter-output"
PUBLIC = b"This folder is made by Openletter. Each build replaces what it holds.\n"
PREVIEW = b"This folder is a preview made by Openletter. Do not publish it.\n"
_LEFT_ALONE = frozenset({".git", ".gitkeep", MARKER})
_NEVER = frozenset({"", ".", "..", ".git", MARKER})


class OutputFolder:
    """A folder that is known to be ours. Paths are relative to it, with forward slashes."""

    def __init__(self, folder: Path, *, preview: bool) -> None:
        """Check the folder. Raises: OutputError if it contains files that this kind of build did not make."""
        self.folder = folder
        self._mark = PREVIEW if preview else PUBLIC
        # Strings, not Paths: making a Path takes longer than making the file.
        self._root = os.fspath(folder)
        self._folders = {self._root}
        try:
            self._check()
        except OSError as reason:
            raise _unwritable(folder, reason) from reason

    def claim(self) -> None:
        """Mark the folder as ours, before anything else is written. Raises: OutputError."""
        marker = self.folder / MARKER
        try:
            if not marker.is_file() or marker.read_bytes() != self._mark:
                self.folder.mkdir(parents=True, exist_ok=True)
                marker.write_bytes(self._mark)
        except OSError as reason:
            raise _unwritable(self.folder, reason) from reason

    def write(self, path: str, data: bytes, *, differs: bool = False) -> bool:
        """Write a file if its bytes differ; returns True if it was written. `differs`: they are known to differ."""
        file = self._place(path)
        new = self._make_room(disk.parent(file))  # a new folder has no file to compare with
        if not (new or differs) and disk.holds(file, data):
            return False
        self._put(file, lambda: replace_file(file, data))
        return True

    def copy(self, path: str, source: Path, digest: str) -> bool:
        """Copy a file into the output without reading it whole; `digest` is that of its bytes.

        Raises: OutputError; OtherBytesError if it has changed, and then nothing is written.
        """
        file = self._place(path)
        if self._holds(file, source, digest):
            return False
        self._make_room(disk.parent(file))
        self._put(file, lambda: copy_file(source, file, digest))
        return True

    def move_in(self, path: str, made: Path, digest: str, *, differs: bool = False) -> bool:
        """Move a file of ours into the output if its bytes differ; `digest` is that of its bytes."""
        file = self._place(path)
        new = self._make_room(disk.parent(file))
        if not (new or differs) and self._holds(file, made, digest):
            return False
        self._put(file, lambda: move_file(made, file))
        return True

    def _holds(self, file: str, made: Path, digest: str) -> bool:
        """Return True if a file of the output has the same bytes as `made`."""
        with suppress(OSError):
            return disk.stamp(file)[1] == made.stat().st_size and digest_file(Path(file)) == digest
        return False

    def stamp(self, path: str) -> Stamp:
        """Return the stamp of a file as it is now. Raises: OSError."""
        return disk.stamp(self._place(path))

    def delete(self, path: str) -> None:
        """Remove a file that a build of ours wrote, and the folders it leaves empty."""
        file = self.file(path)
        try:
            file.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            pass  # it is gone, or the present file is not ours
        except OSError as reason:
            if file.is_dir():
                return  # macOS and Windows raise another error than Linux
            raise _unwritable(file, reason) from reason
        self._remove_if_empty(file.parent)

    def remove_leftovers(self) -> None:
        """Remove the leftovers of a killed build: unfinished files and empty folders."""
        for at, folders, names in os.walk(self.folder):
            folders[:] = [folder for folder in folders if folder not in _LEFT_ALONE]
            for name in names:
                if is_part(name):
                    Path(at, name).unlink(missing_ok=True)
            if not folders and all(map(is_part, names)):
                self._remove_if_empty(Path(at))

    def _remove_if_empty(self, folder: Path) -> None:
        """Remove a folder and its parents while they are empty."""
        with suppress(OSError):  # it is not empty
            while folder != self.folder:
                folder.rmdir()
                self._folders.discard(os.fspath(folder))
                folder = folder.parent

    def strangers(self, known: frozenset[str]) -> list[str]:
        """List the files that are not in `known`, sorted: a build whose state was lost left them."""
        found = []
        for at, folders, names in os.walk(self.folder):
            folders[:] = sorted(folder for folder in folders if folder not in _LEFT_ALONE)
            relative = Path(at).relative_to(self.folder)
            found += [(relative / name).as_posix() for name in names if name not in _LEFT_ALONE]
        return sorted(path for path in found if path not in known)

    def set_aside(self, path: str, shelf: Path) -> None:
        """Move a file that we may not have written out of the output, without losing it."""
        import shutil

        place = shelf / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.file(path), place)
        except OSError as reason:
            raise _unwritable(place, reason) from reason
        self.delete(path)

    def file(self, path: str) -> Path:
        """Return the file on disk for a path; the last check against paths that leave the folder.

        Raises: RouteError.
        """
        return Path(self._place(path))

    def _place(self, path: str) -> str:
        """Return the name of the file on disk for a path, as `file` does."""
        if "\\" in path or "\0" in path or not _NEVER.isdisjoint(path.split("/")):
            raise RouteError(error("", "outside-output", f'"{path}" is not a path inside the output folder.'))
        return f"{self._root}/{path}"

    def _make_room(self, folder: str) -> bool:
        """Make a folder and those above it; returns True if it is new. Refuses a link that leads out of the output."""
        if folder in self._folders:
            return False
        self._make_room(disk.parent(folder))
        try:
            new = disk.make_folder(folder)
        except NotADirectoryError:
            return False  # a file above is in the way; writing reports it
        except OSError as reason:
            raise _unwritable(Path(folder), reason) from reason
        if not new and not os.path.isdir(folder):  # noqa: PTH112 a file, or a link that leads nowhere
            return False
        if not new and disk.may_lead_elsewhere(folder) and not self._is_within(folder):
            message = f"{folder} is a link that leads out of the output folder."
            raise OutputError(error("", "outside-output", message, "Remove the link."))
        self._folders.add(folder)
        return new

    def _put(self, file: str, write: Callable[[], None]) -> None:
        """Write a file; if that fails, clear its path and try again. Raises: RouteError, OutputError."""
        try:
            try:
                write()
            except OSError:
                if not self._clear_way(Path(file)):
                    raise
                write()
        except OSError as reason:
            raise _unwritable(Path(file), reason) from reason

    def _clear_way(self, place: Path) -> bool:
        """Remove an empty folder that has a file's path; returns True if there was one.

        Raises: RouteError if something that is not ours is in the way.
        """
        if place.is_dir() and not place.is_symlink():
            with suppress(OSError):
                place.rmdir()
                return True
            raise _in_the_way(place, "folder", "file")
        above = next(folder for folder in place.parents if folder.exists())
        if not above.is_dir():
            raise _in_the_way(above, "file", "folder")
        return False

    def _is_within(self, folder: str) -> bool:
        return Path(folder).resolve().is_relative_to(self.folder.resolve())

    def _check(self) -> None:
        marker = self.folder / MARKER
        held = marker.read_bytes() if marker.is_file() else b""
        if held == self._mark:
            return
        if held in (PUBLIC, PREVIEW):
            was, wanted = ("public site", "preview") if held == PUBLIC else ("preview", "public site")
            message = f"{self.folder} holds a {was}; this build is a {wanted}."
            raise OutputError(error("", "output-kind", message, "Choose another folder with --output."))
        # If a full disk cut the marker short, the folder contains nothing else.
        if self.folder.exists() and any(entry.name not in _LEFT_ALONE for entry in self.folder.iterdir()):
            message = f"{self.folder} holds files that Openletter did not make."
            raise OutputError(error("", "output-not-ours", message, "Choose an empty folder with --output."))


def _in_the_way(place: Path, kind: str, wanted: str) -> RouteError:
    message = f"{place} is a {kind}, but the site needs a {wanted} there, so that page is not written."
    return RouteError(error("", "output-in-the-way", message, f"Move or delete the {kind}, and build again."))


def _unwritable(place: Path, reason: OSError) -> OutputError:
    message = f"{place} cannot be written: {reason.strerror or reason}."
    if isinstance(reason, (NotADirectoryError, IsADirectoryError, FileExistsError)):
        hint = "A file is where a folder should be, or a folder where a file should be. Move or delete it."
    else:
        hint = "Free some disk space, or give this account permission to write there."
    return OutputError(error("", "output-unwritable", message, hint))
