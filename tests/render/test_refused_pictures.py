"""Pictures that cannot be shown: a warning at the line that shows them, their words in their place, the post built."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.factories import Site

PAGE = "2024/01/a/index.html"
POST = "content/posts/2024-01-01-a/index.md"


def saved(form: str, width: int = 300) -> bytes:
    result = io.BytesIO()
    Image.effect_noise((width, 200), 60).convert("RGB").save(result, form)
    return result.getvalue()


def bomb() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def drawing(entity: str = "") -> bytes:
    return f'{entity}<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'.encode()


KINDS: dict[str, tuple[str, bytes, str, str]] = {
    "a bomb": ("x.png", bomb(), "picture-size", "20,000 × 20,000"),
    "half of a JPEG": ("x.jpg", saved("JPEG")[:9_000], "picture-damaged", "cut off"),
    "half of a PNG": ("x.png", saved("PNG")[:9_000], "picture-damaged", "cut off"),
    "half of a GIF": ("x.gif", saved("GIF")[:9_000], "picture-damaged", "cut off"),
    "half of a WebP": ("x.webp", saved("WEBP")[:9_000], "picture-damaged", "cut off"),
    "half of a TIFF": ("x.tif", saved("TIFF")[:9_000], "picture-damaged", "damaged"),
    "half of a bitmap": ("x.bmp", saved("BMP")[:9_000], "picture-damaged", "damaged"),
    "half of a drawing": ("x.svg", drawing()[:30], "picture-damaged", "cannot be read"),
    "nothing": ("x.jpg", b"", "picture-damaged", "empty"),
    "a web page": ("x.jpg", b"<!DOCTYPE html><html></html>", "picture-damaged", "not a picture"),
    "a text": ("x.png", b"hello", "picture-damaged", "not a picture"),
    "a PDF": ("x.gif", b"%PDF-1.7", "picture-damaged", "not a picture"),
    "a drawing that bombs": ("x.svg", drawing('<!DOCTYPE svg [<!ENTITY a "b">]>'), "picture-damaged", "entities"),
    "a PNG called JPEG": ("x.jpg", saved("PNG"), "picture-mislabelled", 'Rename it to "x.png"'),
    "a WebP called JPEG": ("x.jpeg", saved("WEBP"), "picture-mislabelled", 'Rename it to "x.webp"'),
    "a JPEG called HEIC": ("x.heic", saved("JPEG"), "picture-mislabelled", 'Rename it to "x.jpg"'),
    "a TIFF called PNG": ("x.png", saved("TIFF"), "picture-mislabelled", 'Rename it to "x.tif"'),
    "a JPEG called SVG": ("x.svg", saved("JPEG"), "picture-mislabelled", 'Rename it to "x.jpg"'),
    "Photoshop": ("x.psd", b"8BPS\0\1", "picture-format", "Photoshop"),
    "camera raw": ("x.dng", b"II*\0", "picture-format", "camera raw"),
}


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_line_that_shows_it_has_the_warning_and_its_words(
    kind: str, engine: str, letters: Any, post: Any, config: Any
) -> None:
    name, data, code, words = KINDS[kind]
    made: Site = letters(
        {
            "site.toml": config(f'[markup]\nengine = "{engine}"\n'),
            "posts/2024-01-01-a/index.md": post("A", f"Words.\n\nLook: ![a red door]({name})"),
            f"posts/2024-01-01-a/{name}": data,
        }
    )
    (problem,) = made.report.problems
    assert (problem.path, problem.line, str(problem.level), problem.code) == (POST, 6, "warning", code)
    assert words in f"{problem.message} {problem.hint}"
    assert 'Look: <span class="missing-picture">[Picture: a red door]</span>' in made.prose(PAGE)
    assert made.report.posts == 1
    assert made.verify() == ()


@pytest.mark.parametrize(
    "kind", ["a bomb", "half of a JPEG", "nothing", "a web page", "a PNG called JPEG", "Photoshop"]
)
def test_a_lead_picture_is_refused_at_its_line(kind: str, letters: Any, post: Any) -> None:
    name, data, code, words = KINDS[kind]
    made: Site = letters(
        {"posts/2024-01-01-a/index.md": post("A", image=name, image_alt="A door"), f"posts/2024-01-01-a/{name}": data}
    )
    (problem,) = made.report.problems
    assert (problem.path, problem.line, str(problem.level), problem.code) == (POST, 3, "warning", code)
    assert words in f"{problem.message} {problem.hint}"
    assert name not in made.text(PAGE)


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_in_a_row_of_pictures_the_good_ones_are_shown(engine: str, letters: Any, post: Any, config: Any) -> None:
    row = '![one](one.jpg)\n![two](two.jpg)\n![three](three.jpg "Three")\n[![four](two.jpg)](/a/)'
    made: Site = letters(
        {
            "site.toml": config(f'[markup]\nengine = "{engine}"\n'),
            "posts/2024-01-01-a/index.md": post("A", row),
            "posts/2024-01-01-a/one.jpg": saved("JPEG"),
            "posts/2024-01-01-a/two.jpg": b"<html></html>",
            "posts/2024-01-01-a/three.jpg": saved("JPEG"),
        }
    )
    found = [(each.code, each.line) for each in made.report.problems if each.code != "dead-link"]
    assert found == [("picture-damaged", 5), ("picture-damaged", 7)]
    assert made.prose(PAGE).count("<img") == 2
    assert made.prose(PAGE).count('class="missing-picture"') == 2


EDITS: dict[str, Callable[[Site], object]] = {
    "it is mended": lambda made: made.write("content/posts/2024-01-01-a/x.jpg", saved("JPEG")),
    "it is deleted": lambda made: (made.root / "content/posts/2024-01-01-a/x.jpg").unlink(),
    "it is broken in another way": lambda made: made.write("content/posts/2024-01-01-a/x.jpg", b""),
    "the text no longer shows it": lambda made: made.edit(POST, "![a red door](x.jpg)", "no more"),
    "the text shows it twice": lambda made: made.edit(POST, "A red", "![x](x.jpg) A red"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_site_is_as_if_built_from_nothing(edit: str, letters: Any, post: Any) -> None:
    made: Site = letters(
        {
            "posts/2024-01-01-a/index.md": post("A", "A red\n\n![a red door](x.jpg)"),
            "posts/2024-01-01-a/x.jpg": b"<html></html>",
        }
    )
    EDITS[edit](made)
    report = made.build()
    assert made.verify() == ()
    codes = {"it is mended": [], "it is deleted": ["dead-picture"], "the text shows it twice": ["picture-damaged"] * 2}
    assert [each.code for each in report.problems] == codes.get(edit, ["picture-damaged"])


def test_one_that_nothing_shows_has_its_warning_at_its_name(letters: Any, post: Any) -> None:
    made: Site = letters({"posts/2024-01-01-a.md": post("A"), "static/x.jpg": b"", "static/y.jpg": saved("PNG")})
    found = [(each.path, str(each.level), each.code) for each in made.report.problems]
    assert found == [
        ("content/static/x.jpg", "warning", "picture-damaged"),
        ("content/static/y.jpg", "warning", "picture-mislabelled"),
    ]
    assert made.paths & {"x.jpg", "y.jpg"} == {"y.jpg"}, "what can be shown stays where old links find it"


def test_a_link_to_it_says_why_it_is_broken(letters: Any, post: Any) -> None:
    made: Site = letters({"posts/2024-01-01-a.md": post("A", "[it](/x.psd)"), "static/x.psd": b"8BPS\0\1"})
    (problem,) = (each for each in made.report.problems if each.path.endswith(".md"))
    assert (problem.code, problem.line) == ("dead-link", 4)
    assert "Photoshop" in problem.message


def test_a_portrait_and_a_card_may_be_a_scan(letters: Any, post: Any, config: Any) -> None:
    toml = config('image = "/card.tif"\nimage_alt = "Us"\n[authors.jo]\nname = "Jo"\nimage = "/jo.TIF"\n')
    made: Site = letters(
        {
            "site.toml": toml,
            "posts/2024-01-01-a.md": post("A", author="jo"),
            "static/jo.TIF": saved("TIFF"),
            "static/card.tif": saved("TIFF", 1300),
        }
    )
    assert made.codes == []
    author = made.text("authors/jo/index.html")
    assert "/jo.TIF.jpg" in author
    assert '/jo.TIF"' not in author
    assert (made.meta(PAGE, "og:image") or "").endswith("/card.tif.jpg")
    assert not {path for path in made.paths if path.lower().endswith(".tif")}
