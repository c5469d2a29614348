"""Bring any colours into a form that JPEG, PNG and WebP can hold."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from generator.images.pixels import has_alpha

if TYPE_CHECKING:
    from PIL import Image


def in_colour(picture: Image.Image) -> tuple[Image.Image, bytes]:
    """Give the pixels as RGB, RGBA or grey, and the profile that tells which colours they mean (b"" is sRGB)."""
    profile = picture.info.get("icc_profile") or b""
    if has_alpha(picture):
        return picture.convert("RGBA"), profile if picture.mode in ("RGBA", "P", "PA") else b""
    if picture.mode in ("L", "1"):
        return picture.convert("L"), profile if picture.mode == "L" else b""
    if picture.mode in ("RGB", "P"):
        return picture.convert("RGB"), profile
    if picture.mode.startswith("I"):  # 16 bits of grey: `convert` would cut them off at 255
        return picture.convert("I").point(lambda value: value / 257).convert("L"), b""
    return _to_srgb(picture, profile), b""


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert other colours (CMYK of printers, Lab) by their profile, or as well as can be without one."""
    from PIL import ImageCms

    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that is damaged, or of other colours than the picture's
    return picture.convert("RGB")
