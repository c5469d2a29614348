"""Ten files straight from phones in one folder: shown right, described, and silent about where they were made."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.factories import Site, post, write_site
from tests.media import planted

pillow_heif = pytest.importorskip("pillow_heif")

PLACE, PHONE = b"Xq7MarkerZ", b"iPhone 15 Pro"
HOME = (48.0, 8.0, 7.0)
BUNDLE = "posts/2026-01-02-trip"
PAGE = "2026/01/trip/index.html"
TEXT = """\
![The tower, upright](portrait.JPG)

![The bay from left to right](pano.jpg "The bay")

![A dog on the stairs](IMG_0042.HEIC)

![The ticket machine, frozen](Screenshot.png) ![Our new logo](logo.png) ![A wave](wave.gif)

![The letter of 1962](scan.tif)

![The first train](film.mp4)

[What the mayor said](voice.m4a)

![A plan of the hall](plan.svg)
"""


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x010F], data[0x0110], data[0x010E] = "Apple", PHONE.decode(), PLACE.decode()
    data[0x0112] = orientation
    data.get_ifd(0x8825).update({1: "N", 2: HOME, 3: "E", 4: (11.0, 34.0, 5.0), 29: PLACE.decode()})
    return data


def scene(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Draw a picture whose top left is red and whose bottom right is blue."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 2, height // 2), fill="red")
    pen.rectangle((width // 2, height // 2, width, height), fill="blue")
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    result = io.BytesIO()
    image.save(result, form, **options)
    return result.getvalue()


def heic(image: Image.Image) -> bytes:
    result = io.BytesIO()
    pillow_heif.from_pillow(image).save(result, quality=90, exif=exif().tobytes())
    return result.getvalue()


def logo() -> Image.Image:
    image = Image.new("RGBA", (600, 300), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 200, 200), fill="green")
    return image


def ten() -> dict[str, bytes]:
    frames = [scene(300, 200), scene(300, 200).rotate(180)]
    return {
        "portrait.JPG": saved(scene(600, 800).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif(6)),
        "pano.jpg": saved(scene(4000, 500), "JPEG", exif=exif()),
        "IMG_0042.HEIC": heic(scene(900, 600)),
        "Screenshot.png": saved(scene(390, 844), "PNG", exif=exif()),
        "logo.png": saved(logo(), "PNG", exif=exif()),
        "wave.gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=PLACE),
        "scan.tif": saved(scene(800, 1100, "CMYK"), "TIFF", description=PLACE.decode(), compression="tiff_lzw"),
        "film.mp4": planted.film(),
        "voice.m4a": planted.film(b"M4A "),
        "plan.svg": planted.drawing(),
    }


@pytest.fixture(scope="module", params=["markdown", "commonmark"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    toml = f'title = "Letters"\nurl = "https://letters.example/"\n[markup]\nengine = "{request.param}"\n'
    files: dict[str, str | bytes] = {f"{BUNDLE}/{name}": data for name, data in ten().items()}
    root = write_site(
        tmp_path_factory.mktemp("ten") / "site", {"site.toml": toml, f"{BUNDLE}/index.md": post("Trip", TEXT), **files}
    )
    site = Site(root)
    site.build()
    return site


def test_each_is_shown_with_its_words(made: Site) -> None:
    assert [str(each) for each in made.report.problems] == []
    html = made.html(PAGE)
    alts = html.xpath('//div[@class="prose"]//img/@alt')
    assert alts == [
        "The tower, upright",
        "The bay from left to right",
        "A dog on the stairs",
        "The ticket machine, frozen",
        "Our new logo",
        "A wave",
        "The letter of 1962",
        "A plan of the hall",
    ]
    played = html.xpath('//figure[@class="player"]')
    assert [each.xpath(".//@href | .//@src")[0] for each in played] == [
        "/2026/01/trip/film.mp4",
        "/2026/01/trip/voice.m4a",
    ]
    assert ["The first train" in played[0].text_content(), "What the mayor said" in played[1].text_content()] == [
        True
    ] * 2


def test_none_of_them_says_where_it_was_made(made: Site) -> None:
    written = {file: file.read_bytes() for file in made.output.rglob("*") if file.is_file()}
    position = saved(scene(8, 8), "JPEG", exif=exif())
    for sign in (PLACE, PHONE, b"Exif\0", b"GPS", b"+48.1234", exif().tobytes()[-24:]):
        assert [file.name for file, data in written.items() if sign in data] == [], sign
    assert PLACE in position, "the sign is in what a phone writes"


def shown(made: Site, name: str) -> Image.Image:
    (file,) = (file for file in (made.output / "2026/01/trip").iterdir() if re.fullmatch(name, file.name))
    return Image.open(file)


def colours(image: Image.Image) -> list[str]:
    """Name the colours of the top left and of the bottom right."""
    rgb = image.convert("RGB")
    corners = [rgb.getpixel((5, 5)), rgb.getpixel((image.width - 6, image.height - 6))]
    return ["red" if one[0] > one[2] else "blue" for one in corners]  # type: ignore[index]


@pytest.mark.parametrize("form", ["jpg", "webp"])
@pytest.mark.parametrize("name", ["portrait", "pano", "IMG_0042", "scan"])
def test_photos_are_upright_in_two_formats(made: Site, name: str, form: str) -> None:
    with shown(made, rf"{name}\.320\.\w+\.{form}") as image:
        wide = {"portrait": 0.75, "pano": 8, "IMG_0042": 1.5, "scan": 0.727}[name]
        assert image.width / image.height == pytest.approx(wide, rel=0.02)
        assert colours(image) == ["red", "blue"]
        assert dict(image.getexif()) == {}


def test_what_browsers_do_not_show_is_never_published(made: Site) -> None:
    names = {file.name for file in (made.output / "2026/01/trip").iterdir()}
    assert not {name for name in names if name.lower().endswith((".heic", ".tif"))}
    assert {"IMG_0042.HEIC.jpg", "scan.tif.jpg"} <= names
    assert 'src="/2026/01/trip/IMG_0042.HEIC.jpg"' in made.prose(PAGE)


def test_transparency_movement_and_sizes_stay(made: Site) -> None:
    with shown(made, r"logo\.320\.\w+\.png") as image:
        assert image.mode == "RGBA"
        assert image.getpixel((315, 5)) == (0, 0, 0, 0)
    with shown(made, r"wave\.gif") as image:
        assert getattr(image, "n_frames", 1) == 2
    assert made.html(PAGE).xpath('//img[@alt="A plan of the hall"]/@width') == ["10"]


def test_a_second_build_draws_nothing_and_incremental_equals_clean(made: Site) -> None:
    drawn = {file.name: file.stat().st_mtime_ns for file in (made.root / ".openletter/renditions").iterdir()}
    assert made.build().rendered == {}
    assert {file.name: file.stat().st_mtime_ns for file in (made.root / ".openletter/renditions").iterdir()} == drawn
    assert made.verify() == ()
