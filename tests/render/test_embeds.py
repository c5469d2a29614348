"""Cards of films on other hosts, on real pages: the policy, the script, and what lists, feeds and mails show."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from generator.model import Contact
from generator.render.policy import write_policy


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (100, 60), "navy").save(data, "PNG")
    return data.getvalue()


TALK = "https://youtu.be/dQw4w9WgXcQ"
FILM = "https://vimeo.com/76979871"
PAGE = "2024/01/a/index.html"
POLICY = '//meta[@http-equiv="Content-Security-Policy"]/@content'


def frame_hosts(made: Any, path: str) -> list[str]:
    (policy,) = made.html(path).xpath(POLICY)
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    return str(directives.get("frame-src", "")).split()


def scripts(made: Any, path: str) -> list[str]:
    return [src.split("/")[-1].split(".")[0] for src in made.html(path).xpath("//script/@src")]


@pytest.fixture
def made(letters: Any, post: Any) -> Any:
    return letters(
        {
            "posts/2024-01-01-a.md": post("A", f"[Our *talk*]({TALK}?t=5)\n\n<!--more-->\n\nText."),
            "posts/2024-01-02-b.md": post("B", f"[![The hall](hall.png)]({FILM})"),
            "posts/2024-01-03-c.md": post("C", f"Only {TALK} in a line."),
            "posts/hall.png": picture(),
            "pages/archive.md": post("Archive", f"{FILM}"),
            "newsletters/2024-02-01-n.md": post("N", f"[Our talk]({TALK})", posts=["a", "b"]),
        }
    )


def test_a_page_allows_the_host_of_its_own_films_alone(made: Any) -> None:
    assert frame_hosts(made, PAGE) == ["https://www.youtube-nocookie.com"]
    assert frame_hosts(made, "2024/01/b/index.html") == ["https://player.vimeo.com"]
    assert frame_hosts(made, "archive/index.html") == ["https://player.vimeo.com"]
    assert frame_hosts(made, "newsletter/n/index.html") == ["https://www.youtube-nocookie.com"]
    for path in made.paths:
        if path.endswith(".html") and path not in (
            PAGE,
            "2024/01/b/index.html",
            "archive/index.html",
            "newsletter/n/index.html",
        ):
            assert "frame-src" not in made.text(path), path
            assert "data-frame" not in made.text(path), path
            assert not scripts(made, path), path


def test_the_script_is_on_pages_with_a_card_alone(made: Any) -> None:
    assert scripts(made, PAGE) == ["frames"]
    assert scripts(made, "archive/index.html") == ["frames"]
    assert scripts(made, "2024/01/c/index.html") == []


def test_a_card_names_the_title_and_both_hosts_and_is_a_plain_link(made: Any) -> None:
    (card,) = made.html(PAGE).xpath("//figure[@class='embed']")
    assert card.get("data-frame").startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")
    assert card.get("data-frame-title") == "Our talk"
    assert card.get("data-frame-text") == "Play the film here. Your browser then contacts www.youtube-nocookie.com."
    assert card.xpath("a/@href") == [f"{TALK}?t=5"]
    assert card.xpath("string(figcaption)") == "youtu.be"
    assert not made.html(PAGE).xpath("//iframe | //link[contains(@href, 'youtu')]")


def test_a_poster_is_shown_from_the_site(made: Any) -> None:
    (card,) = made.html("2024/01/b/index.html").xpath("//figure[@class='embed']")
    assert card.xpath("a//img/@src") == ["/2024/01/b/hall.png"]
    assert card.xpath("a//img/@alt") == [""]
    assert made.codes == []


def test_feeds_have_the_link(made: Any) -> None:
    items = {item["title"]: item["content_html"] for item in made.json("feed.json")["items"]}
    assert f'<a href="{TALK}?t=5">' in items["A"]
    assert "Our talk" in items["A"]
    assert "data-frame" not in made.text("feed.xml") + made.text("atom.xml") + str(items)
    assert "nocookie" not in made.text("feed.xml")


def test_another_title_and_another_film_change_that_page(made: Any) -> None:
    made.edit("content/posts/2024-01-01-a.md", f"({TALK}?t=5)", f"({FILM})")
    made.build()
    assert frame_hosts(made, PAGE) == ["https://player.vimeo.com"]
    made.edit("content/posts/2024-01-01-a.md", f"({FILM})", "(/)")
    made.build()
    assert frame_hosts(made, PAGE) == []
    assert scripts(made, PAGE) == []
    assert made.verify() == ()


def test_a_policy_allows_each_contact_for_its_purpose_only() -> None:
    policy = write_policy(
        [
            Contact("b.example", "script"),
            Contact("a.example:8443", "frame"),
            Contact("a.example:8443", "frame", on_click=True),
        ]
    )
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["frame-src"] == "https://a.example:8443"
    assert directives["script-src"] == "'self' https://b.example"
    assert directives["connect-src"] == "'self'"
    assert write_policy([Contact("f.example", "form")]).endswith("form-action https://f.example")


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("a;sandbox;b.example", ""),
        ("a; script-src *;b.example", ""),
        ("*", ""),
        ("a.example 'unsafe-inline'", ""),
        ("a,b.example", ""),
        ("a.example/path", ""),
        ("a\nb.example", ""),
        ("\xa0.example", ""),
        ("", ""),
        ("büro.example", "https://xn--bro-hoa.example"),
        ("büro.example:8443", "https://xn--bro-hoa.example:8443"),
        ("A.Example", "https://a.example"),
        ("localhost:8080", "https://localhost:8080"),
    ],
)
def test_no_host_can_change_the_policy(host: str, source: str) -> None:
    policy = write_policy([Contact(host, "frame")])
    assert policy == write_policy([Contact("x.example", "frame")] if source else []).replace(
        "https://x.example", source
    )
