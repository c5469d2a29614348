"""Cards for link previews: what fonts write, how titles are set, and the picture that comes of it."""

import shutil
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from PIL import Image, features

from generator.images.faces import OWN_CHARACTERS, Face, choose_face, face_of, own_face
from generator.images.social_cards import CardDrawing, draw_card
from generator.images.wrapping import fit_block
from generator.model import CardColours

COLOURS = CardColours("#fdfcf9", "#191817", "#5f5a52", "#7b2358")
SIZES = (92, 64, 46)
OWN = own_face()


def test_the_programs_own_face_has_what_is_written_without_asking_pillow(tmp_path: Path) -> None:
    copy = Face(str(shutil.copy(OWN.file, tmp_path)), OWN.digest, OWN.layout)  # another file, which is asked
    missing = [each for each in OWN_CHARACTERS if choose_face(f"a{each}", [copy]) is None]
    shown = {each: words.text for each in OWN_CHARACTERS if (words := choose_face(f"a{each}", [copy]))}
    assert missing == []
    assert shown == {each: f"a{each}" for each in OWN_CHARACTERS}


def card(title: str, author: str = "Jo", masthead: str = "Letters") -> bytes:
    shown = choose_face(masthead, [OWN]), choose_face(title, [OWN])
    assert shown[0] is not None
    assert shown[1] is not None
    return draw_card(CardDrawing(shown[0], shown[1], choose_face(author, [OWN]), COLOURS))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Day 12", "Day 12"),
        ("Größe, Maß – „so“ …", "Größe, Maß – „so“ …"),
        ("dŵr, tŷ a phâr", "dŵr, tŷ a phâr"),
        ("Tiếng Việt có dấu", "Tiếng Việt có dấu"),
        ("Tie\u0302\u0301ng", "Tiếng"),
        ("Żółć ğış ő ș", "Żółć ğış ő ș"),
        ("a\u202f:\u00a0b\u2003c", "a\u00a0:\u00a0b c"),
        ("🎉 We won! 👩🏽‍💻 1️⃣ 🇬🇧", "We won! 1"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
    ],
)
def test_latin_words_are_written_and_emoji_left_out(text: str, written: str) -> None:
    found = choose_face(text, [OWN])
    assert found is not None
    assert (found.text, found.is_rtl) == (written, False)


@pytest.mark.parametrize(
    "text", ["", " ", "🎉🎉", "…!", "Письмо", "A и B", "رسالة", "שלום", "館長", "नमक", "สวัสดี", "x\u0489y"]
)
def test_what_the_face_lacks_is_not_half_written(text: str) -> None:
    assert choose_face(text, [OWN]) is None


@pytest.mark.skipif(not (features.check("raqm") and features.check("fribidi")), reason="needs Raqm and FriBidi")
@pytest.mark.parametrize(
    ("text", "is_rtl"), [("שלום", True), ("2026 שלום", True), ("A שלום", False), ("Письмо", False)]
)
def test_another_font_writes_the_rest(text: str, is_rtl: bool) -> None:
    dejavu = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
    if not dejavu.is_file():
        pytest.skip("needs DejaVu Sans")
    face = face_of(dejavu)
    found = choose_face(text, [OWN, face])
    assert found is not None
    assert (found.text, found.is_rtl, found.face.file) == (text, is_rtl, str(dejavu))
    assert choose_face("שלום", [OWN, Face(face.file, face.digest, "basic")]) is None, "letters would run the wrong way"


@pytest.mark.parametrize(
    ("text", "size", "count"),
    [
        ("Day 12", 92, 1),
        ("What the queue taught us about the second counter, and what it did not", 64, 3),
        ("word " * 30, 46, 4),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 46, 2),
        ("m" * 400, 46, 6),
        ("a-b/" * 60, 46, 6),
    ],
)
def test_titles_fit_their_box(text: str, size: int, count: int) -> None:
    words = choose_face(text, [OWN])
    assert words is not None
    block = fit_block(words, 1024, 348, SIZES)
    assert (block.size, len(block.lines)) == (size, count), block
    assert all(OWN.at(block.size).getlength(line) <= 1024 for line in block.lines)
    whole = "".join(block.lines).replace(" ", "")
    assert whole == words.text.replace(" ", "") or whole.endswith("…")


def test_lines_are_of_like_length() -> None:
    words = choose_face("What the queue taught us about the second counter, and what it did not", [OWN])
    assert words is not None
    block = fit_block(words, 1024, 348, SIZES)
    lengths = [OWN.at(block.size).getlength(line) for line in block.lines]
    assert min(lengths) > 0.6 * max(lengths), block.lines


@pytest.mark.parametrize(
    ("title", "author"),
    [("Day 12", "Jo"), ("Day 12", ""), ("word " * 200, "A very long name " * 20), ("m" * 400, "Jo"), ("Ő – “x”", "Ö")],
)
def test_a_card_is_a_small_png_of_64_colours_and_always_the_same(title: str, author: str) -> None:
    drawn = card(title, author)
    picture = Image.open(BytesIO(drawn))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 630), "P")
    colours = picture.convert("RGB").getcolors()
    assert colours is not None
    assert len(colours) <= 64
    assert {(0xFD, 0xFC, 0xF9), (0x19, 0x18, 0x17), (0x7B, 0x23, 0x58)} <= {colour for _, colour in colours}
    assert len(drawn) < 40_000
    assert card(title, author) == drawn


def test_nothing_is_drawn_beyond_the_margins() -> None:
    picture = Image.open(BytesIO(card("word " * 200, "name " * 60, "masthead " * 60))).convert("RGB")
    for box in ((0, 18, 84, 630), (1116, 18, 1200, 630), (84, 600, 1116, 630)):
        assert picture.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), (0xFD, 0xFC, 0xF9))]


def test_a_card_takes_little_time() -> None:
    card("warm")
    begun = process_time()
    for number in range(10):
        card(f"What the queue taught us about counter {number}, and what it did not")
    assert (process_time() - begun) / 10 < 0.6, "30 ms are usual"
