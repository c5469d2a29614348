"""The pictures for mails on this machine: drawn once, and kept beside the renditions, by content and recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from generator.content.changed_file import refuse_changed
from generator.digest import digest, digest_bytes
from generator.engine.drawn_files import draw_all, is_drawn, keep_drawn
from generator.errors import ContentError, OutputError, error
from generator.progress import Progress
from generator.site.mail_pictures import MailPicture

_RECIPE = "mail 1"  # raise it when pictures for mails are drawn in another way
_FEW = 4  # pictures: up to that many, starting processes costs more than it saves


class MailPictureJob(Struct, frozen=True):
    """A picture to be drawn for mails: its path, file, digest and kind, its look in mails, the file to put it in."""

    path: str
    source: str
    digest: str
    kind: str
    shown: MailPicture
    file: str


class MailPictures:
    """The drawn pictures in a folder.

    `source` gives the file whose bytes are published for a path, `published` its kind and the digest of those bytes.
    """

    def __init__(
        self, folder: Path, source: Callable[[str], Path], published: Callable[[str], tuple[str, str]]
    ) -> None:
        self._folder = folder
        self._source = source
        self._published = published

    def __call__(self, path: str, shown: MailPicture) -> Path:
        """Return the file of a picture, which is drawn now if it is not there. Raises: ContentError; OutputError."""
        file = self.file(path, shown)
        if not is_drawn(file):
            draw_job(self._job(path, shown))
        return file

    def file(self, path: str, shown: MailPicture) -> Path:
        """Return where a picture is, or will be."""
        import PIL

        _, content = self._published(path)
        name = digest(PIL.__version__, _RECIPE, content, shown.width, shown.height, shown.form, shown.focus)
        return self._folder / f"{name}.{shown.form}"

    def draw_missing(self, wanted: Iterable[tuple[str, MailPicture]], limit: int | None, progress: Progress) -> int:
        """Draw all that is not there yet, in up to `limit` processes. Returns how many were drawn.

        A picture on which a process fails is left to whoever asks for it. Raises: OutputError.
        """
        jobs = [self._job(*each) for each in wanted if not is_drawn(self.file(*each))]
        if jobs:
            draw_all(try_job, jobs, limit, progress, alone=len(jobs) <= _FEW)
        return len(jobs)

    def _job(self, path: str, shown: MailPicture) -> MailPictureJob:
        kind, content = self._published(path)
        return MailPictureJob(path, str(self._source(path)), content, kind, shown, str(self.file(path, shown)))


def try_job(job: MailPictureJob) -> bool:
    """Draw a picture for mails; returns False for one that cannot be drawn."""
    try:
        draw_job(job)
    except (ContentError, OutputError, OSError):
        return False
    return True


def draw_job(job: MailPictureJob) -> None:
    """Draw a picture for mails into its file.

    Raises: ContentError for a damaged picture, or one that has changed; OutputError.
    """
    from generator.images import pixels
    from generator.images.picture import DamagedError

    shown, data = job.shown, Path(job.source).read_bytes()
    refuse_changed(job.path, digest_bytes(data), job.digest)
    size = shown.width, shown.height
    try:
        if shown.focus is None:
            drawn = pixels.scale(job.kind, data, *size, shown.form)
        else:
            drawn = pixels.crop(job.kind, data, *size, shown.focus, shown.form)
    except DamagedError as reason:
        hint = "Save it again, or copy it again from where it came from."
        message = f"This picture cannot be made smaller for mails: {reason}."
        raise ContentError(error(job.path, "picture-damaged", message, hint)) from reason
    keep_drawn(job.file, drawn)
