"""What cannot be cleaned is named, or refused; never passed on in silence."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.media import pdf
from generator.media.clean import CleanedMedia, clean_media
from tests.media import planted
from tests.media.planted import MARKER, box, packed

Clean = Callable[[bytes], CleanedMedia]


@pytest.fixture
def clean(tmp_path: Path) -> Clean:
    """Clean a file of these bytes; its name tells nothing."""

    def run(data: bytes, name: str = "file") -> CleanedMedia:
        (tmp_path / "file").write_bytes(data)
        return clean_media(name, tmp_path / "file", tmp_path / "cleaned")

    return run


def encrypted(data: bytes) -> bytes:
    import pikepdf

    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(stream, encryption=pikepdf.Encryption(owner="o", user="u"))
    return stream.getvalue()


def transport_stream(step: int) -> bytes:
    return (bytes(step - 188) + b"\x47" + bytes(187)) * 30


TAR = b"photo.jpg".ljust(512, b"\0") + planted.jpeg()
PEOPLE = {"[Content_Types].xml": b"<T/>", "word/comments.xml": b'<c><w:comment w:author="A. Person"/></c>'}
SIGNED = {"[Content_Types].xml": b"<T/>", "docProps/app.xml": b"<P>x</P>", "_xmlsignatures/origin.sigs": b"x"}
MACROS = {"[Content_Types].xml": b"<T/>", "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
BASE64 = b'<img src="data:image/jpeg;base64,/9j/4QBCRXhpZgAATU0AKgAAAAg">'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file"),
        (b"{\\rtf1{\\info{\\author A}}}", "an RTF document"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(60), "a Windows Media file"),
        (b"FLV\x01" + bytes(60), "a Flash film"),
        (transport_stream(188), "a transport stream"[2:]),
        (transport_stream(192), "transport stream"),
        (b"%!PS-Adobe-3.0\n%%For: A", "a PostScript file"),
        (b"gimp xcf v011" + bytes(60), "a GIMP picture"),
        (b'<?xml version="1.0"?><office:document/>', "a flat OpenDocument file"),
        (planted.riff(b"ACON", planted.chunk(b"LIST", b"INFO" + MARKER)), "a RIFF file"),
        (packed({"a/photo.jpg": planted.jpeg(), "b.txt": b"x"}), "metadata in a/photo.jpg"),
        (packed({"a.zip": packed({"b.zip": packed({"c.zip": packed({"d": b"x"})})})}), "several layers"),
        (packed(PEOPLE), "names of people"),
        (packed(SIGNED), "a signed document"),
        (packed(MACROS), "macros"),
        (encrypted(planted.pdf()), "an encrypted PDF"),
        (b"junk\n" + planted.jpeg(), "camera data (EXIF)"),
        (TAR, "camera data (EXIF)"),
        (BASE64, "in an embedded picture"),
        (b"\0\0\0\0any binary" + planted.XMP, "(XMP)"),
    ],
)
def test_what_cannot_be_cleaned_is_a_warning_that_names_it(clean: Clean, data: bytes, words: str) -> None:
    result = clean(data)
    assert {(str(each.level), each.code) for each in result.problems} == {("warning", "metadata-left")}
    assert words in " ".join(each.message for each in result.problems)


def tar(mode: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("notes.txt")
        member.uname, member.size = "a.person", 5
        archive.addfile(member, io.BytesIO(b"Words"))
    return stream.getvalue()


SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"
FLIGHTS = (
    "FrameCnt: 1\n2026-05-01 12:00:00.123\n[iso: 100] [latitude: 47.1234] [longitude: 9.1234]",
    "HOME(9.1234,47.1234) 2026.05.01 12:00:00\nGPS(9.1234,47.1234,19) BAROMETER:1.2",
    "F/2.8, SS 206.14, ISO 100, EV 0, GPS (9.5, 47.1, 15), D 24.0m, H 6.00m",
)
CARRIERS = {
    "tar": (tar("w"), "a tar archive"),
    "tar.gz": (tar("w:gz"), "a packed tar archive"),
    "tar.bz2": (tar("w:bz2"), "a packed tar archive"),
    "tar.xz": (tar("w:xz"), "a packed tar archive"),
    "photo.gz": (gzip.compress(planted.jpeg()), "a packed photo"),
    "film.bz2": (bz2.compress(planted.film()), "a packed photo, film"),
    "document.xz": (lzma.compress(planted.office()), "a packed photo, film or document"),
    "broken.gz": (b"\x1f\x8b\x08" + bytes(40), "that cannot be read"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99), "a 7-Zip archive"),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(99), "a RAR archive"),
    "cab": (b"MSCF\0\0\0\0" + bytes(99), "a cabinet archive"),
    "zst": (b"\x28\xb5\x2f\xfd" + bytes(99), "a Zstandard archive"),
    "iso": (bytes(32_769) + b"CD001" + bytes(99), "a disk image"),
    "dmg": (bytes(2000) + b"koly" + bytes(508), "a disk image"),
    "exe": (b"MZ\x90\0\3" + bytes(99), "a Windows program"),
    "elf": (b"\x7fELF\2\1\1" + bytes(99), "a program"),
    "lnk": (b"L\0\0\0\x01\x14\x02\0" + bytes(99), "a Windows shortcut"),
    "one": (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + bytes(99), "a OneNote section"),
    "sqlite": (b"SQLite format 3\0" + bytes(99), "an SQLite database"),
    "DS_Store": (b"\0\0\0\1Bud1" + bytes(99), "a .DS_Store file"),
    "gpx": (b'<?xml version="1.0"?>\n<!-- > --><gpx creator="P"><trk/></gpx>', "a GPS track (GPX)"),
    "kml": (b'\xef\xbb\xbf<?xml version="1.0"?><kml:kml/>', "a map of places (KML)"),
    "kmz": (packed({"doc.kml": b"<kml></kml>"}), "a map of places (KML) in doc.kml"),
    "tcx": (b"<TrainingCenterDatabase/>", "a GPS track (TCX)"),
    "fit": (b"\x0e\x10\xd9\x07\0\0\0\0.FIT" + bytes(50), "a GPS track (FIT)"),
    "nmea": (b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n", "a GPS log"),
    "igc": (b"AXXX001\r\nHFDTE010526\r\n", "a flight log (IGC)"),
    "xmp": (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', "a description of a photo"),
    "eml": (b"From: A <a@example.org>\r\nTo: b@example.org\r\nReceived: by x\r\n\r\nHi", "a saved e-mail"),
    **{f"flight {n}": (SUBTITLES.format(text).encode(), "the flight log of a drone") for n, text in enumerate(FLIGHTS)},
    "flight in WebVTT": (("WEBVTT\n\n" + SUBTITLES.format(FLIGHTS[1])).encode(), "the flight log of a drone"),
    "zipped archive": (packed({"a/old.rar": b"Rar!\x1a\x07\x01\0" + bytes(99)}), "a RAR archive in a/old.rar"),
}


@pytest.mark.parametrize("kind", CARRIERS)
def test_archives_programs_tracks_and_mails_are_a_warning(clean: Clean, kind: str) -> None:
    data, words = CARRIERS[kind]
    (problem,) = clean(data).problems
    assert (str(problem.level), problem.code) == ("warning", "metadata-left")
    assert words in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"body { color: red }", mtime=0),
        bz2.compress(b"a,b\n1,2\n"),
        lzma.compress(b"words"),
        SUBTITLES.format("The latitude: we had much of it.").encode(),
        SUBTITLES.format("Our GPS (the old one) is broken.").encode(),
        b"MZ is no program",
        b"AC10 is a meeting room",
        b"CWS stands for something",
        b'<?xml version="1.0"?><rss><channel/></rss>',
        b"<!-- gpx --><html></html>",
        b"Title: a note\n\nReceived: nothing",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b'{"type": "FeatureCollection", "features": []}',
        b"<?a?>" * 800,
    ],
)
def test_what_only_looks_like_one_is_published_without_a_word(clean: Clean, data: bytes) -> None:
    assert clean(data) == CleanedMedia()


def in_base64(data: bytes) -> bytes:
    return base64.b64encode(data)


NOTED = planted.saved("JPEG", comment=MARKER)
PLAIN = planted.saved("JPEG")
EMBEDDED = {
    "a style sheet": b"a{background:url(data:image/jpeg;base64," + in_base64(NOTED) + b")}",
    "a style sheet with a PNG": b"a{background:url('data:image/png;base64," + in_base64(planted.png()) + b"')}",
    "a web page": b'<p><img src="data:image/webp;base64,'
    + in_base64(planted.saved("WEBP", exif=planted.exif()))
    + b'">',
    "a GIF in a script": b'const a = "' + in_base64(planted.saved("GIF", comment=MARKER)) + b'";',
    "a notebook": b'{"image/png": "' + base64.encodebytes(planted.png()).replace(b"\n", b"\\n") + b'"}',
    "JSON with escaped slashes": b'{"a": "' + in_base64(NOTED).replace(b"/", b"\\/") + b'"}',
    "an escaped address": b"url(data:image/jpeg;base64," + in_base64(NOTED).replace(b"/", b"%2F").replace(b"+", b"%2B"),
    "the second of two": in_base64(PLAIN) + b"," + in_base64(NOTED),
}


@pytest.mark.parametrize("kind", EMBEDDED)
def test_a_picture_within_a_text_is_a_warning(clean: Clean, kind: str) -> None:
    (problem,) = clean(EMBEDDED[kind]).problems
    assert (str(problem.level), problem.code) == ("warning", "metadata-left")
    assert "embedded picture" in problem.message


@pytest.mark.parametrize(
    "data",
    [
        b"a{background:url(data:image/jpeg;base64," + in_base64(PLAIN) + b")}",
        b"a{background:url(data:image/png;base64," + in_base64(planted.saved("PNG")) + b")}",
        b"JPEG in Base64 begins with /9j/ and PNG with iVBORw0KGgo, as everybody knows.",
        b"iVBORw0KGgo=",
        in_base64(NOTED)[:60],
        b"UklGR" * 1000,
    ],
)
def test_a_clean_picture_within_a_text_is_not(clean: Clean, data: bytes) -> None:
    assert clean(data) == CleanedMedia()


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", b"isom") + b"\0\0\xff\xffmoov",
        box(b"ftyp", b"isom") + box(b"mdat", MARKER),
        b"\0\0\0\1ftyp\xff\xff\xff\xff\xff\xff\xff\xff" + bytes(30),
        b"\0\0\0\1ftyp\0\0\0\0\0\0\0\1" + bytes(30),
        b"\x1a\x45\xdf\xa3\xff",
        b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe" + MARKER,
        b"OggS" + bytes(22) + b"\xff" * 20,
        b"fLaC\x80\xff\xff\xff",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"ID3\4\0\0\x7f\x7f\x7f\x7f" + MARKER,
        b"PK\3\4" + bytes(30) + MARKER,
        packed({"mimetype": b"x", "big": bytes(30_000_000)}),
        packed({"mimetype": b"x", "meta.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</d>'}),
        b"%PDF-1.7\n" + MARKER,
    ],
)
def test_what_cannot_be_read_is_a_warning(clean: Clean, data: bytes) -> None:
    (problem,) = clean(data).problems
    assert (str(problem.level), problem.code) == ("warning", "media-unreadable")


def test_a_film_that_claims_a_million_boxes_ends_in_bounded_time(clean: Clean) -> None:
    assert clean(box(b"ftyp", b"isom") + box(b"free") * 100_000 + box(b"moov") + box(b"mdat")).problems == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain text",
        b"a nationwide survey",
        b"carefree days",
        b"citywide",
        b"body{}",
        b"wOF2" + bytes(99),
        b"BM25 is",
    ],
)
def test_other_files_stay_as_they_are_without_a_word(clean: Clean, data: bytes) -> None:
    assert clean(data) == CleanedMedia()


def test_what_was_cleaned_is_not_cleaned_again(clean: Clean, tmp_path: Path) -> None:
    pictures = ("jpeg", "png", "gif", "webp", "avif", "svg", "ico", "cur")
    for kind, data in {each.kind: each.data for _, each in planted.all_files()}.items():
        if kind not in pictures:
            assert clean(data).written
            assert clean((tmp_path / "cleaned").read_bytes()) == CleanedMedia()


def test_the_same_file_gives_the_same_bytes(clean: Clean, tmp_path: Path) -> None:
    for data in (planted.office(), planted.pdf(), planted.film()):
        results = set()
        for _ in range(2):
            clean(data)
            results.add((tmp_path / "cleaned").read_bytes())
        assert len(results) == 1


def test_without_its_library_a_pdf_is_a_warning_that_says_what_to_install(
    clean: Clean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    problem = clean(planted.pdf()).problems[0]
    assert "author" in problem.message or "metadata" in problem.message
    assert "openletter[documents]" in problem.hint


def test_a_photo_in_a_document_stays_turned_as_it_was(clean: Clean, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, MARKER.decode()
    photo = planted.saved("JPEG", exif=exif.tobytes())
    assert clean(packed({"[Content_Types].xml": b"<T/>", "word/media/a.jpg": photo}, comment=b"")).written
    data = planted.unpacked((tmp_path / "cleaned").read_bytes())
    start = data.index(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(data[start:])) as shown:
        assert dict(shown.getexif()) == {0x0112: 6}
    assert MARKER not in data


def refused(brand: bytes) -> bytes:
    return box(b"ftyp", brand, bytes(4), b"mif1") + box(b"meta", MARKER)


@pytest.mark.parametrize("name", ["a.raw", "a.jpg", "a.bin", "none"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (box(b"ftyp", b"crx ", bytes(4)) + MARKER, "camera raw"),
        (b"FUJIFILMCCD-RAW " + MARKER, "camera raw"),
        (b"8BPS\0\1" + MARKER, "Photoshop"),
        (b"II\xbc\x01" + MARKER, "JPEG XR"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + MARKER, "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + MARKER, "JPEG 2000"),
    ],
)
def test_a_photo_that_browsers_cannot_show_is_refused(build: Any, site: Any, name: str, data: bytes, kind: str) -> None:
    root = site({"static/files/" + name: data})
    (problem,) = (problem for problem in build(root).problems if problem.code != "nothing-published")
    assert (str(problem.level), problem.code) == ("warning", "picture-format")
    assert kind in problem.message or name == "a.raw"
    assert not (root / "output/files" / name).exists()


@pytest.mark.parametrize("name", ["a.heic", "a.jpg", "a.tif", "a.bin", "none"])
@pytest.mark.parametrize(
    "data",
    [
        refused(b"heic"),
        refused(b"hevc"),
        box(b"ftyp", b"mif1", bytes(4), b"heix") + MARKER,
        b"II*\0" + MARKER,
        b"MM\0*" + MARKER,
    ],
)
def test_one_that_cannot_be_converted_is_not_published(build: Any, site: Any, name: str, data: bytes) -> None:
    root = site({"static/files/" + name: data})
    (problem,) = (problem for problem in build(root).problems if problem.code != "nothing-published")
    assert (str(problem.level), problem.code) == ("warning", "picture-damaged")
    assert not (root / "output/files").exists()


@pytest.mark.parametrize("name", ["scan.tif", "scan.bin", "none"])
def test_a_scan_is_published_as_another_picture(build: Any, site: Any, name: str) -> None:
    root = site({"static/files/" + name: planted.saved("TIFF", description=MARKER.decode())})
    build(root)
    (file,) = (root / "output/files").iterdir()
    assert file.name == (name + ".jpg" if name == "scan.tif" else name)
    with Image.open(file) as shown:
        assert shown.format == "JPEG"
    assert MARKER not in file.read_bytes()


def test_links_and_hidden_places_are_no_way_around(tmp_path: Path, build: Any, site: Any) -> None:
    films = {"static/a/secret": planted.film(), "static/b/x.txt": b"x"}
    root = site({"static/.well-known/photo": planted.jpeg(), "static/a/photo": planted.jpeg(), **films})
    (root / "content/static/b/link").symlink_to("../a/secret")
    (root / "content/static/b/photo.css").symlink_to("../a/photo")
    build(root)
    published = [file for file in (root / "output").rglob("*") if file.is_file()]
    assert {"link", "photo.css", "secret"} <= {file.name for file in published}
    assert [file for file in published if MARKER in file.read_bytes()] == []


def test_a_theme_cannot_publish_what_the_site_cannot(build: Any, site: Any) -> None:
    from generator.errors import ConfigError

    toml = 'title = "T"\nurl = "https://example.org/"\n[theme]\nname = "mine"\n'
    root = site({"site.toml": toml, "themes/mine/theme.toml": "", "themes/mine/static/a.bin": b"8BPS\0\1" + MARKER})
    with pytest.raises(ConfigError, match=r"themes/mine/static/a\.bin.*\[picture-format\]"):
        build(root)


def test_a_cleaned_file_is_made_again_when_the_state_has_lost_it(build: Any, site: Any) -> None:
    toml = 'title = "T"\nurl = "https://example.org/"\n[theme]\nname = "mine"\n'
    files = {"static/a": planted.film(), "themes/mine/theme.toml": "", "themes/mine/static/b": planted.mp3()}
    root = site({"site.toml": toml, **files})
    build(root)
    before = {file: file.read_bytes() for file in (root / "output").rglob("*") if file.is_file()}
    for file in (root / ".openletter/pictures").iterdir():
        file.unlink()
    for name in ("a", "assets/b"):
        for file in (root / "output").glob(f"{name}*"):
            if file.is_file():
                file.unlink()
    build(root)
    assert {file: file.read_bytes() for file in before} == before
