"""How a mail looks: colours in every accent, and in a real browser its width, its dark mode, its pictures or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.newsletter.checks.preflight import load_letter
from tests.factories import post
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue, picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

THEME = Path(__file__).parents[2] / "themes/default"
ACCENTS = ("teal", "indigo", "plum", "forest", "brick", "slate")
NAMES = {"paper", "panel", "ink", "muted", "rule", "on_accent"}
RICH = """Dear **all**, `code`, a [link](/archive/), a note.[^1]

## A heading

> Said by somebody.

> [!NOTE] Mind
> the gap

> [!PULLQUOTE]
> Well.
>
> — Ann

![Wide](/wide.webp "A caption")

| Day | Calls |
|---|---:|
| Monday | 412 |

```
a line of code that is a good deal longer than what fits on a telephone, wherever it is broken
```

https://elsewhere.example.org/an/address/that/nobody/can/break/anywhere/in/a/mail/for/it/has/no/spaces/at/all/

[^1]: Below.
"""
FILES: dict[str, str | bytes] = {
    "content/newsletters/2026-06-01-june.md": issue(
        RICH, summary="A standfirst.", posts=["lift", "stairs", "tagged"], sections=["Help"], brief=["short"],
        action={"text": "Tell us", "url": "mailto:a@example.org"},
    ),
    "content/newsletters/2026-05-01-may.md": issue(date="2026-05-01"),
    "content/posts/2026-05-02-lift.md": post(
        "The lift is mended", "Above.\n\n<!--more-->\n\nBelow.", summary="It moves.", image="/wide.webp", series="Days",
        image_alt="A lift", action={"text": "Come and see", "url": "/archive/"},
    ),
    "content/posts/2026-05-03-stairs.md": post("Stairs" * 20, image="/tall.jpg", image_alt="Stairs that go up"),
    "content/posts/2026-05-04-tagged.md": post("Tagged", tags=["Help"], image="/small.png"),
    "content/posts/2026-05-05-short.md": post("Short"),
    "content/posts/2026-04-01-old.md": post("Old", updates=[{"date": "2026-05-20", "note": "It was a Tuesday."}]),
    "content/static/wide.webp": picture(2000, 900, "WEBP"),
    "content/static/tall.jpg": picture(600, 900),
    "content/static/small.png": picture(40, 40, "PNG", "RGBA"),
}  # fmt: skip


def themed(accent: str, typeface: str = "serif") -> str:
    return SITE + f'[theme]\nname = "default"\naccent = "{accent}"\ntypeface = "{typeface}"\n'


def test_the_colours_are_those_of_the_site() -> None:
    css = (THEME / "static/style.css").read_text("utf-8")
    palette = (THEME / "templates/mail/palette.html").read_text("utf-8")
    shades = {name: pair for name, *pair in re.findall(r"^\s+--([\w-]+): light-dark\((#\w+), (#\w+)\);", css, re.M)}
    for place, name in enumerate(("light", "dark")):
        (line,) = re.findall(rf"set {name} = \{{(.*?)\}}", palette)
        told = dict(re.findall(r'"(\w+)": "(#\w+)"', line))
        assert set(told) == NAMES
        for colour, value in told.items():
            assert value == shades[colour.replace("_", "-")][place], (name, colour)
    told = {accent: (one, other) for accent, one, other in re.findall(r'"(\w+)": \("(#\w+)", "(#\w+)"\)', palette)}
    assert set(told) == set(ACCENTS)
    for accent, pair in told.items():
        before = r"^\s+" if accent == "teal" else rf"\.accent-{accent} \{{ "
        assert [pair] == re.findall(before + r"--accent: light-dark\((#\w+), (#\w+)\);", css, re.M), accent


@pytest.mark.parametrize("typeface", ["serif", "sans"])
@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_can_be_read_in_light_and_in_dark(tmp_path: Path, accent: str, typeface: str) -> None:
    root = make_site_with_issue(tmp_path, {**FILES, "site.toml": themed(accent, typeface)})
    assert load_letter(root, "june", CLOCK)[1] == ()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Give a mail with everything in it, and the output of the site it was made from."""
    root = make_site_with_issue(tmp_path_factory.mktemp("site"), FILES)
    Engine(root, BuildOptions(), CLOCK).build()
    return load_letter(root, "june", CLOCK)[0].html, root / "output"


def opened(browser: Browser, html: str, site: Path | None, width: int, scheme: Any) -> tuple[Page, list[str]]:
    """Open a mail as a program of that width would; without `site` it shows no pictures. Also what was asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path).lstrip("/")
        if route.request.url == "https://mail.invalid/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        asked.append(route.request.url)
        if site is not None and (site / path).is_file():
            route.fulfill(path=site / path)
        else:
            route.abort()

    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.route("**/*", answer)
    page.goto("https://mail.invalid/")
    return page, asked


@pytest.mark.outside
@pytest.mark.slow
@pytest.mark.parametrize("pictures", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 600, 320])
def test_a_mail_fits_its_window(
    browser: Browser, mail: tuple[str, Path], width: int, scheme: str, pictures: bool
) -> None:
    html, site = mail
    page, asked = opened(browser, html, site if pictures else None, width, scheme)
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    paper = page.locator("table.paper").bounding_box()
    assert paper is not None
    assert paper["width"] == min(width, 600)
    shown = page.evaluate("[...document.images].map(image => [image.naturalWidth > 0, image.clientWidth])")
    assert [loaded for loaded, _ in shown] == [pictures] * 4
    assert all(wide <= min(width, 600) for _, wide in shown)  # the lead picture goes from edge to edge
    assert len(set(asked)) == 3  # its pictures, and nothing else
    page.close()


@pytest.mark.outside
@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "ground", "ink"), [
    ("light", "rgb(253, 252, 249)", "rgb(25, 24, 23)"),
    ("dark", "rgb(19, 21, 24)", "rgb(236, 232, 224)"),
])  # fmt: skip
def test_a_mail_has_colours_of_its_own_in_the_dark(
    browser: Browser, mail: tuple[str, Path], scheme: str, ground: str, ink: str
) -> None:
    page, _ = opened(browser, *mail, 600, scheme)
    colours = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]"
    assert page.locator("table.paper").evaluate(colours)[0] == ground
    assert page.locator("h1").evaluate(colours)[1] == ink
    assert not page.locator(".hidden").is_visible()
    page.close()


@pytest.mark.outside
@pytest.mark.slow
def test_a_program_that_drops_the_style_sheet_still_shows_a_mail_that_fits(
    browser: Browser, mail: tuple[str, Path]
) -> None:
    html, site = mail
    bare = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    for width in (600, 320):
        page, _ = opened(browser, bare, site, width, "light")
        assert page.evaluate("document.scrollingElement.scrollWidth") == width
        page.close()


@pytest.mark.outside
@pytest.mark.slow
def test_every_view_of_the_preview_shows_the_pictures_that_are_beside_it(browser: Browser, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from generator.cli import cli

    root = make_site_with_issue(tmp_path / "a site", FILES)
    words = ["newsletter", "preview", "june", "--site", str(root), "--output", str(tmp_path / "look at.html")]
    assert CliRunner().invoke(cli, [*words, "--no-open"], catch_exceptions=False).exit_code == 0
    assert len(list((tmp_path / "look at-pictures").iterdir())) == 3
    page = browser.new_page()
    page.goto((tmp_path / "look at.html").as_uri())
    for frame in page.frames[1:]:
        frame.wait_for_function("[...document.images].every(image => image.complete)")
    widths = "[...document.images].map(image => image.naturalWidth > 0)"
    seen = [frame.evaluate(widths) for frame in page.frames[1:]]
    assert [all(each) for each in seen] == [True] * 6 + [False, True]
    assert {len(each) for each in seen} == {4}
    page.close()


ASK = {"question": "Useful?", "answers": ["Yes", "No"], "url": "https://ask.example.org/?a={answer}"}
FIGURES = [{"label": f"figure {number}", "value": number, "unit": "s"} for number in range(3)]


@pytest.mark.outside
@pytest.mark.slow
def test_blocks_share_a_row_and_no_word_breaks_without_a_style_sheet(browser: Browser, tmp_path: Path) -> None:
    files = {"content/newsletters/2026-06-01-june.md": issue("Downstairs.", ask=ASK, figures=FIGURES)}
    html = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)[0].html
    page, _ = opened(browser, re.sub(r"<style>.*?</style>", "", html, flags=re.S), None, 375, "light")
    tops = "cells => cells.map(cell => Math.round(cell.getBoundingClientRect().top))"
    assert len(set(page.locator("td.outline").evaluate_all(tops))) == 1
    figures = page.locator("p.figure").evaluate_all(tops)
    assert (figures[0] == figures[1], figures[1] < figures[2]) == (True, True)
    buttons = page.locator("td.outline a").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert all(height >= 44 for height in buttons)
    page.close()
