"""The renditions of pictures on this machine: drawn once, and kept by content and recipe.

A file's name here is made of the source's digest, the size, the format, the quality and Pillow's version. So a theme's
edit, a moved folder or another branch draws nothing twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from generator.digest import digest_bytes
from generator.engine.processes.pool import Pool
from generator.engine.processes.worker import Limits
from generator.errors import ContentError, OutputError, error
from generator.progress import Progress
from generator.site.index_model import PictureSize
from generator.site.renditions import RECIPE, Rendition
from generator.store.atomic import is_part, replace_file

FOLDER = "renditions"
LIMITS = Limits(deadline_s=120, memory_bytes=0)
_POOL_FROM_PIXELS = 4_000_000  # of all pictures: below, starting processes costs more than it saves


class PictureJob(Struct, frozen=True):
    """A picture to be drawn: its path, file and kind, and its renditions, each with the file to put it in."""

    path: str
    file: str
    kind: str
    wanted: tuple[tuple[Rendition, str], ...]


class Renditions:
    """The folder of drawn pictures. `source` gives the file whose bytes are published for a path."""

    def __init__(self, folder: Path, source: Callable[[str], Path], pictures: Mapping[str, PictureSize]) -> None:
        self._folder = folder
        self._source = source
        self._pictures = pictures

    def __call__(self, path: str, one: Rendition) -> Path:
        """Return the file of a rendition, which is drawn now if it is not there. Raises: ContentError; OutputError."""
        file = self._file(path, one)
        if not file.is_file():
            draw_job(self._job(path, [one]))
        return file

    def draw_missing(self, wanted: Mapping[str, Sequence[Rendition]], limit: int | None, progress: Progress) -> int:
        """Draw all that is not there yet, in up to `limit` processes: path → renditions. Returns how many were drawn.

        A picture on which a process fails is left to whoever asks for it. Raises: OutputError.
        """
        jobs = [self._job(path, missing) for path, all_of in wanted.items() if (missing := self._missing(path, all_of))]
        if not jobs:
            return 0
        pixels = sum(self._pictures[job.path].width * self._pictures[job.path].height for job in jobs)
        workers = min(limit or os.cpu_count() or 1, len(jobs))
        if workers == 1 or pixels < _POOL_FROM_PIXELS:
            for done, job in enumerate(jobs, 1):
                try_job(job)
                progress("pictures", done, len(jobs))
        else:
            with Pool[PictureJob, bool]((try_job,), workers, LIMITS) as pool:
                for done, _ in enumerate(pool.map(jobs), 1):
                    progress("pictures", done, len(jobs))
        return sum(len(job.wanted) for job in jobs)

    def prune(self, used: Iterable[tuple[str, Rendition]], most_bytes: int) -> None:
        """Delete renditions that the site does not show, the oldest first, until the rest is within a bound."""
        try:
            found = [(entry.stat(), entry) for entry in os.scandir(self._folder) if not is_part(entry.name)]
        except OSError:
            return
        left = sum(status.st_size for status, _ in found) - most_bytes
        if left <= 0:
            return
        kept = {self._file(path, one).name for path, one in used}
        for status, entry in sorted(found, key=lambda each: each[0].st_mtime_ns):
            if left <= 0:
                return
            if entry.name not in kept:
                Path(entry).unlink(missing_ok=True)
                left -= status.st_size

    def _missing(self, path: str, renditions: Sequence[Rendition]) -> list[Rendition]:
        return [one for one in renditions if not self._file(path, one).is_file()]

    def _file(self, path: str, one: Rendition) -> Path:
        import PIL

        what = (PIL.__version__, RECIPE, self._pictures[path].digest, one.width, one.height, one.form, one.quality)
        return self._folder / f"{digest_bytes(repr(what).encode())}.{one.form}"

    def _job(self, path: str, renditions: Sequence[Rendition]) -> PictureJob:
        wanted = tuple((one, str(self._file(path, one))) for one in renditions)
        return PictureJob(path, str(self._source(path)), self._pictures[path].kind, wanted)


def try_job(job: PictureJob) -> bool:
    """Draw a picture's renditions; returns False for one that cannot be drawn."""
    try:
        draw_job(job)
    except (ContentError, OutputError):
        return False
    return True


def draw_job(job: PictureJob) -> None:
    """Draw a picture's renditions into their files. Raises: ContentError for a damaged picture; OutputError."""
    from generator.images.picture import DamagedError
    from generator.images.renditions import Drawing, draw

    files: dict[Drawing, str] = {}
    for one, file in job.wanted:
        files[Drawing(one.width, one.height, one.form, one.quality)] = file
    try:
        data = Path(job.file).read_bytes()
        Path(job.wanted[0][1]).parent.mkdir(parents=True, exist_ok=True)
        for drawing, drawn in draw(job.kind, data, tuple(files)):
            replace_file(files[drawing], drawn)
    except DamagedError as reason:
        hint = "Save it again, or copy it again from where it came from."
        message = f"This picture cannot be made smaller: {reason}."
        raise ContentError(error(job.path, "picture-damaged", message, hint)) from reason
    except OSError as reason:
        message = f"The renditions of {job.path} cannot be written: {reason.strerror or reason}."
        hint = "Free some space, or let this account write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason
