"""Titles, summaries, notes and names pass the same typographic rules as bodies, in their own language."""

import json
from typing import Any

import pytest

SITE = (
    'title = "Letters \'n\' such"\nurl = "https://example.org/"\ndescription = "It\'s \\"ours\\" -- really..."\n'
    '[authors.ana]\nname = "Ana O\'Neill"\nbio = "She says \\"no\\"."\n'
    '[tags.x]\nname = "What\'s new"\ndescription = "The \\"new\\"."\n'
    '[series.days]\nname = "One day\'s work"\ndescription = "A day\'s \\"work\\"."\nrating_max = 10\n'
    '[[nav]]\ntitle = "Who\'s who"\nurl = "/archive/"\n'
)


def test_every_text_of_a_page_is_set(letters: Any, post: Any) -> None:
    source = post(
        "It's \"late\"", "Text.", summary="Don't wait -- \"go\"...", tags=["x"], authors=["ana"], series="days", part=1,
        learning_points=["Ask \"why\" first, don't guess."], rating=9, rating_note="It's \"good\".",
        updates=[{"date": "2024-01-03", "note": "We wrote \"ten\". It's nine."}],
        action={"text": "Say \"yes\"", "url": "/archive/"}, description="What's \"this\"?",
    )  # fmt: skip
    made = letters({"site.toml": SITE, "posts/2024-01-01-a.md": source})
    page = "2024/01/a/index.html"
    for path in (page, "index.html", "tags/x/index.html", "series/days/index.html", "authors/ana/index.html"):
        text = made.html(path).text_content().replace(json_text(made, path), "")
        assert "'" not in text, path
        assert '"' not in text, path
    text = made.html(page).text_content()
    for words in ("It’s “late”", "Don’t wait – “go”…", "Ask “why” first", "We wrote “ten”", "Say “yes”", "Who’s who"):
        assert words in text, words
    assert made.html(page).findtext(".//title") == "It’s “late” · Letters ’n’ such"
    assert made.meta(page, "description") == "What’s “this”?"
    assert made.meta(page, "og:title") == "It’s “late”"
    assert made.feed("feed.xml").entries[0].title == "It’s “late”"
    assert made.json("feed.json")["items"][0]["title"] == "It’s “late”"


def json_text(made: Any, path: str) -> str:
    return "".join(made.html(path).xpath('//script[@type="application/ld+json"]/text()'))


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "She said “don’t”"),
        ("de", "She said „don’t“"),
        ("fr", "She said «\u202fdon’t\u202f»"),
        ("cy", "She said “don’t”"),
        ("sv", "She said ”don’t”"),
        ("pl", "She said „don’t”"),
    ],
)
def test_a_title_has_the_marks_of_its_language_everywhere(letters: Any, post: Any, lang: str, title: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post('She said "don\'t"', lang=lang)})
    (shown,) = made.html("2024/01/a/index.html").xpath("//h1")
    assert shown.text == title
    assert made.html("index.html").xpath("//main//h2/a")[0].text == title
    assert made.json("feed.json")["items"][0]["title"] == title


def test_a_site_without_typography_keeps_what_was_written(letters: Any, post: Any, config: Any) -> None:
    files = {"posts/2024-01-01-a.md": post('It\'s "late" -- go...')}
    made = letters({"site.toml": config("[markup]\ntypography = false\n"), **files})
    assert made.html("2024/01/a/index.html").xpath("//h1")[0].text == 'It\'s "late" -- go...'
    made = letters({"site.toml": config(""), **files})
    assert made.html("2024/01/a/index.html").xpath("//h1")[0].text == "It’s “late” – go…"
    facts = json.loads(json_text(made, "2024/01/a/index.html"))
    assert facts["@graph"][0]["headline"] == "It’s “late” – go…"


@pytest.mark.parametrize("title", ["The option --drafts", "a -> b", "5 - 3", "rock and roll", "1.2.3", "x--->y"])
def test_what_is_no_mark_stays(letters: Any, post: Any, title: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post(title)})
    assert made.html("2024/01/a/index.html").xpath("//h1")[0].text == title
