"""What films and sounds are, by their bytes. The files are generated: a test picture and a tone."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from generator.media.captions import check_captions
from generator.media.measure import measure_media
from generator.model import MediaFacts

FILES = Path(__file__).parent / "files"
WEBVTT = "WEBVTT\n\n00:00.000 --> 00:01.500\nHello\n"


@pytest.mark.parametrize(
    ("name", "type_", "size", "duration_ms"),
    [
        ("film.mp4", "video/mp4", (64, 36), 2000),
        ("upright.mp4", "video/mp4", (36, 64), 2000),
        ("fragments.mp4", "video/mp4", (64, 36), 0),
        ("film.mov", "video/quicktime", (64, 36), 2000),
        ("film.webm", "video/webm", (64, 36), 2008),
        ("live.webm", "video/webm", (64, 36), 2001),
        ("film.ogv", "video/ogg", (64, 36), 2000),
        ("sound.mp3", "audio/mpeg", (0, 0), 2232),
        ("sound.m4a", "audio/mp4", (0, 0), 2000),
        ("sound.aac", "audio/aac", (0, 0), 2176),
        ("sound.ogg", "audio/ogg", (0, 0), 2000),
        ("sound.opus", "audio/ogg", (0, 0), 2000),
        ("sound.webm", "audio/webm", (0, 0), 2008),
        ("sound.wav", "audio/wav", (0, 0), 500),
        ("sound.flac", "audio/flac", (0, 0), 500),
    ],
)
def test_a_film_or_sound_is_measured(name: str, type_: str, size: tuple[int, int], duration_ms: int) -> None:
    file = FILES / name
    assert measure_media(file) == MediaFacts(type_, *size, duration_ms, file.stat().st_size)


def test_a_tag_before_the_sound_changes_nothing(tmp_path: Path) -> None:
    sound = (FILES / "sound.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + sound)
    facts = measure_media(tmp_path / "a.mp3")
    assert facts
    assert (facts.type, facts.duration_ms) == ("audio/mpeg", 2232)


@pytest.mark.parametrize("data", [b"", b"text", b"\x89PNG\r\n\x1a\n" + bytes(99), b"RIFF\x04\0\0\0AVI ", b"%PDF-1.4\n"])
def test_other_files_are_none(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    assert measure_media(tmp_path / "a.mp4") is None


@pytest.mark.parametrize("file", sorted(FILES.iterdir()), ids=lambda file: file.name)
def test_a_damaged_file_never_stops_the_build(file: Path, tmp_path: Path) -> None:
    data, random, place = file.read_bytes(), Random(1), tmp_path / "x"  # noqa: S311
    for _ in range(60):
        cut = bytearray(data[: random.randrange(len(data))])
        for _ in range(random.choice((0, 0, 3, 30))):
            if cut:
                cut[random.randrange(min(len(cut), 400))] = random.randrange(256)
        place.write_bytes(cut)
        facts = measure_media(place)
        assert facts is None or (facts.duration_ms >= 0 and facts.width >= 0 and facts.height >= 0)


@pytest.mark.parametrize(
    "text",
    [
        WEBVTT,
        "\ufeff" + WEBVTT,
        WEBVTT.replace("\n", "\r\n"),
        WEBVTT.replace("WEBVTT", "WEBVTT - a title"),
        WEBVTT.replace("-->", "\t-->").replace(".500", ".500 align:start"),
        "WEBVTT\n\nNOTE a remark\n\n1\n01:00:00.000 --> 01:00:01.000\nHello\n",
        WEBVTT + "From 1 -> 2, a <b>\n\n2 > 1\n",
        "WEBVTT",
    ],
)
def test_good_captions_are_accepted(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(text.encode())
    assert check_captions("content/a.vtt", tmp_path / "a.vtt") == ()


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "WEBVTT"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", 1, "WEBVTT"),
        (b"webvtt\n\n", 1, "WEBVTT"),
        (b"WEBVTTX\n\n", 1, "WEBVTT"),
        (b"\n" + WEBVTT.encode(), 1, "WEBVTT"),
        (b"WEBVTT\n00:00.000 --> 00:01.000\nHi\n", 2, "empty line"),
        (b"WEBVTT\n\n00:00,000 --> 00:01,000\nHi\n", 3, "00:00,000 --> 00:01,000"),
        (b"WEBVTT\n\n0:00.000 --> 0:01.000\nHi\n", 3, "times"),
        (b"WEBVTT\n\n00:00.000-->00:01.000\nHi\n", 3, "times"),
        (b"WEBVTT\n\n00:00.000 -> 00:01.000\nHi\n", 3, "-->"),
        (b"WEBVTT\n\n1\n00:00.000 - > 00:01.000\nHi\n", 4, "-->"),
        ("WEBVTT\n\n00:00.000 \u2192 00:01.000\nHi\n".encode(), 3, "-->"),
        ("WEBVTT\n\n00:00.000 \u2013> 00:01.000\nHi\n".encode(), 3, "-->"),
        ("WEBVTT\n\n00:00,000 \u2014> 00:01,000\nHi\n".encode(), 3, "-->"),
        (b"WEBVTT\n\n00:00.000 => 00:01.000\nHi\n", 3, "-->"),
        (b"WEBVTT\n\n00:03.000 --> 00:01.000\nHi\n", 3, "before it begins"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n\n00:75.000 --> 00:76.000\nNo\n", 6, "times"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nCaf\xe9\n".encode("latin-1"), 4, "UTF-8"),
    ],
)
def test_broken_captions_are_named_with_their_line(data: bytes, line: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(data)
    (problem,) = check_captions("content/a.vtt", tmp_path / "a.vtt")
    assert (problem.code, problem.path, problem.line) == ("captions-broken", "content/a.vtt", line)
    assert said in problem.message + problem.hint


def test_only_captions_are_checked(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_bytes(b"anything")
    assert check_captions("content/a.srt", tmp_path / "a.srt") == ()
