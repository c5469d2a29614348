"""Pictures drawn again for mails: size, form, colours, transparency."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from generator.images.formats import picture_kind
from generator.images.picture import DamagedError
from generator.images.pixels import scale


def drawn(mode: str, colour: object, form: str, size: tuple[int, int] = (40, 20), **how: object) -> bytes:
    result = BytesIO()
    Image.new(mode, size, colour).save(result, form, **how)  # type: ignore[arg-type]
    return result.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


RED = (200, 10, 10)
SOURCES = {
    "jpeg": drawn("RGB", RED, "JPEG"),
    "png": drawn("RGB", RED, "PNG"),
    "gif": drawn("RGB", RED, "GIF"),
    "webp": drawn("RGB", RED, "WEBP", lossless=True),
    "avif": drawn("RGB", RED, "AVIF"),
    "bmp": drawn("RGB", RED, "BMP"),
}


@pytest.mark.parametrize("form", ["jpeg", "png"])
@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_becomes_jpeg_or_png_of_the_size_asked_for(kind: str, form: str) -> None:
    made = scale(kind, SOURCES[kind], 20, 10, form)
    assert picture_kind(f"a.{form}", made) == form
    picture = opened(made).convert("RGB")
    assert picture.size == (20, 10)
    pixel = picture.getpixel((10, 5))
    assert isinstance(pixel, tuple)
    assert all(abs(one - other) < 12 for one, other in zip(pixel, RED, strict=True))


def test_what_is_transparent_stays_so_in_png_and_is_white_in_jpeg() -> None:
    source = drawn("RGBA", (0, 0, 0, 0), "WEBP", lossless=True)
    assert opened(scale("webp", source, 20, 10, "png")).getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert opened(scale("webp", source, 20, 10, "jpeg")).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "colour"), [("L", 90), ("CMYK", (0, 200, 200, 10)), ("P", 3)])
def test_pictures_of_other_colour_modes_are_drawn_in_rgb(mode: str, colour: object) -> None:
    kind = "png" if mode == "P" else "jpeg"
    assert opened(scale(kind, drawn(mode, colour, kind.upper()), 20, 10, "jpeg")).mode == "RGB"


def test_a_colour_profile_stays_and_metadata_does_not() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = "secret"
    source = drawn("RGB", RED, "JPEG", icc_profile=profile, exif=exif, comment=b"secret")
    made = scale("jpeg", source, 20, 10, "jpeg")
    assert opened(made).info["icc_profile"] == profile
    assert b"secret" not in made


def test_the_profile_of_grey_or_printing_colours_is_dropped_with_them() -> None:
    source = drawn("L", 90, "JPEG", icc_profile=b"x" * 200)
    assert "icc_profile" not in opened(scale("jpeg", source, 20, 10, "jpeg")).info


def test_the_first_frame_of_a_moving_picture_is_shown() -> None:
    result = BytesIO()
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    frames[0].save(result, "GIF", save_all=True, append_images=frames[1:])
    made = opened(scale("gif", result.getvalue(), 40, 20, "png"))
    assert made.convert("RGB").getpixel((5, 5)) == (255, 0, 0)
    assert getattr(made, "n_frames", 1) == 1


def test_the_same_picture_makes_the_same_bytes() -> None:
    assert scale("webp", SOURCES["webp"], 30, 15, "jpeg") == scale("webp", SOURCES["webp"], 30, 15, "jpeg")


def test_broken_bytes_are_refused() -> None:
    with pytest.raises(DamagedError):
        scale("jpeg", SOURCES["jpeg"][:-40], 20, 10, "jpeg")
