"""Spelling and plain English: hints at their places, in English alone, and none in code, addresses or names."""

from __future__ import annotations

from pathlib import Path

from generator.checks.check import Checker, Wish
from generator.checks.english import reading_age
from generator.errors import Level, Problem
from tests.checks.conftest import DESCRIBED, MENU, add, config
from tests.factories import CLOCK, post

GOOD = {"approved_by": "Al", "id": "n1"}
PATH = "content/posts/2026-03-05-new.md"


def read(root: Path, text: str, title: str = "New", **keys: object) -> list[Problem]:
    add(root, {"posts/2026-03-05-new.md": post(title, text, **{"author": "Jo", "summary": "S.", **keys}, **GOOD)})
    return [each for each in Checker(root, CLOCK).check(wish=Wish(prose=True)).problems if each.path == PATH]


def test_misspellings_are_notes_at_their_places_in_titles_and_texts(sound: Path) -> None:
    said = read(sound, "Ünïcode and teh desk.\n\nAn accomodation for all.", title="We recieved letters")
    assert [(each.code, each.line, each.column, each.level) for each in said] == [
        ("misspelt", 2, 12, Level.NOTE),
        ("misspelt", 8, 13, Level.NOTE),
        ("misspelt", 10, 4, Level.NOTE),
    ]
    assert '"received"' in said[0].hint


def test_code_addresses_comments_and_known_words_are_not_read(sound: Path) -> None:
    text = (
        "`teh` and [the desk](https://example.net/teh/recieve) and https://example.net/teh\n\n"
        '<!-- teh -->\n\n```\nteh recieve\n```\n\n<span title="teh">x</span> ask@teh.example and Teh Hte.'
    )
    settings = f'{DESCRIBED}{MENU}[check]\napproval = ["posts"]\nwords = ["Hte"]\n[authors.teh]\nname = "Jo Teh"\n'
    add(sound, {"site.toml": config(settings)})
    assert read(sound, text, author="teh") == []


def test_names_and_short_forms_are_not_misspelt(sound: Path) -> None:
    assert read(sound, "We thank Jo Teh, *Feld* and (Devine) of the CAF.\n\n- AAS is a form.") == []
    assert [each.code for each in read(sound, "It is so. Teh desk.\n\nRecieve it.")] == ["misspelt"] * 2
    assert read(sound, "We asked Ms Devine and Mr Feld.\n\nDevine said so. Feld agreed.") == []


def test_parts_of_words_and_spoken_forms_are_not_misspelt_and_whole_words_with_marks_are(sound: Path) -> None:
    parts = (
        "`cd` is **c**hange **d**irectory.",
        "An *rec*ieve.",
        "A u[ser](2026-02-05-hours.md).",
        "A learnin’ changin'",
    )
    whole = ("**recieve** it", "[recieve](2026-02-05-hours.md) it", "the *teh* end", "(recieve)", "it—recieve")
    said = read(sound, "\n\n".join((*parts, *whole)))
    first = 8 + 2 * len(parts)
    assert [(each.code, each.line) for each in said] == [("misspelt", first + 2 * n) for n in range(len(whole))]


def test_other_languages_are_not_read(sound: Path) -> None:
    assert read(sound, "Wir utilise teh recieve.", lang="de") == []


def test_plainer_words_and_long_sentences_are_notes_at_their_places(sound: Path) -> None:
    long = " ".join(["word"] * 41)
    said = read(
        sound, f"Short. {long.capitalize()}. Short.\n\nWe start\nprior to nine, in order to utilise it.\n\n- {long}"
    )
    assert sorted((each.code, each.line, each.column) for each in said) == [
        ("long-sentence", 8, 8),
        ("long-sentence", 13, 3),
        ("plainer-word", 11, 1),
        ("plainer-word", 11, 16),
        ("plainer-word", 11, 28),
    ]


def test_sentences_end_at_blocks_and_not_within_numbers_and_addresses(sound: Path) -> None:
    item = " ".join(["word"] * 15)
    assert read(sound, f"## {item}\n\n{item}\n\n- {item}\n- {item}\n\n| {item} |\n| --- |\n| {item} |") == []
    assert [each.code for each in read(sound, f"{item} 3.5 {item} v1.2.3 {item}.")] == ["long-sentence"]


def test_a_hard_text_is_told_from_an_easy_one(sound: Path) -> None:
    easy = "We moved the desk. It is on the second floor now. You will find us by the lift. " * 12
    hard = (
        "Organisational transformation necessitates comprehensive interdepartmental communication "
        "notwithstanding considerable infrastructural constraints. "
    ) * 15
    assert reading_age(easy) < 9
    assert reading_age(hard) > 20
    assert reading_age("Too short to tell.") == 0
    assert "hard-to-read" in [each.code for each in read(sound, hard)]
    assert read(sound, easy) == []
