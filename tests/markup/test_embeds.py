"""Links to films on other hosts: which are recognised, what the player's address is, and what stays a link."""

from __future__ import annotations

import pytest

from generator.config import EmbedsConfig
from generator.markup.bare_addresses import link_bare
from generator.markup.body import clean_html, convert_markdown, make_html
from generator.markup.embeds import _FRAMES, PROVIDERS, find_embed
from generator.markup.insets import may_have_insets
from generator.markup.settings import ENGINES, MarkupSettings
from generator.markup.tokens import Tokens
from generator.model import Body, Contact

TALK = "https://youtu.be/dQw4w9WgXcQ"
FILM = "https://vimeo.com/76979871"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
NOCOOKIE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        (TALK, NOCOOKIE),
        (f"{TALK}?si=abc&t=90", f"{NOCOOKIE}&start=90"),
        (f"{TALK}?t=1h2m3s", f"{NOCOOKIE}&start=3723"),
        (f"{TALK}?t=soon", NOCOOKIE),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", NOCOOKIE),
        ("http://youtube.com/watch?list=x&v=dQw4w9WgXcQ#a", NOCOOKIE),
        ("https://m.youtube.com/watch/?v=dQw4w9WgXcQ", NOCOOKIE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", NOCOOKIE),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", NOCOOKIE),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5", f"{NOCOOKIE}&start=5"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
        ("https://vimeo.com/76979871/abcdef0123", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1&h=abcdef0123"),
        ("https://vimeo.com/channels/staff-picks/76979871", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
        ("https://player.vimeo.com/video/76979871?h=abcdef01", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1&h=abcdef01"),
        (f"https://video.example.org/w/{UUID}", f"https://video.example.org/videos/embed/{UUID}?autoplay=1&p2p=0"),
        (f"https://peer.example/videos/watch/{UUID}?start=1m", f"https://peer.example/videos/embed/{UUID}?autoplay=1&p2p=0&start=60s"),
        ("https://peer.example/w/kkGMgK9ZtnKfYAgnEtQxbv", "https://peer.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?autoplay=1&p2p=0"),
        ("https://www.ted.com/talks/a_b_why_c?language=cy", "https://embed.ted.com/talks/a_b_why_c"),
        (f"https://uni.cloud.panopto.eu/Panopto/Pages/Viewer.aspx?id={UUID}", f"https://uni.cloud.panopto.eu/Panopto/Pages/Embed.aspx?id={UUID}&autoplay=true"),
        (f"https://uni.hosted.panopto.com/Panopto/Pages/Embed.aspx?x=1&id={UUID}", f"https://uni.hosted.panopto.com/Panopto/Pages/Embed.aspx?id={UUID}&autoplay=true"),
    ],
)  # fmt: skip
def test_the_address_of_a_film_gives_that_of_its_player(url: str, frame: str) -> None:
    embed = find_embed(url)
    assert embed
    assert embed.frame == frame
    assert frame.startswith(f"https://{embed.host}/")


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (f"{TALK}?si=abc&utm_source=mail&t=90", "youtu.be/dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&pp=abc", "youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ#a", "youtube.com/watch?v=dQw4w9WgXcQ"),
        (f"{FILM}?share=copy&fbclid=abc", "vimeo.com/76979871"),
        (f"https://büro.example/w/{UUID}?start=1m", f"büro.example/w/{UUID}"),
        (
            f"https://uni.cloud.panopto.eu/Panopto/Pages/Viewer.aspx?x=1&id={UUID}",
            f"uni.cloud.panopto.eu/Panopto/Pages/Viewer.aspx?id={UUID}",
        ),
        ("https://www.ted.com/talks/a_b?utm_source=mail", "A b"),
    ],
)
def test_a_title_from_the_link_has_no_tracking(url: str, title: str) -> None:
    embed = find_embed(url)
    assert embed
    assert embed.title == title


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/",
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/playlist?list=PL1",
        "https://youtu.be/short",
        "https://youtu.be/dQw4w9WgXcQ/more",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.example@youtu.be/dQw4w9WgXcQ",
        "https://youtu.be:8443/dQw4w9WgXcQ",
        "ftp://youtu.be/dQw4w9WgXcQ",
        "https://[::bad/w/x",
        "https://vimeo.com/about",
        "https://vimeo.com/76979871/more/words",
        "https://example.org/w/not-a-film",
        f"https://example.org/videos/{UUID}",
        "https://www.ted.com/talks",
        "https://www.ted.com/speakers/a_b",
        "https://uni.panopto.example/Panopto/Pages/Viewer.aspx?id=" + UUID,
        "https://uni.cloud.panopto.eu/Panopto/Pages/Viewer.aspx?id=1",
        "https://panopto.eu/Panopto/Pages/Sessions/List.aspx",
        f"https://a;sandbox;b.example/w/{UUID}",
        f"https://a;script-src *;b.example/w/{UUID}",
        f"https://*/w/{UUID}",
        f"https://*.example/w/{UUID}",
        f"https://a,b.example/w/{UUID}",
        f"https://a'b.example/w/{UUID}",
        f'https://a"b.example/w/{UUID}',
        f"https://a%3Bb.example/w/{UUID}",
        f"https://a b.example/w/{UUID}",
        f"https://a\xa0b.example/w/{UUID}",
        f"https://a\u2028b.example/w/{UUID}",
        f"https://a\0b.example/w/{UUID}",
        f"https://[::1]/w/{UUID}",
        f"https://{'x' * 300}.example/w/{UUID}",
        f"https://\u2603;.example/w/{UUID}",
        "https://a;b.panopto.com/Panopto/Pages/Viewer.aspx?id=" + UUID,
        "",
    ],
)
def test_no_other_address_is_taken_for_a_film(url: str) -> None:
    assert find_embed(url) is None


def test_the_settings_name_each_provider() -> None:
    assert EmbedsConfig().providers == PROVIDERS == tuple(_FRAMES)


def body(text: str, engine: str = "markdown", *, stock: bool = False, embeds: tuple[str, ...] = PROVIDERS) -> Body:
    settings = MarkupSettings(engine=engine, stock=stock, embeds=embeds)
    return convert_markdown(text, path="a.md", slug="a", settings=settings)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"[A good week]({TALK})", "A good week"),
        (f"[A *good* week]({TALK} 'ignored')", "A good week"),
        (TALK, "youtu.be/dQw4w9WgXcQ"),
        (f"<{TALK}>", "youtu.be/dQw4w9WgXcQ"),
        (f"[{TALK}]({TALK})", "youtu.be/dQw4w9WgXcQ"),
        (f"[![The hall](hall.jpg)]({TALK})", "The hall"),
        (f"[![The hall](hall.jpg) Our hall]({TALK})", "Our hall"),
        (f"[![](hall.jpg)]({TALK})", "youtu.be/dQw4w9WgXcQ"),
        ("https://www.ted.com/talks/ann_lee_how_to_listen", "Ann lee how to listen"),
        (f"> [Quoted]({TALK})", "Quoted"),
        (f'<p><a href="{TALK}">In HTML</a></p>', "In HTML"),
    ],
)
def test_a_link_alone_in_a_paragraph_becomes_a_card(engine: str, text: str, title: str) -> None:
    made = body(f"Before\n\n{text}\n\nAfter", engine)
    (frame,) = made.frames
    assert frame.title == title
    assert f'<span class="embed-title">{title}</span></a><figcaption>' in made.html
    assert made.html.count("<a ") == 1
    assert made.contacts == (Contact(frame.url.split("/")[2], "frame", on_click=True),)
    assert made == body(f"Before\n\n{text}\n\nAfter", engine, stock=True)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        f"See {TALK} soon.",
        f"[Talk]({TALK}).",
        f"[One]({TALK}) [two]({TALK})",
        f"- [Talk]({TALK})",
        f"- one\n\n- [Talk]({TALK})",
        f"| a |\n|---|\n| [Talk]({TALK}) |",
        f"### [Talk]({TALK})",
        f"**[Talk]({TALK})**",
        f"`{TALK}`",
        "[Elsewhere](https://example.org/w/page)",
    ],
)
def test_every_other_link_stays_a_link(engine: str, text: str) -> None:
    made = body(text, engine)
    assert made.frames == ()
    assert made.contacts == ()
    assert "embed" not in made.html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "may_have"),
    [
        (f"[Talk]({TALK})", True),
        (f"<p>\n{TALK}\n</p>\n\n[One](https://example.org/) and more", True),
        (f"[Talk]({TALK}) and more", False),
        (f"More: [Talk]({TALK})", False),
        ("[Elsewhere](https://example.org/w/page)", False),
    ],
)
def test_only_a_film_alone_in_a_paragraph_needs_a_tree(engine: str, text: str, may_have: bool) -> None:
    chosen = MarkupSettings(engine=engine)
    html = link_bare(clean_html(make_html(text, chosen), chosen), str)
    assert may_have_insets(Tokens(html), html, chosen) is may_have
    assert body(text, engine) == body(text, engine, stock=True)


def test_a_poster_is_a_picture_of_the_body_without_words_of_its_own() -> None:
    made = body(f"[![The hall](hall.jpg)]({TALK})")
    assert [(picture.src, picture.alt) for picture in made.images] == [("hall.jpg", "")]


def test_providers_can_be_switched_off() -> None:
    text = f"[Talk]({TALK})\n\n[Film]({FILM})"
    assert [frame.title for frame in body(text, embeds=("vimeo",)).frames] == ["Film"]
    assert body(text, embeds=()).html == f'<p><a href="{TALK}">Talk</a></p>\n<p><a href="{FILM}">Film</a></p>'
    assert MarkupSettings(embeds=()).fingerprint() != MarkupSettings().fingerprint()


def test_the_excerpt_keeps_a_card_whole() -> None:
    made = body(f"[Talk]({TALK})\n\n<!--more-->\n\nMore")
    assert made.excerpt.startswith("<figure")
    assert made.excerpt.endswith("</figure>")
