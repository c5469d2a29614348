"""The page that shows an issue: it fetches only its pictures, once, runs nothing, and shows what readers get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from generator.model import UNSUBSCRIBE
from generator.newsletter.export.preview_page import (
    LetterPreview,
    list_views,
    make_letter_preview,
    render_preview_page,
)
from generator.newsletter.issue import with_rendered_issue
from tests.factories import post
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue, picture

AT = "june-pictures/"
PATH = "content/newsletters/2026-06-01-june.md"


def parsed(page: str | bytes) -> Any:
    return html.document_fromstring(page)


@pytest.fixture
def shown(tmp_path: Path) -> LetterPreview:
    files: dict[str, str | bytes] = {
        PATH: issue("![x](/a.webp) <b>bold</b>"),
        "content/static/a.webp": picture(30, 20, "WEBP"),
    }
    return with_rendered_issue(make_site_with_issue(tmp_path, files), "june", CLOCK, make_letter_preview)


def test_light_and_dark_are_the_mail_itself_with_pictures_of_its_own(shown: LetterPreview) -> None:
    (name,) = shown.pictures
    for page in (shown.light, shown.dark):
        assert page.count(f'/{name}"') == 1
        assert "letters.example.org/a.webp" not in page
    assert "@media not all" in shown.light
    assert "@media all" in shown.dark
    assert shown.light.count("prefers-color-scheme") == shown.dark.count("prefers-color-scheme") == 0


def test_each_view_lacks_what_its_program_lacks(shown: LetterPreview) -> None:
    views = {view.name: view.html for view in list_views(shown)}
    assert "filter: invert(1)" in views["Phone, colours inverted by the program"]
    bare = views["Phone, without the style sheet"]
    assert "<style" not in bare
    assert ".jpg" in bare
    text_only = views["Wide, without pictures"]
    assert ".jpg" not in text_only
    assert 'alt="x"' in text_only
    word = parsed(views["As old Outlook draws it"])
    assert word.xpath("//td[@width='600' or @width='332'] | //table[@width='600']")
    assert "[if mso]" not in views["As old Outlook draws it"]
    assert "<xml" not in views["As old Outlook draws it"]
    for element in word.iter():
        style = element.get("style") or ""
        assert "max-width" not in style
        assert "padding" not in style or element.tag in ("td", "th")


def test_the_page_measures_each_story(shown: LetterPreview) -> None:
    sizes = dict(shown.stories)
    assert sizes["The lift is mended"] > 500
    assert sum(sizes.values()) < dict(shown.sizes)["HTML"]
    assert "HTML by story" in render_preview_page(shown, AT)


def test_headers_and_sizes_are_those_of_a_recipient(shown: LetterPreview) -> None:
    headers = dict(shown.headers)
    assert headers["Subject"] == "June news: the lift is mended"
    assert headers["From"] == "The Counter <counter@example.org>"
    sizes = dict(shown.sizes)
    assert sizes["The whole mail"] > sizes["HTML"] > sizes["Text"] > 0
    assert sizes["Pictures, loaded when the mail is opened"] > 0


def test_the_page_shows_all_of_it_in_frames_that_run_nothing(shown: LetterPreview) -> None:
    page = parsed(render_preview_page(shown, AT))
    frames = page.xpath("//iframe")
    assert [frame.get("sandbox") for frame in frames] == ["allow-same-origin"] * 8  # no scripts, no forms
    assert [frame.get("width") for frame in frames] == ["600", "375", "600", "375", "375", "375", "600", "600"]
    views = [view.html.replace("openletter-letter-pictures/", AT) for view in list_views(shown)]
    assert [frame.get("srcdoc") for frame in frames] == views
    light, dark = (each.replace("openletter-letter-pictures/", AT) for each in (shown.light, shown.dark))
    assert views[:4] == [light, light, dark, dark]
    assert page.xpath("//script | //link | //img") == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; img-src 'self' file: data:;")
    text = page.text_content()
    assert "June news: the lift is mended" in text
    assert "List-Unsubscribe" in text
    assert UNSUBSCRIBE not in page.xpath("string(//pre)")


def test_every_view_names_the_same_pictures_and_equal_ones_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        PATH: issue("![x](/a.jpg) ![y](/b.JPG) ![z](/c.gif) ![w](/d%20e.png) ![v](/a.jpg)"),
        "content/static/a.jpg": picture(30, 20),
        "content/static/b.JPG": picture(30, 20),
        "content/static/c.gif": picture(30, 20, "GIF", "L"),
        "content/static/d e.png": picture(30, 20, "PNG"),
    }
    shown = with_rendered_issue(make_site_with_issue(tmp_path, files), "june", CLOCK, make_letter_preview)
    assert sorted(name.rpartition(".")[2] for name in shown.pictures) == ["gif", "jpg", "png"]
    page = render_preview_page(shown, AT)
    assert "openletter-letter-pictures" not in page
    for frame in parsed(page).xpath("//iframe"):
        sources = parsed(frame.get("srcdoc")).xpath("//img/@src")
        assert len(sources) == 5
        if frame.get("title") != "The mail: Wide, without pictures":
            assert {each.removeprefix(AT) for each in sources} == set(shown.pictures)
    assert len(page) < 8 * 2 * len(shown.letter.html)


def test_a_site_without_a_sender_is_shown_all_the_same(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {"site.toml": SITE.replace("from =", "# from =")})
    shown = with_rendered_issue(root, "june", CLOCK, make_letter_preview)
    assert shown.headers == ()
    assert "site.toml names no sender yet" in render_preview_page(shown, AT)
    assert [problem.code for problem in shown.problems] == ["mail-sender"]


def test_hostile_words_stay_words_on_the_page(tmp_path: Path) -> None:
    hostile = "</pre><script>alert(1)</script> \" ' <iframe>"
    files: dict[str, str | bytes] = {
        PATH: issue(hostile, subject=hostile),
        "content/posts/2026-05-02-lift.md": post(hostile),
    }
    shown = with_rendered_issue(make_site_with_issue(tmp_path, files), "june", CLOCK, make_letter_preview)
    page = parsed(render_preview_page(shown, AT))
    assert page.xpath("//script") == []
    assert len(page.xpath("//iframe")) == 8
    assert page.xpath("string(//title)").startswith("</pre><script>alert(1)</script>")
