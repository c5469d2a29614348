from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat, PngImagePlugin

from generator.errors import ContentError
from generator.images.cleaner import clean_picture
from generator.images.formats import is_picture, picture_kind

Draw = Callable[..., Image.Image]
Save = Callable[..., bytes]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>http://ns.adobe.com/xap/1.0/ secret place</rdf:li></x:xmpmeta>'
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TRACES = (b"Exif", b"EXIF", b"GPS", b"http://ns.adobe.com", b"secret", b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME")


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "GPS secret maker"
    data.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return data


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def pixels(data: bytes, mode: str = "RGBA") -> list[Any]:
    return list(opened(data).convert(mode).tobytes())


def assert_no_traces(data: bytes) -> None:
    assert [trace for trace in TRACES if trace in data] == []
    picture = opened(data)
    assert dict(picture.getexif()) == {}
    assert not {"exif", "xmp", "comment", "photoshop", "mp", "Comment"} & set(picture.info)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Measure how far two pictures are apart: the mean over all pixels, of 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_metadata_go_and_every_pixel_stays(draw: Draw, save: Save, kind: str) -> None:
    plain = save(draw(), kind, icc_profile=PROFILE)
    data = save(draw(), kind, exif=exif(), xmp=XMP, icc_profile=PROFILE)
    assert any(trace in data for trace in TRACES)
    cleaned = clean_picture(f"a.{kind.lower()}", data)
    assert_no_traces(cleaned.data)
    assert pixels(cleaned.data) == pixels(plain)
    assert opened(cleaned.data).info["icc_profile"] == PROFILE
    assert (cleaned.width, cleaned.height, cleaned.problems) == (96, 64, ())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "ICO"])
def test_a_picture_with_nothing_to_remove_comes_back_byte_for_byte(draw: Draw, save: Save, kind: str) -> None:
    data = save(draw(), kind)
    cleaned = clean_picture(f"a.{kind.lower()}", data)
    assert cleaned.data == data
    assert clean_picture("a.x.jpg", cleaned.data) == cleaned


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_is_applied(draw: Draw, save: Save, kind: str, orientation: int) -> None:
    options: dict[str, Any] = {"quality": 90, "subsampling": 0} if kind == "JPEG" else {}
    options |= {"lossless": True} if kind == "WEBP" else {}
    data = save(draw(), kind, exif=exif(orientation), **options)
    shown = ImageOps.exif_transpose(opened(data))
    cleaned = clean_picture(f"a.{kind.lower()}", data)
    assert_no_traces(cleaned.data)
    assert (cleaned.width, cleaned.height) == shown.size == opened(cleaned.data).size
    assert distance(opened(cleaned.data), shown) <= (1 if kind == "JPEG" else 0)


def test_a_turned_jpeg_keeps_its_tables_and_subsampling(draw: Draw, save: Save) -> None:
    from PIL import JpegImagePlugin

    data = save(draw(), "JPEG", quality=83, subsampling="4:2:0", exif=exif(3), icc_profile=PROFILE)
    before, after = opened(data), opened(clean_picture("a.jpg", data).data)
    assert isinstance(before, JpegImagePlugin.JpegImageFile)
    assert isinstance(after, JpegImagePlugin.JpegImageFile)
    assert after.quantization == before.quantization
    assert JpegImagePlugin.get_sampling(after) == JpegImagePlugin.get_sampling(before) == 2
    assert after.info["icc_profile"] == PROFILE


def test_a_jpeg_turned_sideways_has_its_tables_turned(draw: Draw, save: Save) -> None:
    table = [8 + (index % 8) * 2 + index // 8 for index in range(64)]
    data = save(draw(), "JPEG", qtables=[table, table], exif=exif(6))
    after: Any = opened(clean_picture("a.jpg", data).data)
    assert list(after.quantization[0]) == [table[column * 8 + row] for row in range(8) for column in range(8)]


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_print_jpegs_are_turned_in_their_own_colours(draw: Draw, save: Save, mode: str) -> None:
    data = save(draw(mode), "JPEG", quality=90, exif=exif(6))
    cleaned = clean_picture("a.jpg", data)
    assert opened(cleaned.data).mode == mode
    assert distance(opened(cleaned.data), ImageOps.exif_transpose(opened(data))) <= 1


def test_progressive_jpegs_keep_all_their_scans(draw: Draw, save: Save) -> None:
    data = save(draw(), "JPEG", progressive=True, comment=b"secret", exif=exif())
    cleaned = clean_picture("a.jpg", data).data
    assert cleaned == save(draw(), "JPEG", progressive=True)


def test_iptc_thumbnails_and_what_follows_the_picture_go(draw: Draw, save: Save) -> None:
    plain = save(draw(), "JPEG")
    iptc = b"\xff\xed\x00\x1cPhotoshop 3.0\x00secret city"
    jfif = b"\xff\xe0\x00\x13JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01sec"
    data = plain[:2] + jfif + iptc[:2] + len(iptc[2:]).to_bytes(2, "big") + iptc[4:] + plain[20:] + b"secret film"
    cleaned = clean_picture("a.jpg", data).data
    assert b"sec" not in cleaned
    assert cleaned == plain


def test_a_phones_several_pictures_become_the_first(draw: Draw, save: Save) -> None:
    data = save(draw(), "MPO", save_all=True, append_images=[draw(size=(32, 32))])
    assert b"MPF" in data
    cleaned = clean_picture("a.jpg", data).data
    assert b"MPF" not in cleaned
    assert opened(cleaned).format == "JPEG"
    assert pixels(cleaned) == pixels(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_a_png_keeps_its_colours_whatever_they_are(draw: Draw, save: Save, mode: str, orientation: int) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "secret", zip=True)
    texts.add_itxt("Comment", "secret")
    picture = draw("L").convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else draw(mode)
    data = save(picture, "PNG", pnginfo=texts, exif=exif(orientation))
    cleaned = clean_picture("a.png", data)
    assert_no_traces(cleaned.data)
    after = opened(cleaned.data)
    assert after.mode == opened(data).mode
    assert after.tobytes() == (picture if orientation == 1 else picture.transpose(Image.Transpose.ROTATE_90)).tobytes()


def test_transparency_of_a_palette_stays(draw: Draw, save: Save) -> None:
    data = save(draw("P"), "PNG", transparency=3, exif=exif(6))
    assert opened(clean_picture("a.png", data).data).info["transparency"] == 3


def frames(draw: Draw) -> list[Image.Image]:
    return [draw(), draw().rotate(90), draw().rotate(180)]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_moving_pictures_keep_frames_times_and_loops(draw: Draw, save: Save, kind: str) -> None:
    first, *others = frames(draw)
    options: dict[str, Any] = {"save_all": True, "append_images": others, "duration": [50, 100, 150], "loop": 2}
    plain = save(first, kind, **options)
    extra: dict[str, Any] = {"comment": b"secret"} if kind == "GIF" else {"exif": exif()}
    data = save(first, kind, **options, **extra)
    cleaned = clean_picture(f"a.{kind.lower()}", data).data
    assert_no_traces(cleaned)
    assert cleaned == clean_picture("a", plain).data
    after = opened(cleaned)
    assert getattr(after, "n_frames", 1) == 3
    assert after.info["loop"] == 2


def test_a_moving_picture_on_its_side_is_refused(draw: Draw, save: Save) -> None:
    data = save(draw(), "WEBP", save_all=True, append_images=[draw().rotate(90)], exif=exif(6))
    with pytest.raises(ContentError, match="picture-turned"):
        clean_picture("a.webp", data)


def test_pictures_inside_an_icon_are_cleaned(draw: Draw, save: Save) -> None:
    inner = save(draw(size=(32, 32)), "PNG", exif=exif())
    head = b"\0\0\1\0\1\0" + bytes([32, 32, 0, 0, 1, 0, 32, 0])
    data = head + len(inner).to_bytes(4, "little") + (22).to_bytes(4, "little") + inner
    cleaned = clean_picture("favicon.ico", data)
    assert b"eXIf" not in cleaned.data
    assert opened(cleaned.data).size == (32, 32) == (cleaned.width, cleaned.height)


def test_the_same_picture_gives_the_same_bytes(draw: Draw, save: Save) -> None:
    data = save(draw(), "JPEG", exif=exif(6))
    assert clean_picture("a.jpg", data) == clean_picture("b.jpg", data)


@pytest.mark.parametrize("kind", ["jpeg", "png", "avif"])
def test_a_picture_is_known_by_its_content_not_by_its_name(draw: Draw, save: Save, kind: str) -> None:
    data = save(draw(), kind.upper())
    cleaned = clean_picture("wrongly-named.gif", data)
    assert (cleaned.width, cleaned.height) == (96, 64)
    assert picture_kind("wrongly-named.gif", data) == kind


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.JPG", True), ("a/b.webp", True), ("a.heic", True), ("a.svg", True), ("a.pdf", False), ("a.md", False)],
)
def test_pictures_are_known_by_their_names(path: str, expected: bool) -> None:
    assert is_picture(path) is expected


def test_sample_photos_lose_all_they_tell(samples: Path) -> None:
    photos = sorted((samples / "images").glob("*.jpg"))
    assert len(photos) >= 5
    for photo in photos:
        data = photo.read_bytes()
        cleaned = clean_picture(photo.name, data)
        assert_no_traces(cleaned.data)
        assert opened(cleaned.data).size == ImageOps.exif_transpose(opened(data)).size
