"""Pictures and files beside posts that are no bundles: published beside the page that shows them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from tests.factories import NOW, Files, Site, build_site, config, post, tree, without_history, write_site


def picture(colour: str = "red", kind: str = "JPEG", camera: str = "") -> bytes:
    data, exif = io.BytesIO(), Image.Exif()
    if camera:
        exif[0x0110] = camera
    Image.new("RGB", (4, 3), colour).save(data, kind, exif=exif)
    return data.getvalue()


SITE: Files = {
    "posts/2026-01-02-hello.md": post(
        "Hello", "![a](photo.jpg) ![b](images/two.jpg) [c](plan.pdf)", image="lead.jpg", image_alt="L"
    ),
    "posts/2026-01-03-again.md": post("Again", "![a](photo.jpg) ![b](shared/far.jpg)"),
    "posts/old/2020-01-01-first.md": post("First", "![a](../shared/far.jpg) ![b](only.jpg) ![c](deep.jpg)"),
    "posts/2026-01-04-draft.md": post("Draft", "![a](draft.jpg)", draft=True),
    "posts/b/index.md": post("Bundle", "![a](own.jpg)", date="2026-01-05"),
    "posts/b/own.jpg": picture("navy"),
    "pages/about.md": post("About", "![a](map.jpg) ![b](static.jpg) [c](2026-01-02-hello.md) [d](plan.pdf)"),
    "pages/map.jpg": picture("green"),
    "newsletters/june.md": post("June", "![a](june.jpg)", date="2026-06-01", posts=["hello"]),
    "newsletters/june.jpg": picture("gold"),
    "posts/photo.jpg": picture("red", camera="SECRETCAM"),
    "posts/images/two.jpg": picture("blue"),
    "posts/plan.pdf": b"%PDF-1.4\n%%EOF\n",
    "posts/lead.jpg": picture("pink"),
    "posts/shared/far.jpg": picture("gray"),
    "posts/old/only.jpg": picture("teal"),
    "posts/very/deep.jpg": picture("lime"),
    "posts/draft.jpg": picture("tan"),
    "posts/nobody.jpg": picture("brown"),
    "posts/unused.heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
    "static/files/static.jpg": picture("cyan"),
}
PLACES = {
    "2026/01/hello/photo.jpg",
    "2026/01/hello/images/two.jpg",
    "2026/01/hello/plan.pdf",
    "2026/01/hello/lead.jpg",
    "2020/01/first/shared/far.jpg",
    "2020/01/first/only.jpg",
    "2020/01/first/very/deep.jpg",
    "about/map.jpg",
    "newsletter/june/june.jpg",
    "2026/01/b/own.jpg",
    "files/static.jpg",
}


@pytest.fixture(scope="module", params=["markdown", "commonmark"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    toml = {"site.toml": config(f'[markup]\nengine = "{request.param}"\n')}
    site = Site(write_site(tmp_path_factory.mktemp("beside"), {**SITE, **toml}))
    site.build()
    return site


def test_files_are_published_beside_the_oldest_page_that_shows_them(site: Site) -> None:
    files = {path for path in site.paths if path.endswith((".jpg", ".pdf")) and "/static/" not in path}
    assert files == PLACES


def test_every_page_shows_its_pictures(site: Site) -> None:
    def shown(page: str) -> list[str]:
        return list(site.html(page).xpath('//div[@class="prose"]//img/@src'))

    assert shown("2026/01/hello/index.html") == ["/2026/01/hello/photo.jpg", "/2026/01/hello/images/two.jpg"]
    assert shown("2026/01/again/index.html") == ["/2026/01/hello/photo.jpg", "/2020/01/first/shared/far.jpg"]
    assert shown("about/index.html") == ["/about/map.jpg", "/files/static.jpg"]
    links = site.html("about/index.html").xpath('//div[@class="prose"]//a/@href')
    assert links == ["/2026/01/hello/", "/2026/01/hello/plan.pdf"]
    assert site.meta("2026/01/hello/index.html", "og:image") == "https://example.org/2026/01/hello/lead.jpg"


def test_pictures_beside_posts_are_cleaned(site: Site) -> None:
    assert b"SECRETCAM" in (site.root / "content/posts/photo.jpg").read_bytes()
    assert b"SECRETCAM" not in (site.output / "2026/01/hello/photo.jpg").read_bytes()


def test_a_file_that_nothing_refers_to_is_a_note(site: Site) -> None:
    found = {(each.path, each.code, str(each.level)) for each in site.report.problems if "pdf" not in each.path}
    assert found == {
        ("content/posts/nobody.jpg", "not-published", "note"),
        ("content/posts/unused.heic", "not-published", "note"),
    }


HELLO, AGAIN = "content/posts/2026-01-02-hello.md", "content/posts/2026-01-03-again.md"
OTHER = "content/pages/x/2026-01-02-hello.md"


def beside(site: Site, name: str) -> Path:
    return site.root / "content/posts" / name


EDITS: dict[str, Callable[[Site], object]] = {
    "a picture is changed": lambda site: site.write("content/posts/photo.jpg", picture("white")),
    "an older post shows it too": lambda site: site.write(
        "content/posts/2019-01-01-z.md", post("Z", "![z](photo.jpg)")
    ),
    "the older post is removed": lambda site: (site.root / "content/posts/2019-01-01-z.md").unlink(),
    "the owner no longer shows it": lambda site: site.edit(HELLO, "![a](photo.jpg)", ""),
    "the owner shows it again": lambda site: site.edit(HELLO, "![b]", "![a](photo.jpg) ![b]"),
    "the owner becomes a draft": lambda site: site.edit(HELLO, "title:", "draft: true\ntitle:"),
    "a file of that name comes elsewhere": lambda site: site.write("content/static/deep.jpg", picture("black")),
    "it goes again": lambda site: (site.root / "content/static/deep.jpg").unlink(),
    "a draft of that name comes": lambda site: site.write(OTHER, post("Other", draft=True)),
    "an unused picture is shown": lambda site: site.edit(AGAIN, "![a]", "![n](nobody.jpg) ![a]"),
    "in the wrong case": lambda site: site.edit(AGAIN, "nobody.jpg", "Nobody.JPG"),
    "the photo is renamed": lambda site: beside(site, "nobody.jpg").rename(beside(site, "Nobody.JPG")),
    "a draft is published": lambda site: site.edit("content/posts/2026-01-04-draft.md", "draft: true\n", ""),
    "a folder becomes a bundle": lambda site: site.write("content/posts/old/index.md", post("I", date="2020-02-02")),
    "the owner is removed": lambda site: (site.root / HELLO).unlink(),
    "a picture is removed": lambda site: beside(site, "photo.jpg").unlink(),
}


@pytest.mark.slow
def test_incremental_builds_equal_clean_ones_after_each_edit(tmp_path: Path) -> None:
    site = Site(write_site(tmp_path / "site", SITE))
    site.build()
    for number, (what, edit) in enumerate(EDITS.items()):
        edit(site)
        report = site.build()
        place = tmp_path / str(number)
        fresh = build_site(site.root, NOW, output=place / "output", state=place / "state")
        assert tree(site.output) == tree(place / "output"), what
        assert without_history(report.problems) == without_history(fresh.problems), what
        assert not site.build().rendered, what


def test_a_scheduled_picture_waits_with_its_post(tmp_path: Path) -> None:
    later = post("Later", "![a](photo.jpg)")
    files: Files = {"posts/2026-01-02-a.md": post(), "posts/2027-01-02-later.md": later, "posts/photo.jpg": picture()}
    site = Site(write_site(tmp_path, files))
    site.build()
    assert not [path for path in site.paths if path.endswith("photo.jpg")]
    assert site.codes == []
    build_site(site.root, datetime(2027, 2, 1, tzinfo=UTC))
    assert "2027/01/later/photo.jpg" in site.paths


@pytest.mark.parametrize("name", ["photo.heic", "photo.jpg"])
def test_a_picture_that_cannot_be_published_is_a_warning_only_where_it_is_shown(tmp_path: Path, name: str) -> None:
    data = SITE["posts/unused.heic"] if name.endswith("heic") else picture()[:40]
    files: Files = {"posts/2026-01-02-a.md": post("A", f"![a]({name})"), f"posts/{name}": data}
    site = Site(write_site(tmp_path, files))
    site.build()
    said = [(problem.path, str(problem.level)) for problem in site.report.problems]
    assert said == [("content/posts/2026-01-02-a.md", "warning")]
    site.edit("content/posts/2026-01-02-a.md", f"![a]({name})", "Text.")
    assert [str(problem.level) for problem in site.build().problems] == ["note"]
