"""The renditions of pictures on this machine: drawn once, and kept by content and recipe.

A file's name here is made of the source's digest, the sizes, the format, the quality and Pillow's version. So a theme's
edit, a moved folder or another branch draws nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from generator.content.changed_file import refuse_changed
from generator.digest import digest_bytes
from generator.engine.drawn_files import draw_all, is_drawn, keep_drawn
from generator.errors import ContentError, OutputError, error
from generator.progress import Progress
from generator.site.index_model import PictureSize
from generator.site.renditions import RECIPE, Rendition

_POOL_FROM_PIXELS = 4_000_000  # of all pictures: below, starting processes costs more than it saves


class PictureJob(Struct, frozen=True):
    """A picture to be drawn: its path, file, digest and kind, and its renditions, each with the file to put it in."""

    path: str
    file: str
    digest: str
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
        if not is_drawn(file):
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
        draw_all(try_job, jobs, limit, progress, alone=pixels < _POOL_FROM_PIXELS)
        return sum(len(job.wanted) for job in jobs)

    def files(self, used: Iterable[tuple[str, Rendition]]) -> list[Path]:
        """List the files of renditions, each given with its picture's path."""
        return [self._file(path, one) for path, one in used]

    def _missing(self, path: str, renditions: Sequence[Rendition]) -> list[Rendition]:
        return [one for one in renditions if not is_drawn(self._file(path, one))]

    def _file(self, path: str, one: Rendition) -> Path:
        import PIL

        sizes = (*one.wider, (one.width, one.height))
        what = (PIL.__version__, RECIPE, self._pictures[path].digest, sizes, one.form, one.quality)
        return self._folder / f"{digest_bytes(repr(what).encode())}.{one.form}"

    def _job(self, path: str, renditions: Sequence[Rendition]) -> PictureJob:
        wanted = tuple((one, str(self._file(path, one))) for one in renditions)
        picture = self._pictures[path]
        return PictureJob(path, str(self._source(path)), picture.digest, picture.kind, wanted)


def try_job(job: PictureJob) -> bool:
    """Draw a picture's renditions; returns False for one that cannot be drawn."""
    try:
        draw_job(job)
    except (ContentError, OutputError, OSError):
        return False
    return True


def draw_job(job: PictureJob) -> None:
    """Draw a picture's renditions into their files.

    Raises: ContentError for a damaged picture, or one that has changed; OutputError.
    """
    from generator.images.picture import DamagedError
    from generator.images.renditions import Drawing, draw

    files: dict[Drawing, str] = {}
    for one, file in job.wanted:
        files[Drawing(one.width, one.height, one.form, one.quality, one.wider)] = file
    data = Path(job.file).read_bytes()
    refuse_changed(job.path, digest_bytes(data), job.digest)
    try:
        for drawing, drawn in draw(job.kind, data, tuple(files)):
            keep_drawn(files[drawing], drawn)
    except DamagedError as reason:
        hint = "Save it again, or copy it again from where it came from."
        message = f"This picture cannot be made smaller: {reason}."
        raise ContentError(error(job.path, "picture-damaged", message, hint)) from reason
    except OSError as reason:
        message = f"The renditions of {job.path} cannot be written: {reason.strerror or reason}."
        hint = "Free some space, or let this account write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason
