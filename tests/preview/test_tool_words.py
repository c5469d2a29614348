"""The words of the bar and of the preview's own pages come from the catalogue, in every form that a language has."""

from __future__ import annotations

import json
import re
from gettext import GNUTranslations
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from generator.preview.browser_files import render_own_page
from generator.preview.tool_words import fill_page, fill_script
from generator.words import ENGLISH, Words
from generator.words.catalogue import compile_catalogue
from tests.words.conftest import POT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = POT.parents[2] / "preview/files"
SCRIPTS = [file.read_text("utf-8") for file in sorted(FOLDER.glob("*.js"))]
SOURCE = (FOLDER / "words.js").read_text("utf-8")
RUSSIAN = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "%(num)s error"
msgid_plural "%(num)s errors"
msgstr[0] "%(num)s ошибка"
msgstr[1] "%(num)s ошибки"
msgstr[2] "%(num)s ошибок"

msgid "Drafts"
msgstr "Черно\"вики\" </script> & <b>"

msgid "Public since %(date)s, until %(end)s"
msgstr "До %(end)s, с %(date)s"

msgid "On a phone"
msgstr "На <телефоне> & \"всё\""
"""


@pytest.fixture(scope="module")
def russian() -> Words:
    return Words(GNUTranslations(BytesIO(compile_catalogue(RUSSIAN.encode()))), "ru")


@pytest.mark.outside
@pytest.mark.slow
def test_scripts_show_the_catalogue_s_words(russian: Words, browser: Browser) -> None:
    page = browser.new_page()
    page.route(
        "**/*", lambda route: route.fulfill(body=fill_script(SOURCE, SCRIPTS, russian), content_type="text/javascript")
    )
    said = page.evaluate(
        """async () => {
          const { gettext, ngettext, LANGUAGE } = await import("https://example.org/words.js");
          const errors = [0, 1, 2, 5, 11, 21, 22, 111, 121, 199, 200, 211, 221, 1001, 1011, 1002];
          return [
            errors.map((n) => ngettext("%(num)s error", "%(num)s errors", n).split(" ").at(-1)),
            gettext("Drafts"),
            gettext("Public since %(date)s, until %(end)s", { date: "$& 1", end: "%(date)s" }),
            gettext("Dismiss"),
            [1, 2].map((n) => ngettext("%(num)s word", "%(num)s words", n)),
            LANGUAGE,
          ];
        }"""
    )
    page.close()
    one, few, many = "ошибка", "ошибки", "ошибок"
    assert said[0] == [many, one, few, many, many, one, few, many, one, many, many, many, one, one, many, few]
    assert said[1:] == ['Черно"вики" </script> & <b>', "До %(date)s, с $& 1", "Dismiss", ["1 word", "2 words"], "ru"]


def test_pages_show_the_catalogue_s_words(russian: Words) -> None:
    page = fill_page((FOLDER / "phone.html").read_text("utf-8"), russian)
    assert '<html lang="ru">' in page
    assert "<h1>На &lt;телефоне&gt; &amp; &quot;всё&quot;</h1>" in page
    assert "Desktop width" in page
    assert "{{" not in page


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.html")))
def test_own_pages_hold_no_words_of_their_own(name: str) -> None:
    text = re.sub(r'\{\{ gettext\("[^"]*"\) \}\}', "", (FOLDER / name).read_text("utf-8"))
    said = re.findall(r'(?:aria-label|title|alt)="([^"]+)"', text) + re.sub(r"<[^>]*>", "\n", text).split("\n")
    assert [words for words in said if re.search("[A-Za-z]{2}", words)] == []
    assert b"{{" not in render_own_page(name, "en")


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.js")))
def test_scripts_hold_no_words_of_their_own(name: str) -> None:
    """A text that begins with a capital, or has a space between words, is shown to a person."""
    text = re.sub(r"^\s*//.*$", "", (FOLDER / name).read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r'n?gettext\(\s*"[^"]*"(?:,\s*"[^"]*")?', "", text)
    shown = re.findall(r'"([A-Z][a-z]+[^"]*|[a-z]+ [a-z]+[^"]*)"', text)
    allowed = {"Escape", "header a", "line here"}
    assert [words for words in shown if words not in allowed] == []


def test_every_message_of_a_script_is_known_to_it_and_to_translators() -> None:
    filled = fill_script(SOURCE, SCRIPTS, ENGLISH)
    known = json.loads(filled.partition("const KNOWN = ")[2].partition(";\n")[0])
    with POT.open("rb") as file:
        listed = {each.id if isinstance(each.id, str) else each.id[0] for each in read_po(file)}
    assert known["language"] == "en"
    assert len(known["messages"]) > 30
    assert {*known["messages"], *known["plurals"]} <= listed
