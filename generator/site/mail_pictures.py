"""Pictures for mail programs: JPEG or PNG, no wider than a high-resolution screen needs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct

from generator.site.index_model import PictureSize

Form = Literal["jpeg", "png"]

MAX_WIDTH = 1200
"""Pixels: twice the width of a mail."""
MAX_HEIGHT = 2400
_FORMS: dict[str, Form] = {"jpeg": "jpeg", "png": "png", "gif": "png", "webp": "jpeg", "avif": "jpeg"}
_SUFFIXES: dict[Form, str] = {"jpeg": ".jpg", "png": ".png"}
_NAMES: dict[Form, tuple[str, ...]] = {"jpeg": (".jpg", ".jpeg"), "png": (".png",)}


class MailPicture(Struct, frozen=True):
    """How a mail shows a picture: its form and size.

    `suffix` is added to the picture's file name; "" means the picture itself.
    """

    form: Form
    width: int
    height: int
    suffix: str


def mail_picture(path: str, size: PictureSize) -> MailPicture | None:
    """Decide how a mail shows the picture at `path`; None for a drawing, which mail programs cannot show."""
    form = _FORMS.get(size.kind)
    if form is None or not size.width or not size.height:
        return None
    shrink = min(1.0, MAX_WIDTH / size.width, MAX_HEIGHT / size.height)
    fits = shrink == 1 and size.kind == form and PurePosixPath(path).suffix.lower() in _NAMES[form]
    width, height = max(1, round(size.width * shrink)), max(1, round(size.height * shrink))
    return MailPicture(form, width, height, "" if fits else f".mail{_SUFFIXES[form]}")
