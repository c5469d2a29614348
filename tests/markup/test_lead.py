"""The lead: salutations are passed over, paragraphs gathered, long texts cut at a sentence's or word's end."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.markup.lead import LEAST, MOST, is_salutation, shorten
from tests.factories import Site, post, write_site
from tests.markup.conftest import Convert

ENGINES = ("markdown", *(["commonmark"] if importlib.util.find_spec("pyromark") else []))
WAYS = [(engine, stock) for engine in ENGINES for stock in (False, True)]
TEXT = "The queue at the counter is half as long as it was in March, because the sign says what to bring."

SALUTATIONS = (
    "Dear colleagues,",
    "Dear Mr. Smith:",
    "Hello everyone! 👋",
    "Hi all –",
    "**Good morning!**",
    "Liebe Kolleginnen und Kollegen,",
    "Sehr geehrte Frau Prof. Dr. Meier,",
    "Chers collègues,",
    "Bonjour à tous !",
    "¡Hola a todos!",
    "Estimados compañeros:",
    "Annwyl gydweithwyr,",
    "A chairde,",
    "各位同事：",
    "皆様、",
    "الزملاء الأعزاء،",
    "प्रिय साथियों,",
)
NO_SALUTATIONS = (
    "We moved.",
    "How are you?",
    "Good news! The lift works again!",
    "It is done. Read how:",
    "A short note",
    "The office is closed on Friday…",
    "This is a first paragraph that is much too long to be a salutation, although it ends with a comma,",
)


@pytest.mark.parametrize("salutation", SALUTATIONS)
@pytest.mark.parametrize(("engine", "stock"), WAYS)
def test_a_salutation_is_passed_over(body_of: Convert, salutation: str, engine: str, stock: bool) -> None:
    assert body_of(f"{salutation}\n\n{TEXT}", engine=engine, stock=stock).lead == TEXT


@pytest.mark.parametrize("first", NO_SALUTATIONS)
def test_other_short_paragraphs_stay(body_of: Convert, first: str) -> None:
    assert not is_salutation(first)
    assert body_of(f"{first}\n\n{TEXT}").lead == f"{first} {TEXT}"


@pytest.mark.parametrize(
    ("text", "lead"),
    {
        "two greetings": (f"Dear all,\n\nGood morning!\n\n{TEXT}", TEXT),
        "below a heading": (f"## June\n\nDear all,\n\n{TEXT}", TEXT),
        "below a quotation": (f"> Quoted,\n\nDear all,\n\n{TEXT}", TEXT),
        "above the mark": (f"Dear all,\n\n{TEXT}\n\n<!--more-->\n\nMore.", TEXT),
        "alone above the mark": (f"Dear all,\n\n<!--more-->\n\n{TEXT}", "Dear all,"),
        "before a list": ("Dear all,\n\n- one\n- two", "one"),
        "a colon before a list": (f"We changed three things:\n\n- one\n\n{TEXT}", f"We changed three things: {TEXT}"),
        "nothing else": ("Dear all,", "Dear all,"),
        "a heading and a list": ("## Head\n\n- one\n- two", "one"),
        "only a heading": ("## Head", "Head"),
        "no text": ("", ""),
        "a quotation first": ("## Head\n\n> quoted\n\nFirst *words*.\n\nSecond.", "First words. Second."),
        "three paragraphs": ("One.\n\nTwo.\n\nThree.", "One. Two. Three."),
    }.values(),
)
@pytest.mark.parametrize(("engine", "stock"), WAYS)
def test_the_lead_is_made_of_paragraphs(body_of: Convert, text: str, lead: str, engine: str, stock: bool) -> None:
    assert body_of(text, engine=engine, stock=stock).lead == lead


@pytest.mark.parametrize(
    ("text", "end"),
    {
        "a sentence's end": (f"{'We counted words. ' * 10}And so on. {'Then more followed. ' * 5}", "And so on."),
        "a word's end": ("word " * 60, "word…"),
        "an abbreviation": ("a " * 85 + "by Dr. Meier and many others who wrote", "others…"),
        "a date": ("a " * 85 + "on 3. Mai and for many more days", "more…"),
        "a long address": ("Read " + "https://example.org/" + "x" * 300, "Read…"),
        "Chinese": ("我们部门的工作。" * 40, "。"),
        "Chinese without a stop": ("我们部门的工作" * 40, "…"),
        "Thai": ("น้ำท่วมกรุงเทพ" * 30, "…"),
        "a comma": ("word, " * 60, "word…"),
    }.values(),
)
def test_a_long_text_is_cut(text: str, end: str) -> None:
    short = shorten(text.strip())
    assert short.endswith(end)
    assert len(short) <= MOST
    assert len(short) >= LEAST or end == "Read…"


@given(st.text(max_size=400))
def test_a_lead_is_the_beginning_of_the_text(text: str) -> None:
    short = shorten(text)
    assert len(short) <= max(MOST, 1)
    assert short == text if len(text) <= MOST else text.startswith(short.removesuffix("…"))


@given(st.lists(st.text("abc.,!", min_size=1, max_size=12), min_size=1).map(" ".join))
def test_no_word_is_cut_where_words_have_spaces(text: str) -> None:
    short = shorten(text)
    if short != text:
        cut = short.removesuffix("…")
        assert len(short) >= LEAST
        assert text[len(cut) :].lstrip(" ,").split(" ")[0] in ("", *text.split(" ")) or text[len(cut)] in " ,"


def test_card_feed_description_and_pictureless_lists_show_one_text(tmp_path: Path) -> None:
    lead = f"{TEXT} We thank all who helped us. We shall look at the printer next."
    body = f"Dear colleagues,\n\n{TEXT}\n\nWe thank all who helped us. We shall look at the printer next.\n\nLast."
    issue = post("June", "Hello.", date="2026-06-30", posts=["hello"])
    sources = {"posts/2026-06-01-hello.md": post("Hello", body), "newsletters/june.md": issue}
    site = Site(write_site(tmp_path, sources))
    site.build()
    page = "2026/06/hello/index.html"
    assert site.meta(page, "description") == site.meta(page, "og:description") == lead
    assert site.html("index.html").xpath('string(//p[contains(@class, "card-summary")])') == lead
    assert site.json("feed.json")["items"][0]["summary"] == lead
    assert lead in site.text("newsletter/june/index.html")
