"""The default theme in Chromium: what is on the first screen, nothing to scroll sideways, axe, weight, no shift."""

from __future__ import annotations

import gzip
import io
import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from tests import factories
from tests.conftest import missing
from tests.factories import post

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.slow, pytest.mark.outside]

LONGEST = {
    "de": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "fi": "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas",
    "hu": "Megszentségteleníthetetlenségeskedéseitekért",
    "cy": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "is": "Vaðlaheiðarvegavinnuverkfærageymsluskúraútidyralyklakippuhringur",
    "nl": "Hottentottensoldatententententoonstellingsbouwterrein",
    "tr": "Muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine",
    "ru": "Превысокомногорассмотрительствующий" * 2,
    "el": "Ηλεκτροεγκεφαλογραφηματολογία" * 2,
    "ar": "أفاستسقيناكموها" * 4,
}
BODY = """Dear **{word}**, https://example.org/a/very/long/address/that/nothing/breaks/anywhere/at/all/index.html

## {word}

> [!PULLQUOTE]
> {word}
>
> — {word}

> [!NOTE] {word}
> {word}

| {word} | B |
|---|---|
| {word} | `{word}` |

```
{word} {word} {word}
```

## Second

## Third
"""
PICTURE = "/wide.png"


def stress() -> dict[str, str | bytes]:
    """Write a site with every kind of page, whose names and texts hold the longest words of ten languages."""
    files: dict[str, str | bytes] = {
        "site.toml": factories.SITE_TOML
        + f'description = "{LONGEST["de"]}"\n[newsletter]\nfrom = "A <a@example.org>"\n'
        + 'subscribe = "https://example.org/join"\n[search]\nengine = "pagefind"\n[comments]\nprovider = "link"\nurl = "https://talk.example/{id}"\n'
        + f'[series.days]\nname = "{LONGEST["fi"]}"\nrating_max = 10\n[authors.ana]\nname = "{LONGEST["hu"]}"\n',
        "pages/about.md": post(f"About {LONGEST['cy']}", BODY.format(word=LONGEST["cy"])),
        "newsletters/2026-02-01-june.md": post(f"June {LONGEST['nl']}", posts=["de", "fi"], summary=LONGEST["nl"]),
        "static/wide.png": wide_picture(),
    }
    for number, (lang, word) in enumerate(LONGEST.items(), 1):
        files[f"posts/2026-01-{number:02}-{lang}.md"] = post(
            f"A title with {word}", BODY.format(word=word), lang=lang, summary=f"In short: {word}", authors=["ana"],
            tags=[word, f"t{number}", "all"], series="days", part=number, rating=number, rating_note=word,
            learning_points=[word], action={"text": f"Register {word}", "url": "/about/"}, image=PICTURE,
            updates=[{"date": "2026-02-01", "note": word}],
        )  # fmt: skip
    files["posts/2026-03-01-plain.md"] = post("A plain letter", "Text. " * 300, summary="In one sentence.")
    files["posts/2026-03-02-pictured.md"] = post("A letter with a picture", "Text.", summary="In short.", image=PICTURE)
    return files


def wide_picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", (1600, 900), "#246").save(kept, "PNG")
    return kept.getvalue()


PAGES = {
    "home": "/",
    "post": "/2026/01/de/",
    "rtl post": "/2026/01/ar/",
    "plain": "/2026/03/plain/",
    "page": "/about/",
    "tag": "/tags/all/",
    "tags": "/tags/",
    "series": "/series/days/",
    "all series": "/series/",
    "author": "/authors/ana/",
    "authors": "/authors/",
    "archive": "/archive/",
    "year": "/2026/",
    "month": "/2026/01/",
    "newsletter": "/newsletter/",
    "issue": "/newsletter/june/",
    "follow": "/follow/",
    "search": "/search/?q=title",
    "404": "/404.html",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = factories.write_site(tmp_path_factory.mktemp("theme") / "site", stress())
    factories.build_site(root)
    return root / "output"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, output: Path, path: str, size: tuple[int, int], **options: Any) -> tuple[Page, list[str]]:
    """Open a page of the site; also the paths that it asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        place = unquote(urlsplit(route.request.url).path).lstrip("/")
        file = output / (place + "index.html" if not place or place.endswith("/") else place)
        asked.append(route.request.url)
        if not route.request.url.startswith("https://example.org/") or not file.is_file():
            route.abort()
            return
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/html")

    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **options)
    page.route("**/*", answer)
    page.goto(f"https://example.org{path}")
    page.evaluate("document.fonts.ready")
    return page, asked


def test_no_page_scrolls_sideways_at_320_pixels(browser: Browser, output: Path) -> None:
    wide = {}
    for kind, path in PAGES.items():
        page, _ = opened(browser, output, path, (320, 640))
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        if scrolled > 320:
            wide[kind] = (scrolled, page.evaluate(_WIDEST))
        page.close()
    assert wide == {}


_WIDEST = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321)
  .slice(0, 5).map(e => e.tagName + '.' + e.className)"""


def test_every_page_has_a_headline_on_the_first_screen(browser: Browser, output: Path) -> None:
    late = {}
    for kind, path in PAGES.items():
        page, _ = opened(browser, output, path, (1280, 720))
        selector = ".is-lead .card-title" if kind == "home" else "main h1"
        box = page.locator(selector).first.bounding_box()
        assert box, kind
        if box["y"] + box["height"] > 720:
            late[kind] = box
        page.close()
    assert late == {}


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/", [".join", ".is-lead .card-title", ".is-lead img", ".is-lead .card-summary", ".is-lead .card-facts"]),
        ("/2026/01/de/", [".join", "h1", ".byline", ".lead-picture img", ".contents", ".post-text"]),
        ("/2026/01/ar/", [".join", "h1", ".byline", ".lead-picture img", ".contents", ".post-text"]),
    ],
)
def test_on_a_phone_the_title_comes_before_the_picture(
    browser: Browser, output: Path, path: str, order: list[str]
) -> None:
    page, _ = opened(browser, output, path, (390, 844))
    boxes = [page.locator(selector).first.bounding_box() for selector in order]
    page.close()
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == len(order)
    assert tops == sorted(tops)


def test_no_line_of_facts_ends_with_a_dot_or_loses_a_letter(browser: Browser, output: Path) -> None:
    seen = set()
    for path in (PAGES["home"], PAGES["post"], PAGES["rtl post"], PAGES["series"]):
        for width in (320, 390, 768):
            page, _ = opened(browser, output, path, (width, 720))
            facts = page.evaluate(_FACTS)
            page.close()
            seen |= {kind for kind, _ in facts}
            assert not [kind for kind, cut in facts if cut], (path, width)
    assert seen == {"card-facts", "facts", "part-facts"}


# Each list of facts, and whether a text of it lies where only the dot at the start of a line may be: that is cut off.
_FACTS = """[...document.querySelectorAll('.card-facts, .facts, .part-facts')].map(list => {
  const box = list.getBoundingClientRect(), style = getComputedStyle(list), rtl = style.direction === 'rtl'
  const dot = parseFloat(style.getPropertyValue('--dot')) * parseFloat(style.fontSize) - 1
  const cut = [...list.children].some(fact => {
    const range = document.createRange()
    range.selectNodeContents(fact)
    const letters = [...range.getClientRects()].filter(r => r.width > 1)
    return letters.some(r => (rtl ? box.right - r.right : r.left - box.left) < dot)
  })
  return [list.className, cut]
})"""


def test_a_text_post_weighs_30_kilobytes_and_asks_no_other_host(browser: Browser, output: Path) -> None:
    page, asked = opened(browser, output, PAGES["plain"], (1280, 720))
    assert page.locator("link[rel=stylesheet]").count() == 1
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    files = {url: output / (urlsplit(url).path.lstrip("/") or "index.html") for url in asked}
    sizes = {}
    for url, file in files.items():
        assert url.startswith("https://example.org/")
        data = (file / "index.html" if file.is_dir() else file).read_bytes()
        sizes[url] = len(data) if file.suffix in (".woff2", ".png") else len(gzip.compress(data, 9))
    assert sum(sizes.values()) <= 30_000, sizes
    assert len(sizes) <= 4, sizes
    page.close()


def test_nothing_moves_while_a_page_loads(browser: Browser, output: Path) -> None:
    for path in (PAGES["home"], PAGES["plain"], PAGES["post"]):
        for width in (1280, 360):
            page, _ = opened(browser, output, path, (width, 720))
            moved = page.evaluate(_SHIFT)
            page.close()
            assert moved < 0.02, (path, width)


_SHIFT = """new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
    .observe({type: 'layout-shift', buffered: true})
  setTimeout(() => done(sum), 300)
})"""


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_axe_finds_nothing(browser: Browser, output: Path, look: str) -> None:
    script = Path(os.environ.get("OPENLETTER_AXE") or os.devnull)
    if not script.is_file():
        missing("OPENLETTER_AXE does not name axe.min.js (npm install axe-core)")
    options: dict[str, Any] = {"forced_colors": "active"} if look == "forced" else {"color_scheme": look}
    found = {}
    for kind, path in PAGES.items():
        page, _ = opened(browser, output, path, (1280, 720), **options)
        page.evaluate(script.read_text("utf-8"))
        for width in (768,) if look == "forced" else (320, 1280):
            page.set_viewport_size({"width": width, "height": 720})
            result = page.evaluate("axe.run({resultTypes: ['violations']})")
            for violation in result["violations"]:
                found[kind, width, violation["id"]] = violation["nodes"][0]["html"][:200]
        page.close()
    assert found == {}


def test_pictures_take_their_place_and_load_the_size_that_fits(browser: Browser, tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.effect_noise((1700, 1300), 60).save(photo, "JPEG")
    author = '[authors.ann]\nname = "Ann"\nbio = "She writes."\nimage = "/ann.jpg"\n'
    root = factories.write_site(
        tmp_path,
        {
            "site.toml": f'title = "T"\nurl = "https://example.org/"\n{author}',
            "static/ann.jpg": photo.getvalue(),
            "posts/2024-01-01-a.md": post(authors=["ann"], image="/ann.jpg"),
        },
    )
    factories.build_site(root)
    page, asked = opened(browser, root / "output", "/authors/", (1280, 720))
    portrait, row = page.locator("img.portrait"), page.locator(":has(> picture > img.portrait), :has(> a > picture)")
    portrait.evaluate("image => image.decode()")
    place, around = portrait.bounding_box(), row.first.bounding_box()
    assert place is not None
    assert around is not None
    assert abs(place["x"] - around["x"]) < 1, "the sources of a picture take no room"
    assert next(urlsplit(url).path for url in asked if ".webp" in url or ".jpg" in url).startswith("/ann.320.")
    page.close()
    page, asked = opened(browser, root / "output", "/2024/01/a/", (390, 720), device_scale_factor=2)
    page.locator(".lead-picture img").evaluate("image => image.decode()")
    shown = [urlsplit(url).path for url in asked if ".webp" in url or ".jpg" in url]
    assert any(path.startswith("/ann.1080.") for path in shown)
    assert not any(path.startswith(("/ann.1600.", "/ann.jpg")) for path in shown)
    page.close()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a front page with twelve photos, some of them upright."""
    posts: dict[str, str | bytes] = {"site.toml": factories.config("[output]\nper_page = 12\n")}
    for number in range(1, 13):
        folder = f"posts/2024-01-{number:02}-p{number}"
        posts[f"{folder}/index.md"] = post(
            f"Post {number}", "Text.\n\n![Below](p.jpg)", image="p.jpg", image_alt="A photo"
        )
        posts[f"{folder}/p.jpg"] = grainy_photo(number, (1700, 1275) if number % 5 else (1275, 1700))
    root = factories.write_site(tmp_path_factory.mktemp("front") / "site", posts)
    factories.build_site(root)
    return root / "output"


def grainy_photo(number: int, size: tuple[int, int]) -> bytes:
    """Make a picture that is as hard to keep small as a photo: some 0.7 bits a pixel at 1,080 pixels."""
    from random import Random

    kept = io.BytesIO()
    scene = Image.frombytes("RGB", (24, 18), Random(number).randbytes(24 * 18 * 3))  # noqa: S311 (a picture, no secret)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 40).resize(size, Image.Resampling.BICUBIC)
    whole = Image.blend(scene.resize(size, Image.Resampling.BICUBIC), Image.merge("RGB", (grain,) * 3), 0.1)
    whole.save(kept, "JPEG", quality=88)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("size", "scale", "most_kb"), [((390, 844), 2, 220), ((390, 844), 1, 200), ((1280, 800), 1, 300)]
)
def test_a_front_page_with_twelve_pictures_is_light(
    size: tuple[int, int], scale: int, most_kb: int, browser: Browser, front: Path
) -> None:
    page, asked = opened(browser, front, "/", size, device_scale_factor=scale)
    for _ in range(12):
        page.mouse.wheel(0, size[1])
        page.wait_for_timeout(20)
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    assert page.locator("main img").count() == 12
    weights = {}
    for url in dict.fromkeys(asked):
        file = front / (urlsplit(url).path.lstrip("/") or "index.html")
        packed = file.suffix in (".webp", ".jpg", ".png", ".woff2")
        weights[file.name] = len(file.read_bytes() if packed else gzip.compress(file.read_bytes(), 9))
    page.close()
    assert sum(weights.values()) <= most_kb * 1000, weights
    assert sum(name.endswith((".webp", ".jpg")) for name in weights) == 12, weights


def test_the_sizes_of_pictures_are_honest(browser: Browser, front: Path) -> None:
    """What `sizes` promises is at least as wide as the picture is, and at most a tenth wider."""
    wrong = []
    for path in ("/", "/2024/01/p12/", "/2024/01/p11/"):
        for width in (320, 390, 600, 720, 960, 1040, 1280, 1600):
            page, _ = opened(browser, front, path, (width, 900))
            for said, real in page.evaluate(_SIZES):
                if not 0.97 * real <= said <= 1.1 * real + 4:
                    wrong.append((path, width, said, real))
            page.close()
    assert wrong == []


_SIZES = """[...document.querySelectorAll("main picture img")].map(image => {
  const said = image.sizes.split(/,(?![^(]*[)])/).map(part => part.trim()).map(part => {
    const [, media, length] = part.match(/^(\\([^)]*\\))?\\s*(.*)$/)
    return [media, length]
  }).find(([media]) => !media || matchMedia(media).matches)[1]
  const ruler = document.createElement("div")
  ruler.style.cssText = `position: absolute; width: ${said}`
  document.body.append(ruler)
  const width = ruler.getBoundingClientRect().width
  ruler.remove()
  return [width, image.getBoundingClientRect().width]
})"""
