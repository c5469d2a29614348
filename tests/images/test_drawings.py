from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from PIL import Image

from generator.errors import ContentError
from generator.images.cleaner import clean_picture
from generator.images.picture import Cleaned

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">'
Draw = Callable[..., Image.Image]
Save = Callable[..., bytes]


def drawing(inner: str, head: str = HEAD) -> bytes:
    return f"{head}{inner}</svg>".encode()


def cleaned(inner: str) -> Cleaned:
    return clean_picture("a.svg", drawing(inner))


@pytest.mark.parametrize(
    "inner",
    [
        '<rect width="1" height="1" fill="url(#g)"/>',
        '<use xlink:href="#a"/><use href="#a"/>',
        '<a href="https://www.example.org/"><text>x</text></a><a href="/about/"/>',
        "<style>a { fill: red; background: url(#x) }</style>",
        '<animate attributeName="x" from="1" to="2"/>',
        "<title>x: y (z)</title><desc>a@b.example</desc>",
        "<text style=\"font-family: 'A\\20 B'\">url</text>",
    ],
)
def test_a_clean_drawing_comes_back_byte_for_byte(inner: str) -> None:
    result = cleaned(inner)
    assert result.data == drawing(inner)
    assert (result.width, result.height, result.problems) == (10, 20, ())


@pytest.mark.parametrize(
    ("inner", "trace"),
    [
        ("<script>evil()</script>", "evil"),
        ("<SCRIPT>evil()</SCRIPT>", "evil"),
        ('<script href="https://evil.example/x.js"/>', "evil"),
        ('<rect onclick="evil()"/>', "evil"),
        ('<rect ONLOAD="evil()"/>', "evil"),
        ('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="evil()"/></foreignObject>', "evil"),
        ('<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="https://evil.example"/>', "evil"),
        ('<a href="javascript:evil()"><text>x</text></a>', "evil"),
        ('<a xlink:href="java&#10;script:evil()"/>', "evil"),
        ('<a href=" data:text/html,evil"/>', "evil"),
        ('<use href="https://evil.example/x.svg#a"/>', "evil"),
        ('<use href="data:image/svg+xml;base64,ZXZpbA==#a"/>', "ZXZpbA"),
        ('<image href="https://evil.example/x.png"/>', "evil"),
        ('<image href="//evil.example/x.png"/>', "evil"),
        ('<image href="data:image/svg+xml,evil"/>', "evil"),
        ('<rect fill="url(https://evil.example/x.svg#g)"/>', "evil"),
        ("<rect style=\"background:u\\72l( '//evil.example/x')\"/>", "evil"),
        ('<rect style="background:url/**/(https://evil.example/x)"/>', "evil"),
        ("<style>@import 'https://evil.example/x.css';</style>", "evil"),
        ("<style>@imp\\6f rt 'https://evil.example/x.css';</style>", "evil"),
        ("<style><![CDATA[ a { fill: url( https://evil.example/x ) } ]]></style>", "evil"),
        ('<animate attributeName="href" values="javascript:evil()"/>', "evil"),
        ('<set attributeName="xlink:href" to="javascript:evil()"/>', "evil"),
        ('<set attributeName="onclick" to="evil()"/>', "evil"),
        ('<g xml:base="https://evil.example/"/>', "evil"),
        ("<g><?evil x?></g>", "evil"),
    ],
)
def test_what_runs_or_calls_elsewhere_is_taken_out_with_a_warning(inner: str, trace: str) -> None:
    result = cleaned(f'<path d="M0 0"/>\n{inner}<text>stays</text>')
    assert trace not in result.data.decode()
    assert b"stays" in result.data
    assert b"M0 0" in result.data
    assert [(problem.code, problem.line) for problem in result.problems[:1]] == [("picture-active", 2)]
    assert clean_picture("a.svg", result.data).data == result.data


def test_a_style_sheet_from_elsewhere_is_taken_out() -> None:
    data = b'<?xml version="1.0"?><?xml-stylesheet href="https://evil.example/x.css"?>' + drawing("<g/>")
    result = clean_picture("a.svg", data)
    assert b"evil" not in result.data
    assert len(result.problems) == 1


def test_private_notes_of_editors_go_without_a_word() -> None:
    editor = "xmlns:i='http://www.inkscape.org/namespaces/inkscape' i:export-filename='/home/jo/secret.png'"
    result = cleaned(f"<g {editor}/><metadata><author>secret</author></metadata>")
    assert b"secret" not in result.data
    assert result.problems == ()


def test_an_embedded_photo_loses_its_metadata(draw: Draw, save: Save) -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret"
    photo = save(draw(), "JPEG", exif=exif)
    result = cleaned(f'<image href="data:image/jpeg;base64,{base64.b64encode(photo).decode()}"/>')
    kept = base64.b64decode(result.data.decode().partition("base64,")[2].partition('"')[0])
    assert b"secret" not in kept
    assert kept == clean_picture("a.jpg", photo).data
    assert result.problems == ()


BOMB = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "data",
    [
        f"{BOMB}]><svg xmlns='http://www.w3.org/2000/svg'>&i;</svg>".encode(),
        b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<svg",
        b"",
        b"\x00\x01",
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 100_000,
    ],
)
def test_entities_and_what_is_no_drawing_are_refused(data: bytes) -> None:
    with pytest.raises(ContentError, match="picture-damaged"):
        clean_picture("a.svg", data)


def test_the_usual_document_type_is_no_reason_to_refuse() -> None:
    kind = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert clean_picture("a.svg", kind + drawing("")).data == kind + drawing("")


def test_a_drawing_that_is_too_large_is_refused() -> None:
    with pytest.raises(ContentError, match="larger than 5 MB"):
        clean_picture("a.svg", drawing(" " * 5_000_000))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10" height="20"', (10, 20)),
        ('width="1in" height="25.4mm"', (96, 96)),
        ('width="100%" height="100%" viewBox="0 0 30 40"', (30, 40)),
        ('width="60" viewBox="0,0,30,40"', (60, 80)),
        ('viewBox="0 0 1e999 1e999"', (0, 0)),
        ('width="1e9" height="1"', (0, 0)),
        ("", (0, 0)),
    ],
)
def test_the_size_is_read_from_width_and_height_else_the_view_box(attributes: str, size: tuple[int, int]) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()
    cleaned = clean_picture("a.svg", data)
    assert (cleaned.width, cleaned.height) == size
