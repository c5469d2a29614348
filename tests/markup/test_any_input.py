from __future__ import annotations

import re
from pathlib import Path

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.markup.body import make_body
from generator.markup.characters import CLOSE, OPEN, strip_refused
from generator.markup.comments import comment_html
from generator.markup.placeholders import Context, Shown, resolve
from generator.markup.sanitise import BLOCK, INLINE, MEDIA
from generator.markup.settings import ENGINES, MarkupSettings
from generator.markup.typography import smarten
from tests.fuzz.properties import PLAYER, check_body, check_html, convert_or_refuse
from tests.fuzz.strategies import CHARS, HTML, MARKDOWN

ATTRIBUTES = {"class", "id", "href", "src", "alt", "title", "role"}
SETTINGS = MarkupSettings()


@given(MARKDOWN, st.sampled_from(ENGINES), st.sampled_from(["safe", "trusted"]), st.sampled_from(["en", "fr"]))
@settings(max_examples=700, deadline=None)
def test_any_text_makes_a_well_formed_body(text: str, engine: str, raw_html: str, language: str) -> None:
    body = convert_or_refuse(text, engine=engine, raw_html=raw_html, language=language)
    if body is not None:
        check_body(body)


@given(HTML)
@settings(max_examples=300, deadline=None)
def test_any_html_of_an_engine_makes_a_well_formed_body(html: str) -> None:
    html = html.replace(OPEN, "").replace(CLOSE, "")
    check_body(make_body(strip_refused(html), slug='a b"<', settings=SETTINGS))


@given(MARKDOWN, st.sampled_from(ENGINES))
@settings(max_examples=300, deadline=None)
def test_any_comment_is_well_formed(text: str, engine: str) -> None:
    html = comment_html(text, MarkupSettings(engine=engine))
    assert check_html(html) == []
    assert "<img" not in html


@given(MARKDOWN)
@settings(max_examples=200, deadline=None)
def test_sanitising_a_page_again_removes_nothing(text: str) -> None:
    body = convert_or_refuse(text)
    if body is None:
        return
    pictures, players = [Shown("/a.png")] * len(body.images), [PLAYER] * len(body.players)
    html = resolve(body.html, Context.FEED, links=["/x"] * len(body.links), images=pictures, players=players)
    again = nh3.clean(html, tags=set(INLINE | BLOCK | MEDIA), attributes={"*": ATTRIBUTES}, link_rel=None)
    assert set(re.findall(r"<[a-z0-9]+", again)) == set(re.findall(r"<[a-z0-9]+", html))


@given(st.text(CHARS, max_size=80), st.sampled_from(["en", "de", "fr", "xx", ""]))
def test_setting_a_text_keeps_its_words(text: str, language: str) -> None:
    def letters(value: str) -> list[str]:
        return re.findall(r"\w", value)

    assert letters(smarten(text, language)) == letters(text)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_every_real_post_makes_a_well_formed_body(engine: str, samples: Path) -> None:
    files = sorted(file for file in (samples / "blogs").rglob("*") if file.suffix in (".md", ".html"))
    assert len(files) > 800
    for file in files:
        body = convert_or_refuse(file.read_text(encoding="utf-8", errors="replace"), engine=engine)
        assert body is not None, file.name
        check_body(body)
