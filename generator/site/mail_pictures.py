"""Pictures for mail programs: JPEG or PNG, no wider than a high-resolution screen needs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct

from generator.site.index_model import PictureSize

Form = Literal["jpeg", "png", "gif"]

MAX_WIDTH = 1200
"""Pixels: twice the width of a mail."""
MAX_HEIGHT = 2400
_FORMS: dict[str, Form] = {"jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "jpeg", "avif": "jpeg"}
_SUFFIXES: dict[Form, str] = {"jpeg": ".jpg", "png": ".png"}
_NAMES: dict[Form, tuple[str, ...]] = {"jpeg": (".jpg", ".jpeg"), "png": (".png",)}
THUMBNAIL = (720, 480)
"""The largest size of a thumbnail in pixels; mails show it at a quarter, or on a phone as wide as the screen."""
CENTRE = (50, 50)
MIN_CROPPED = 120
"""Smaller pictures, such as icons, are shown whole."""


class MailPicture(Struct, frozen=True):
    """How a mail shows a picture: its form and size.

    `suffix` is added to the picture's file name; "" means the picture itself. Thumbnails are cropped around `focus`.
    """

    form: Form
    width: int
    height: int
    suffix: str
    focus: tuple[int, int] | None = None


def mail_picture(path: str, size: PictureSize) -> MailPicture | None:
    """Decide how a mail shows the picture at `path`; None for a drawing, which mail programs cannot show.

    A GIF is shown as it is, so that it moves.
    """
    form = _FORMS.get(size.kind)
    if form is None or not size.width or not size.height:
        return None
    if form == "gif":
        return MailPicture(form, size.width, size.height, "")
    shrink = min(1.0, MAX_WIDTH / size.width, MAX_HEIGHT / size.height)
    fits = shrink == 1 and size.kind == form and PurePosixPath(path).suffix.lower() in _NAMES[form]
    width, height = max(1, round(size.width * shrink)), max(1, round(size.height * shrink))
    return MailPicture(form, width, height, "" if fits else f".mail{_SUFFIXES[form]}")


def thumbnail(size: PictureSize, focus: tuple[int, int]) -> MailPicture | None:
    """Decide how a mail shows a picture beside a story: cropped to 3:2; None if it is shown whole.

    `focus` is the place that must stay, in per cent from the left and from the top.
    """
    form = _FORMS.get(size.kind)
    if form in (None, "gif") or size.width < MIN_CROPPED or size.height < MIN_CROPPED:
        return None
    scale = min(1.0, max(THUMBNAIL[0] / size.width, THUMBNAIL[1] / size.height))
    wide, high = size.width * scale, size.height * scale
    width, height = min(wide, high * 3 / 2), min(high, wide * 2 / 3)
    place = "" if focus == CENTRE else f"-{focus[0]}-{focus[1]}"
    assert form is not None, "pictures have one"
    return MailPicture(form, round(width), round(height), f".thumb{place}{_SUFFIXES[form]}", focus)
