from __future__ import annotations

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.errors import ContentError
from generator.images.cleaner import clean_picture
from generator.images.picture import MAX_PIXELS

Draw = Callable[..., Image.Image]
Save = Callable[..., bytes]
KINDS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "ICO"]


def refusal(path: str, data: bytes) -> str:
    with pytest.raises(ContentError) as caught:
        clean_picture(path, data)
    (problem,) = caught.value.problems
    assert problem.path == path
    return problem.code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_picture_that_breaks_off_is_refused_by_name(draw: Draw, save: Save, kind: str, part: float) -> None:
    data = save(draw(), kind)
    assert refusal(f"content/posts/a.{kind.lower()}", data[: int(len(data) * part)]) == "picture-damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"MM\0*",
        b"<html></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-",
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal("a.jpg", data) == "picture-damaged"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("raw.nef", b"anything"),
        ("raw.dng", b"II*\0"),
        ("photo.jpg", b"II*\0\x10\0\0\0CR"),
        ("a.psd", b"8BPS"),
        ("a.jxl", b"\xff\x0a"),
    ],
)
def test_what_browsers_cannot_show_is_to_be_converted(path: str, data: bytes) -> None:
    with pytest.raises(ContentError, match="Convert it to JPEG"):
        clean_picture(path, data)


def png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal("bomb.png", png(20_000, 20_000, b"")) == "picture-size"
    with pytest.raises(ContentError, match="20,000 × 20,000"):
        clean_picture("bomb.png", png(20_000, 20_000, b""))


def test_data_that_unpack_to_far_more_than_the_picture_cost_no_memory() -> None:
    packed = zlib.compress(bytes(60_000_000), 9)
    tracemalloc.start()
    clean_picture("a.png", png(10, 10, packed))
    clean_picture("b.png", png(7_000, 7_000, packed))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
    assert MAX_PIXELS == 64_000_000


def test_a_png_with_a_wrong_checksum_is_refused(draw: Draw, save: Save) -> None:
    data = bytearray(save(draw(), "PNG"))
    data[-20] ^= 1
    assert refusal("a.png", bytes(data)) == "picture-damaged"


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_turns_nothing(draw: Draw, save: Save, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    cleaned = clean_picture("a.jpg", save(draw(), "JPEG", exif=exif))
    assert (cleaned.width, cleaned.height) == (96, 64)


@pytest.mark.parametrize("kind", KINDS)
@given(edits=st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=6)), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_broken_bytes_give_a_picture_or_a_problem_never_a_traceback(
    draw: Draw, save: Save, kind: str, edits: list[tuple[float, bytes]]
) -> None:
    data = bytearray(save(draw(size=(24, 16)), kind))
    for place, patch in edits:
        at = int(place * len(data))
        data[at : at + len(patch)] = patch
    with suppress(ContentError):
        clean_picture("a.jpg", bytes(data))


def test_hostile_samples_are_refused_or_cleaned(samples: Path) -> None:
    folder = samples / "hostile/images"
    assert refusal("truncated.jpg", (folder / "truncated.jpg").read_bytes()) == "picture-damaged"
    assert refusal("bomb.png", (folder / "bomb-20000x20000.png").read_bytes()) == "picture-size"
    gif = (folder / "animated.gif").read_bytes()
    assert clean_picture("animated.gif", gif).data == gif
    assert b"alert" not in clean_picture("script.svg", (folder / "script.svg").read_bytes()).data
