"""Alternative texts: which pictures have none, which are decorative, which words describe nothing."""

from __future__ import annotations

from typing import Any

import pytest

from generator.markup.alt_text import describe_weak

pytestmark = pytest.mark.parametrize("engine", ["markdown", "commonmark"])


@pytest.mark.parametrize(
    ("text", "alt"),
    [
        ("![](x.jpg)", None),
        ("![ ](x.jpg)", None),
        ("![][r]\n\n[r]: x.jpg", None),
        ('![](x.jpg "A caption")', None),
        ("<img src='x.jpg'>", None),
        ("[![](x.jpg)](/a/)", None),
        ("Words ![](x.jpg) words", None),
        ("<img src='x.jpg' alt=''>", ""),
        ('<p>A <img alt="" src="x.jpg"></p>', ""),
        ('![](x.jpg "decorative:")', ""),
        ('![A cat](x.jpg "decorative:")', ""),
        ('![](x.jpg "DECORATIVE: A caption")', ""),
        ('![](x.jpg "  decorative :A caption")', ""),
        ('Words ![A](x.jpg "decorative: tip") words', ""),
        ("![decorative:](x.jpg)", ""),
        ("![decorative: ](x.jpg)", ""),
        ("![Decorative: a rule](x.jpg)", ""),
        ('![decorative: ](x.jpg "A caption")', ""),
        ("Words ![decorative:](x.jpg) words", ""),
        ("[![decorative:](x.jpg)](/a/)", ""),
        ("<img src='x.jpg' alt='decorative:'>", ""),
        ("![decorative](x.jpg)", "decorative"),
        ("![A decorative: cat](x.jpg)", "A decorative: cat"),
        ('![A](x.jpg "A decorative: cat")', "A"),
        ('![A cat](x.jpg "A cat")', "A cat"),
        ("![\\!\\[\\]](x.jpg)", "![]"),
    ],
)
def test_only_an_author_who_says_so_makes_it_decorative(text: str, alt: str | None, engine: str, body_of: Any) -> None:
    body = body_of(text, engine=engine)
    assert [picture.alt for picture in body.images] == [alt]
    assert not {chr(code) for code in range(0xFDD2, 0xFDF0)} & set(body.html) - {"\ufdd4"}


@pytest.mark.parametrize(
    "text", ["`![](x.jpg)`", "<!-- ![](x.jpg) -->", "```\n![](x.jpg)\n```", "\\![](x.jpg)", "!\\[](x.jpg)"]
)
def test_what_only_looks_like_a_picture_stays_as_it_is(text: str, engine: str, body_of: Any, show: Any) -> None:
    body = body_of(text, engine=engine)
    assert body.images == ()
    assert "\ufdd3" not in show(body)


@pytest.mark.parametrize(
    ("alt", "src"),
    [
        ("IMG_2041.jpg", "a.jpg"),
        ("cat.png", "x/cat.png"),
        ("Screenshot 2026-11-02", "a.png"),
        ("IMG 2041", "a.jpg"),
        ("PXL_20261102_101112", "a.jpg"),
        ("front_desk", "front_desk.jpg"),
        ("the-new-desk", "the-new-desk.jpg"),
        ("photo", "a.jpg"),
        ("Image", "a.jpg"),
        ("Picture 3", "a.jpg"),
        ("image.", "a.jpg"),
        ("Bild", "a.jpg"),
        ("Foto 2", "a.jpg"),
        ("photographie", "a.jpg"),
        ("imagen", "a.jpg"),
        ("Llun", "a.jpg"),
        ("ffoto", "a.jpg"),
        ("صورة", "a.jpg"),
    ],
)
def test_a_file_name_and_the_word_for_a_picture_describe_nothing(alt: str, src: str, engine: str) -> None:
    assert describe_weak(alt, src), engine


@pytest.mark.parametrize(
    ("alt", "src"),
    [
        ("A cat asleep on the atlas", "a.jpg"),
        ("cat", "cat.jpg"),
        ("T-shirt", "T-shirt.jpg"),
        ("Photo of the new desk", "a.jpg"),
        ("The picture of the year", "a.jpg"),
        ("DSC", "a.jpg"),
        ("Node.js", "a.jpg"),
        ("Figure 3: calls by hour", "a.jpg"),
        ("2026", "a.jpg"),
        ("", "a.jpg"),
        ("How to name IMG_2041.jpg", "a.jpg"),
    ],
)
def test_a_description_may_be_short(alt: str, src: str, engine: str) -> None:
    assert describe_weak(alt, src) == "", engine


@pytest.mark.parametrize("alt", [".", " . ", "…"])
@pytest.mark.parametrize("title", ["", ' "."', ' " "', ' "Opening day"'])
def test_a_description_that_is_only_a_full_stop_is_kept(alt: str, title: str, engine: str, body_of: Any) -> None:
    body = body_of(f"Text ![{alt}](a.jpg{title}) text.", engine=engine)
    assert body.images[0].alt.strip() == alt.strip()
