"""Films and sounds of the site on real pages: players, and links to them in lists, feeds and mails."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.markup.body import convert_markdown
from generator.markup.settings import ENGINES, MarkupSettings
from generator.model import MediaFacts
from generator.render.media_words import describe_media, write_length
from generator.site.media_files import find_beside
from generator.words import ENGLISH, find_words

MEDIA = Path(__file__).parents[1] / "media/files"
FILM, UPRIGHT, SOUND = ((MEDIA / name).read_bytes() for name in ("film.mp4", "upright.mp4", "sound.mp3"))
VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
PAGE = "2024/01/a/index.html"
TEXT = """[A walk through the *new* hall](walk.mp4)

![Upright](/upright.mp4 "As a phone films it")

[The talk](talk.mp3)

Here: ![In a line](walk.mp4), and [a link](walk.mp4).
"""


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (1200, 675), "navy").save(data, "PNG")
    return data.getvalue()


def site(post: Any) -> dict[str, str | bytes]:
    return {
        "posts/2024-01-01-a.md": post("A", TEXT, audio="talk.mp3"),
        "posts/walk.mp4": FILM,
        "posts/walk.vtt": VTT,
        "posts/walk.cy.vtt": VTT,
        "posts/walk.poster.png": picture(),
        "posts/talk.mp3": SOUND,
        "static/upright.mp4": UPRIGHT,
    }


@pytest.fixture(params=ENGINES)
def made(request: pytest.FixtureRequest, letters: Any, post: Any, config: Any) -> Any:
    return letters({"site.toml": config(f'[markup]\nengine = "{request.param}"\n'), **site(post)})


def test_a_film_is_a_player_that_loads_nothing_and_says_what_it_is(made: Any) -> None:
    assert made.codes == []
    walk, upright, inline = made.html(PAGE).xpath("//video")
    assert {name: walk.get(name) for name in ("controls", "preload", "src", "width", "height", "aria-label")} == {
        "controls": "",
        "preload": "none",
        "src": "/2024/01/a/walk.mp4",
        "width": "64",
        "height": "36",
        "aria-label": "A walk through the new hall",
    }
    assert walk.get("poster").startswith("/2024/01/a/walk.poster.640.")
    assert [(t.get("kind"), t.get("srclang"), t.get("label"), t.get("src")) for t in walk.xpath(".//track")] == [
        ("captions", "en", "English", "/2024/01/a/walk.vtt"),
        ("captions", "cy", "Cymraeg", "/2024/01/a/walk.cy.vtt"),
    ]
    (caption,) = walk.xpath("../figcaption")
    assert caption.xpath("string()") == "A walk through the new hall (0:02, 5 KB) Download"
    assert caption.xpath(".//a[@download]/@href") == ["/2024/01/a/walk.mp4"]
    assert (upright.get("width"), upright.get("height"), upright.get("aria-label")) == ("36", "64", "Upright")
    assert upright.xpath("string(../figcaption)").startswith("As a phone films it (0:02")
    assert inline.getparent().tag == "span"
    assert {"2024/01/a/walk.vtt", "2024/01/a/walk.cy.vtt", "2024/01/a/walk.poster.png"} <= made.paths


def test_a_sound_is_a_player_and_front_matter_puts_one_above_the_text(made: Any) -> None:
    above, talk = made.html(PAGE).xpath("//audio")
    assert above.get("aria-label") == "Listen to “A”"
    assert talk.get("aria-label") == "The talk"
    for each in (above, talk):
        assert (each.get("src"), each.get("preload"), each.get("width")) == ("/2024/01/a/talk.mp3", "none", None)
        assert "(0:02, 2 KB)" in each.xpath("string(../figcaption)")


def test_feeds_have_links_with_length_and_size_and_an_enclosure(made: Any) -> None:
    (item,) = made.json("feed.json")["items"]
    url, size = "https://example.org/2024/01/a/talk.mp3", (made.output / "2024/01/a/talk.mp3").stat().st_size
    assert item["attachments"] == [
        {"url": url, "mime_type": "audio/mpeg", "size_in_bytes": size, "duration_in_seconds": 2}
    ]
    html = item["content_html"]
    assert "<video" not in html + made.text("feed.xml")
    assert "<audio" not in html
    assert (
        '<a href="https://example.org/2024/01/a/walk.mp4">A walk through the <em>new</em> hall</a> (0:02, 5 KB)' in html
    )
    assert f'<a href="{url}">Listen</a> (0:02, 2 KB)' in html
    assert f'<enclosure url="{url}" length="{size}" type="audio/mpeg"/>' in made.text("feed.xml")
    links = made.feed("atom.xml").entries[0].enclosures
    assert [(link.href, link.type, link.length) for link in links] == [(url, "audio/mpeg", str(size))]


def test_another_film_in_its_place_changes_the_page(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "[Walk](walk.mp4)"), "posts/walk.mp4": FILM})
    assert made.html(PAGE).xpath("//video/@width") == ["64"]
    made.write("content/posts/walk.mp4", UPRIGHT)
    made.write("content/posts/walk.vtt", VTT)
    made.build()
    assert made.html(PAGE).xpath("//video/@width") == ["36"]
    assert made.html(PAGE).xpath("//track/@src") == ["/2024/01/a/walk.vtt"]
    (made.root / "content/posts/walk.vtt").unlink()
    made.build()
    assert made.html(PAGE).xpath("//track") == []
    assert made.verify() == ()


def test_what_no_browser_plays_is_a_link_and_what_is_not_there_is_named(letters: Any, post: Any) -> None:
    text = "[Walk](walk.mp4)\n\n[Gone](gone.mp4)\n\n![](silent.mp4)\n"
    files = {"posts/walk.mp4": b"\0" * 99, "posts/silent.mp4": FILM}
    made = letters({"posts/2024-01-01-a.md": post("A", text, audio="none.mp3"), **files})
    assert made.html(PAGE).xpath("//figcaption/a[@href='/2024/01/a/walk.mp4']")
    assert made.html(PAGE).xpath("//video/@aria-label") == ["Film"]
    found = {(problem.code, problem.line) for problem in made.report.problems}
    assert found == {("dead-link", 7), ("no-alt", 9), ("dead-audio", 3)}


def test_a_list_has_a_link(letters: Any, post: Any) -> None:
    text = "[Walk](walk.mp4)\n\n<!--more-->\n\nText"
    files = {"posts/2024-01-01-a.md": post("A", text), "posts/walk.mp4": FILM}
    made = letters(
        {**files, "site.toml": 'title = "T"\nurl = "https://example.org/"\n[theme]\nhome_list = "excerpt"\n'}
    )
    home = made.html("index.html")
    assert not home.xpath("//video")
    assert home.xpath("//a[@href='/2024/01/a/walk.mp4']") or "walk.mp4" not in made.text("index.html")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "See [it](walk.mp4).",
        "- [it](walk.mp4)",
        "[it](https://example.org/walk.mp4)",
        "[it](walk.mp4.zip)",
        "`[it](walk.mp4)`",
    ],
)
def test_every_other_link_to_a_film_stays_a_link(engine: str, text: str) -> None:
    body = convert_markdown(text, path="a.md", slug="a", settings=MarkupSettings(engine=engine))
    assert body.players == ()


def test_the_files_beside_a_film_are_found_by_name() -> None:
    files = ["a/w.vtt", "a/w.en-GB.vtt", "a/w.x.vtt", "a/ww.vtt", "w.vtt", "a/w.jpg", "a/w.webp", "a/w.cy.srt"]
    beside = find_beside("a/w.mp4", files)
    assert beside.poster == "a/w.jpg"
    assert beside.captions == (("", "a/w.vtt"), ("en-GB", "a/w.en-GB.vtt"))
    capitals = find_beside("w.MOV", ["w.VTT", "w.cy.Vtt", "w.POSTER.JPG", "w.JPG", "W.png"])
    assert capitals.poster == "w.JPG"
    assert capitals.captions == (("", "w.VTT"), ("cy", "w.cy.Vtt"))
    assert find_beside("w.mp4", ["w.jpg", "w.JPG"]).poster == find_beside("w.mp4", ["w.JPG", "w.jpg"]).poster == "w.jpg"
    assert find_beside("a/none.mp4", files) == find_beside("b/w.mp4", ["w.vtt"])


@pytest.mark.parametrize(
    ("ms", "length"),
    [(0, ""), (1, "0:01"), (999, "0:01"), (59_600, "1:00"), (245_000, "4:05"), (3_600_000, "1:00:00")],
)
def test_a_length_is_written_as_players_do(ms: int, length: str) -> None:
    assert write_length(ms) == length


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (1, "1 KB"),
        (2_499, "2 KB"),
        (999_499, "999 KB"),
        (1_000_000, "1 MB"),
        (12_345_678, "12 MB"),
        (1_234_567_890, "1,235 MB"),
    ],
)
def test_a_size_is_written_in_words(size: int, said: str) -> None:
    assert describe_media(MediaFacts("video/mp4", size_bytes=size), ENGLISH) == said
    assert describe_media(MediaFacts("video/mp4", duration_ms=245_000, size_bytes=size), ENGLISH) == f"4:05, {said}"


def test_a_size_is_written_in_the_language_of_the_page() -> None:
    assert describe_media(MediaFacts("video/mp4", size_bytes=1_250_000), find_words("fr")) == "1,2 Mo"
