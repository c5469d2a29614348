"""Pictures drawn smaller: like the source, in its colours, of the same bytes each time, from any kind of file."""

from __future__ import annotations

from io import BytesIO
from statistics import fmean
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms

from generator.images.picture import DamagedError
from generator.images.renditions import Drawing, draw
from tests.images.conftest import Save

FORMS = ["jpeg", "png", "webp", "avif"]
BLOCK = 8


def scene(mode: str = "RGB", size: tuple[int, int] = (900, 600)) -> Image.Image:
    """Draw slopes of colour with a little grain, as photos have."""
    slopes = [Image.linear_gradient("L").rotate(turn).resize(size) for turn in (0, 90, 180)]
    grain = Image.effect_noise(size, 12)
    return Image.blend(Image.merge("RGB", slopes), Image.merge("RGB", (grain, grain, grain)), 0.1).convert(mode)


def drawn(kind: str, data: bytes, form: str, size: tuple[int, int] = (300, 200), quality: int = 80) -> Image.Image:
    ((_, result),) = draw(kind, data, [Drawing(*size, form, quality)])
    picture = Image.open(BytesIO(result))
    picture.load()
    return picture


def similarity(one: Image.Image, other: Image.Image) -> float:
    """Measure the structural similarity of two pictures in grey, block by block (Wang et al. 2004)."""
    assert one.size == other.size
    values = []
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    for left in range(0, one.width - BLOCK + 1, BLOCK):
        for top in range(0, one.height - BLOCK + 1, BLOCK):
            box = left, top, left + BLOCK, top + BLOCK
            x, y = (list(each.convert("L").crop(box).tobytes()) for each in (one, other))
            mx, my = fmean(x), fmean(y)
            xx, yy = fmean(v * v for v in x) - mx * mx, fmean(v * v for v in y) - my * my
            xy = fmean(a * b for a, b in zip(x, y, strict=True)) - mx * my
            values.append((2 * mx * my + c1) * (2 * xy + c2) / ((mx * mx + my * my + c1) * (xx + yy + c2)))
    return fmean(values)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "gif", "bmp"])
def test_a_rendition_is_like_the_source_at_its_size(kind: str, form: str, save: Save) -> None:
    source = save(scene(), kind.upper(), **({"quality": 95} if kind in ("jpeg", "webp", "avif") else {}))
    with Image.open(BytesIO(source)) as opened:
        wanted = opened.convert("RGB").resize((300, 200), Image.Resampling.LANCZOS)
    assert similarity(wanted, drawn(kind, source, form)) >= 0.97


def test_the_measure_tells_a_blurred_picture() -> None:
    sharp = Image.effect_noise((300, 200), 60)
    blurred = sharp.resize((60, 40)).resize((300, 200))
    assert similarity(sharp, sharp) == pytest.approx(1)
    assert similarity(sharp, blurred) < 0.9


def test_all_sizes_of_a_picture_are_drawn_from_one_decoding_and_are_the_same_each_time(save: Save) -> None:
    source = save(scene(), "JPEG", quality=95)
    wanted = [Drawing(w, w * 2 // 3, form, 80) for w in (150, 600, 300) for form in FORMS]
    first, second = dict(draw("jpeg", source, wanted)), dict(draw("jpeg", source, list(reversed(wanted))))
    assert first == second
    assert set(first) == set(wanted)
    sizes = {one: Image.open(BytesIO(data)).size for one, data in first.items()}
    assert sizes == {one: (one.width, one.height) for one in wanted}


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_size_has_the_same_bytes_whatever_else_is_drawn(kind: str, save: Save) -> None:
    source = save(scene(), kind.upper())
    sizes = [(600, 400), (400, 267), (300, 200)]
    wanted = [Drawing(*size, form, 80, tuple(sizes[:place])) for place, size in enumerate(sizes) for form in FORMS]
    together = dict(draw(kind, source, wanted))
    for one in wanted:
        assert dict(draw(kind, source, [one])) == {one: together[one]}
    assert together[wanted[8]] != dict(draw(kind, source, [Drawing(300, 200, "jpeg", 80)])).popitem()[1]


@pytest.mark.parametrize("form", ["png", "webp", "avif"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_stays(mode: str, form: str, save: Save) -> None:
    picture = scene("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 450, 600))
    if mode == "P":
        picture = picture.quantize(64)
    shown = drawn("png", save(picture.convert(mode) if mode == "LA" else picture, "PNG"), form).convert("RGBA")
    assert shown.getpixel((40, 100))[3] == 0  # type: ignore[index]
    assert shown.getpixel((260, 100))[3] == 255  # type: ignore[index]


def test_what_is_transparent_is_white_in_a_jpeg(save: Save) -> None:
    shown = drawn("png", save(Image.new("RGBA", (900, 600), (200, 0, 0, 0)), "PNG"), "jpeg")
    assert shown.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("form", FORMS)
def test_a_colour_profile_stays(form: str, save: Save) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    shown = drawn("jpeg", save(scene(), "JPEG", icc_profile=profile), form)
    assert shown.info["icc_profile"] == profile


@pytest.mark.parametrize("form", FORMS)
def test_the_inks_of_a_printer_become_colours_of_a_screen(form: str, save: Save) -> None:
    shown = drawn("jpeg", save(Image.new("CMYK", (900, 600), (0, 255, 255, 0)), "JPEG", quality=95), form)
    red, green, blue = shown.convert("RGB").getpixel((100, 100))  # type: ignore[misc]
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


@pytest.mark.parametrize("form", FORMS)
def test_sixteen_bits_of_grey_are_not_cut_off(form: str, save: Save) -> None:
    shown = drawn("png", save(Image.new("I;16", (900, 600), 32768), "PNG"), form)
    assert shown.convert("L").getpixel((10, 10)) == pytest.approx(128, abs=2)


def test_of_a_moving_picture_the_first_frame_is_drawn(save: Save) -> None:
    frames = [Image.new("RGB", (900, 600), colour) for colour in ("red", "blue")]
    shown = drawn("gif", save(frames[0], "GIF", save_all=True, append_images=frames[1:]), "png").convert("RGB")
    assert not ImageChops.difference(shown, Image.new("RGB", (300, 200), "red")).getbbox()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_but_colours_goes_along(form: str, save: Save) -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret"
    options: dict[str, Any] = {"exif": exif, "comment": b"secret", "xmp": b"<x>secret</x>"}
    source = save(scene(), "JPEG", **options)
    assert b"secret" in source
    ((_, result),) = draw("jpeg", source, [Drawing(300, 200, form, 80)])
    assert b"secret" not in result


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_picture_is_told(kind: str, damage: str, save: Save) -> None:
    source = save(scene(), kind.upper())
    data = {"cut": source[: len(source) // 8], "empty": b"", "other": b"GIF87a" + source[6:40]}[damage]
    with pytest.raises(DamagedError):
        list(draw(kind, data, [Drawing(300, 200, "png", 80)]))
