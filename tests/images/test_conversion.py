"""HEIC, TIFF and bitmaps become JPEG, or PNG where parts are transparent."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from generator.errors import ContentError, Level
from generator.images.cleaner import clean_picture

Draw = Callable[..., Image.Image]
Save = Callable[..., bytes]
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def heic(image: Image.Image, **options: Any) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    result = BytesIO()
    pillow_heif.from_pillow(image).save(result, quality=-1, chroma=444, **options)
    return result.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def distance(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "I;16"])
def test_a_tiff_of_any_colours_becomes_a_jpeg(draw: Draw, save: Save, mode: str) -> None:
    if mode == "LAB":
        lab = ImageCms.profileToProfile(
            draw(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert lab is not None
        picture = lab
    elif mode == "I;16":
        picture = draw("L").convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = draw(mode)
    cleaned = clean_picture("scan.tif", save(picture, "TIFF"))
    assert (cleaned.kind, cleaned.width, cleaned.height) == ("jpeg", 96, 64)
    expected = draw("L") if mode == "I;16" else draw() if mode == "LAB" else picture
    assert distance(opened(cleaned.data), expected) < (16 if mode == "LAB" else 3)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
def test_a_tiff_of_any_compression_is_read(draw: Draw, save: Save, compression: str) -> None:
    data = save(draw(), "TIFF", compression=compression, description="secret place")
    cleaned = clean_picture("scan.tiff", data)
    assert b"secret" not in cleaned.data
    assert opened(cleaned.data).format == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_upright(draw: Draw, save: Save, orientation: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    plain = draw()
    plain.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(plain)
    cleaned = clean_picture("scan.tif", save(draw(), "TIFF", exif=exif))
    assert (cleaned.width, cleaned.height) == expected.size
    assert distance(opened(cleaned.data), expected) < 3


def test_a_heic_is_turned_once(draw: Draw) -> None:
    """Phones write the rotation twice, in the format itself and in EXIF."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    stored = draw().transpose(Image.Transpose.ROTATE_90)
    cleaned = clean_picture("a.heic", heic(stored, exif=exif.tobytes()))
    assert (cleaned.width, cleaned.height) == (96, 64)
    assert distance(opened(cleaned.data), draw()) < 3
    assert b"secret" not in cleaned.data


@pytest.mark.parametrize("form", ["TIFF", "HEIC", "BMP"])
def test_the_profile_goes_with_the_picture(draw: Draw, save: Save, form: str) -> None:
    data = heic(draw(), icc_profile=PROFILE) if form == "HEIC" else save(draw(), form, icc_profile=PROFILE)
    cleaned = clean_picture(f"a.{form.lower()}", data)
    assert opened(cleaned.data).info.get("icc_profile") == (None if form == "BMP" else PROFILE)


@pytest.mark.parametrize("form", ["TIFF", "HEIC"])
def test_transparent_ones_become_png_and_opaque_ones_jpeg(draw: Draw, save: Save, form: str) -> None:
    def made(image: Image.Image) -> bytes:
        return heic(image) if form == "HEIC" else save(image, form)

    image = draw("RGBA")
    assert clean_picture(f"a.{form.lower()}", made(image)).kind == "jpeg"
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    cleaned = clean_picture(f"a.{form.lower()}", made(image))
    assert cleaned.kind == "png"
    assert opened(cleaned.data).mode == "RGBA"


def test_a_bitmap_becomes_a_jpeg(draw: Draw, save: Save) -> None:
    cleaned = clean_picture("paint.bmp", save(draw(), "BMP"))
    assert (cleaned.kind, cleaned.width, cleaned.height) == ("jpeg", 96, 64)
    assert distance(opened(cleaned.data), draw()) < 2


def test_of_several_pages_the_first_is_shown(draw: Draw, save: Save) -> None:
    data = save(draw(), "TIFF", save_all=True, append_images=[draw().rotate(180)])
    assert distance(opened(clean_picture("a.tif", data).data), draw()) < 2


@pytest.mark.parametrize("form", ["TIFF", "HEIC", "BMP"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6])
def test_one_that_breaks_off_is_refused_by_name(draw: Draw, save: Save, form: str, part: float) -> None:
    data = heic(draw()) if form == "HEIC" else save(draw(), form)
    with pytest.raises(ContentError, match=r"picture-damaged"):
        clean_picture(f"a.{form.lower()}", data[: int(len(data) * part)])


def tiff_head(width: int, height: int) -> bytes:
    import struct

    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8)]
    entries += [(277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, width * height % 2**32)]
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(4)


@pytest.mark.parametrize("size", [(9_000, 9_000), (30_000, 30_000), (1_000_000, 1_000)])
@pytest.mark.parametrize("form", ["TIFF", "BMP"])
def test_bombs_are_refused_before_they_are_unpacked(save: Save, form: str, size: tuple[int, int]) -> None:
    if form == "TIFF":
        data = tiff_head(*size)
    else:
        small = save(Image.new("RGB", (4, 4)), "BMP")
        data = small[:18] + size[0].to_bytes(4, "little") + size[1].to_bytes(4, "little") + small[26:]
    with pytest.raises(ContentError, match=r"picture-size"):
        clean_picture(f"a.{form.lower()}", data)


def test_without_its_library_a_heic_is_refused_with_both_ways_out(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(draw())
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ContentError) as caught:
        clean_picture("a.heic", data)
    (problem,) = caught.value.problems
    assert problem.code == "picture-format"
    assert 'pip install "openletter[heic]"' in problem.hint
    assert "Settings > Camera > Formats > Most Compatible" in problem.hint


def test_the_same_photo_gives_the_same_bytes(draw: Draw) -> None:
    data = heic(draw())
    assert clean_picture("a.heic", data) == clean_picture("b.HEIF", data)


def test_a_scan_of_several_pages_says_that_only_the_first_is_shown(draw: Draw, save: Save) -> None:
    pages = clean_picture("a/scan.tif", save(draw(), "TIFF", save_all=True, append_images=[draw("L"), draw()]))
    (said,) = pages.problems
    assert (said.code, said.path, said.level) == ("picture-pages", "a/scan.tif", Level.NOTE)
    assert distance(opened(pages.data), draw()) < 3


@pytest.mark.parametrize("kept", [1.0, 0.99, 0.9])
def test_a_scan_whose_second_page_is_damaged_shows_its_first(draw: Draw, save: Save, kept: float) -> None:
    first, both = save(draw(), "TIFF"), save(draw(), "TIFF", save_all=True, append_images=[draw()])
    end = len(first) + int((len(both) - len(first)) * kept)
    assert distance(opened(clean_picture("scan.tif", both[:end]).data), draw()) < 3


def test_one_page_and_a_small_copy_of_it_are_no_pages(draw: Draw, save: Save) -> None:
    copy = draw().resize((24, 16))
    copy.encoderinfo = {"tiffinfo": {254: 1}}
    with_copy = save(draw(), "TIFF", save_all=True, append_images=[copy])
    with_page = save(draw(), "TIFF", save_all=True, append_images=[copy, draw()])
    moving = save(draw(), "GIF", save_all=True, append_images=[draw("L")])
    assert getattr(opened(with_copy), "n_frames", 1) == 2
    assert clean_picture("scan.tif", with_copy).problems == ()
    assert [each.code for each in clean_picture("scan.tif", with_page).problems] == ["picture-pages"]
    assert clean_picture("a.gif", moving).problems == clean_picture("a.tif", save(draw(), "TIFF")).problems == ()
