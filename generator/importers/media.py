"""The library of the old site: find the pictures that its export names in folders and zip files, without the network.

A scaled variant (`photo-300x200.jpg`, `/s320/photo.jpg`) finds its original.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from generator.content.names import ignored
from generator.importers.file_names import fold
from generator.importers.import_model import ImportLog, ImportOptions
from generator.importers.zip_files import unpack

_FILE = re.compile(
    r"(?i)\.(?:jpe?g|jpe|png|gif|webp|avif|svg|bmp|tiff?|heic|pdf|docx?|xlsx?|pptx?|od[tsp]|zip|csv|txt|epub|mp3|m4a|ogg|oga"
    r"|opus|wav|flac|mp4|m4v|mov|webm|ogv|avi)$"
)
_SCALED = re.compile(r"(?i)(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{9,})(?=\.[a-z0-9]+$)")
_SIZED = re.compile(r"^(?:s|w|h)\d{2,4}(?:-[a-z0-9-]+)?$")
_SIZE_AT_END = re.compile(r"=[swh]\d{1,4}(?:-[a-z0-9-]+)*$")
Fetch = Callable[[str], Path | None]


@dataclass(slots=True)
class Media:
    """The files of the library by their folded names; `fetch` gets one that is not there, if that is allowed.

    `url` is the old site's address, to which others are relative.
    """

    names: dict[str, list[tuple[Path, str]]] = field(default_factory=dict)
    fetch: Fetch | None = None
    url: str = ""

    def find(self, address: str, host: str) -> tuple[str, Path] | None:
        """Return the address that a file of the old site gets, and the file; None if it is unknown."""
        if not (self.names or self.fetch) or not address.startswith(("http://", "https://", "//", "/")):
            return None
        parts = urlsplit(address)
        steps = [step for step in unquote(parts.path).split("/") if step not in ("", ".", "..")]
        if not steps or not (_FILE.search(steps[-1]) or "googleusercontent" in parts.netloc):
            return None
        for name in _names(steps[-1]):
            if (found := self._choose(name, steps)) is not None:
                return _address(steps, name, parts.hostname or host, host), found
        whole = urljoin(self.url, address)
        found = self.fetch(whole) if self.fetch is not None and urlsplit(whole).netloc else None
        if found is None:
            return None
        return _address(steps, _SIZE_AT_END.sub("", steps[-1]), parts.hostname or host, host), found

    def _choose(self, name: str, steps: list[str]) -> Path | None:
        """Choose the file of a name whose folders agree best with the address."""
        wanted = [fold(step) for step in steps[:-1] if not _SIZED.match(step)][::-1]

        def agreement(item: tuple[Path, str]) -> int:
            folders = item[1].split("/")[:-1][::-1]
            return next(
                (n for n, (a, b) in enumerate(zip(folders, wanted, strict=False)) if a != b),
                min(len(folders), len(wanted)),
            )

        found = self.names.get(fold(name), [])
        best = max(found, key=agreement, default=None)
        return best[0] / best[1] if best is not None and len(found) == 1 else self._agreed(found, best, agreement)

    @staticmethod
    def _agreed(
        found: list[tuple[Path, str]], best: tuple[Path, str] | None, agreement: Callable[[tuple[Path, str]], int]
    ) -> Path | None:
        """Return the best of several files if only one is the best."""
        if best is None or sum(agreement(each) == agreement(best) for each in found) > 1:
            return None
        return best[0] / best[1]


def _names(name: str) -> Iterator[str]:
    """Yield the names that a file may have in the library: the original's first."""
    plain = _SIZE_AT_END.sub("", name)
    original = _SCALED.sub("", plain)
    stem, dot, suffix = original.rpartition(".")
    yield from dict.fromkeys((original, f"{stem}-scaled{dot}{suffix}", plain, name))


def _address(steps: list[str], name: str, host: str, old_host: str) -> str:
    """Keep the address of a file of the old site; a file of another host goes below `media`."""
    folders = [step for step in steps[:-1] if not _SIZED.match(step)]
    if host.removeprefix("www.") == old_host:
        return "/".join([*folders, name])
    return "/".join(["media", *folders[-2:], name])


@contextmanager
def open_media(root: Path, options: ImportOptions, log: ImportLog) -> Iterator[Media]:
    """List the files of the library; zip files are unpacked to a temporary folder. Raises: OSError."""
    with ExitStack() as stack:
        media = Media()
        for place in options.media:
            folder = place if place.is_dir() else stack.enter_context(unpack(place, log))
            _list(folder.resolve(), media.names)
        if options.download and not options.dry_run:
            from generator.importers.download import Downloads

            media.fetch = stack.enter_context(Downloads(root, log)).fetch
        yield media


def _list(folder: Path, names: dict[str, list[tuple[Path, str]]]) -> None:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not ignored(name))
        for name in sorted(files):
            file = Path(place, name)
            if _FILE.search(name) and not ignored(name) and not file.is_symlink():
                names.setdefault(fold(name), []).append((folder, file.relative_to(folder).as_posix()))
