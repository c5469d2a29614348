"""Pictures in several sizes on real pages: which are made, how pages name them, and that each is drawn once."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.model import BuildReport
from tests.factories import build_site

Build = Callable[..., BuildReport]
NAME = re.compile(r"(.+)\.(\d+)\.[0-9a-f]{8}\.(jpg|png|webp|avif)")


def picture(form: str, width: int, height: int = 600, colour: str = "red", **options: Any) -> bytes:
    result = BytesIO()
    Image.new("RGB", (width, height), colour).save(result, form, **options)
    return result.getvalue()


def moving() -> bytes:
    frames = [Image.new("RGB", (900, 600), colour) for colour in ("red", "blue")]
    result = BytesIO()
    frames[0].save(result, "GIF", save_all=True, append_images=frames[1:])
    return result.getvalue()


TEXT = "![a](wide.jpg)\n\n![b](/logo.png)\n\n![c](/small.jpg)\n\n![d](/moving.gif)\n\n![e](/plan.svg)\n"
PAGE = "output/2024/01/a/index.html"


@pytest.fixture
def root(site: Callable[..., Path], post: Callable[..., str]) -> Path:
    return site(
        {
            "posts/2024-01-01-a/index.md": post("A", TEXT, image="lead.jpg", image_alt="A lead"),
            "posts/2024-01-01-a/wide.jpg": picture("JPEG", 2000, 1000),
            "posts/2024-01-01-a/lead.jpg": picture("JPEG", 1200, 600),
            "static/logo.png": picture("PNG", 700),
            "static/small.jpg": picture("JPEG", 200),
            "static/moving.gif": moving(),
            "static/plan.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><path d="M0 0h9"/></svg>',
            "static/unused.jpg": picture("JPEG", 2000),
        }
    )  # fmt: skip


def made(root: Path) -> dict[str, set[tuple[int, str]]]:
    """List the renditions in the output: picture → widths and formats."""
    found: dict[str, set[tuple[int, str]]] = {}
    for file in (root / "output").rglob("*.*"):
        if match := NAME.fullmatch(file.name):
            found.setdefault(match[1], set()).add((int(match[2]), match[3]))
    return found


def drawn(root: Path) -> set[str]:
    return {file.name for file in (root / ".openletter/renditions").iterdir()}


def every(widths: tuple[int, ...], own: str) -> set[tuple[int, str]]:
    return {(width, form) for width in widths for form in (own, "webp")}


def test_what_is_shown_is_made_in_each_width_and_format(root: Path, build: Build) -> None:
    assert build(root).problems == ()
    assert made(root) == {
        "wide": every((320, 640, 1080, 1600), "jpg"),
        "lead": every((320, 640), "jpg") | {(1200, "webp")},
        "logo": every((320,), "png") | {(700, "webp")},
    }
    for file in (root / "output").rglob("*.*"):
        if match := NAME.fullmatch(file.name):
            with Image.open(file) as opened:
                assert (opened.width, opened.format) == (int(match[2]), {"jpg": "JPEG"}.get(match[3], match[3].upper()))


def test_a_page_names_all_of_them_and_nothing_else(root: Path, build: Build) -> None:
    build(root)
    html = (root / PAGE).read_text()
    assert html.count("<picture>") == 3
    sets = re.findall(r'srcset="([^"]+)"', html)
    assert len(sets) == 6
    named = {entry.split()[0] for each in sets for entry in each.split(", ")}
    assert named == {
        f"/{file.relative_to(root / 'output').as_posix()}"
        for file in (root / "output").rglob("*.*")
        if NAME.fullmatch(file.name) or file.name in ("lead.jpg", "logo.png")
    }
    for each in sets:
        widths = [int(entry.split()[1].removesuffix("w")) for entry in each.split(", ")]
        assert widths == sorted(set(widths))
    assert 'src="/small.jpg"' in html
    assert 'src="/moving.gif"' in html
    assert html.count('width="2000" height="1000"') == 1, "the page keeps the room free"
    assert "wide.jpg" not in html, "the photo itself is no picture of a page"


def test_feeds_and_link_previews_have_one_file_of_fitting_size(root: Path, build: Build) -> None:
    build(root)
    feed = (root / "output/feed.xml").read_text()
    assert re.search(r"https://[^\"&]+/2024/01/a/wide\.1080\.[0-9a-f]{8}\.jpg", feed)
    assert "srcset" not in feed
    html = (root / PAGE).read_text()
    assert re.search(r'property="og:image" content="https://[^"]+/lead\.jpg"', html)
    assert 'property="og:image:width" content="1200"' in html


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("widths = []", 0),
        ("widths = [640]", 6),
        ("widths = [640]\nformats = []", 3),
        ('widths = [640]\nformats = ["webp", "avif"]', 9),
        ("widths = [4000]", 3),
        ("max_width = 640", 12),
        ("max_width = 500", 12),
        ("max_width = 5000", 17),
        ("widths = [640, 5000]\nmax_width = 640", 6),
        ("widths = []\nmax_width = 640", 0),
    ],
)
def test_settings_decide(settings: str, count: int, root: Path, build: Build) -> None:
    file = root / "site.toml"
    file.write_text(f"{file.read_text()}\n[images]\n{settings}\n")
    build(root)
    assert sum(map(len, made(root).values())) == count


@pytest.mark.parametrize("formats", [["webp", "avif"], ["avif", "webp"]])
def test_browsers_meet_the_smallest_format_first(formats: list[str], root: Path, build: Build) -> None:
    file = root / "site.toml"
    file.write_text(f"{file.read_text()}\n[images]\nwidths = [320]\nformats = {formats}\n")
    build(root)
    types = re.findall(r'<source type="([^"]+)"', (root / PAGE).read_text())
    assert types == ["image/avif", "image/webp"] * 3


@pytest.mark.parametrize(
    ("form", "others"), [("WEBP", set()), ("AVIF", set()), ("PNG", {"webp"}), ("BMP", {"webp"}), ("TIFF", {"webp"})]
)
def test_no_format_is_made_that_is_larger_than_the_own(
    form: str, others: set[str], root: Path, build: Build, post: Callable[..., str]
) -> None:
    (root / "content/static/own.img").write_bytes(picture(form, 700))
    (root / "content/posts/2024-01-01-a/index.md").write_text(post("A", "![x](/own.img)"))
    build(root)
    own = {"BMP": "jpg", "TIFF": "jpg"}.get(form, form.lower())
    assert {kind for _, kind in made(root)["own"]} - {own} == others


def test_each_is_drawn_once(root: Path, build: Build, tmp_path: Path, post: Callable[..., str]) -> None:
    build(root)
    before = {file.name: file.stat().st_mtime_ns for file in (root / ".openletter/renditions").iterdir()}
    assert len(before) == 16
    assert build(root).rendered == {}
    (root / "content/posts/2024-01-01-a/index.md").write_text(post("Another title", TEXT, image="lead.jpg"))
    (root / "content/posts/2024-01-01-a").rename(root / "content/posts/2024-01-01-b")
    build(root)
    shutil.rmtree(root / "output")
    build(root)
    shutil.copytree(root, tmp_path / "checkout")
    for name in ("state.sqlite", "state.sqlite-wal", "state.sqlite-shm"):
        (tmp_path / "checkout/.openletter" / name).unlink(missing_ok=True)
    build_site(tmp_path / "checkout")
    assert {name: (root / ".openletter/renditions" / name).stat().st_mtime_ns for name in drawn(root)} == before
    assert drawn(tmp_path / "checkout") == before.keys()
    (root / "content/static/new.png").write_bytes(picture("PNG", 300))
    (root / "content/posts/2024-01-02-n.md").write_text(post("N", "![n](/new.png)"))
    build(root)
    assert len(drawn(root) - before.keys()) == 1


def test_a_picture_that_changes_gets_new_names_and_pages_follow(root: Path, build: Build) -> None:
    build(root)
    before = (root / PAGE).read_text()
    (root / "content/posts/2024-01-01-a/wide.jpg").write_bytes(picture("JPEG", 2000, 1000, "blue"))
    report = build(root)
    assert (root / PAGE).read_text() != before
    assert sum("wide." in path for path in report.deleted) == 8
    assert made(root)["wide"] == every((320, 640, 1080, 1600), "jpg")
    assert build_is_clean(root)


def build_is_clean(root: Path) -> bool:
    """Compare the output with that of a build from nothing."""

    def tree(folder: Path) -> dict[str, bytes]:
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    other = root.parent / "clean"
    shutil.copytree(root / "content", other / "content")
    shutil.copy(root / "site.toml", other)
    build_site(other)
    return tree(other / "output") == tree(root / "output")


def test_other_widths_leave_what_a_build_from_nothing_makes(root: Path, build: Build, tmp_path: Path) -> None:
    grain = BytesIO()
    Image.effect_noise((2000, 1000), 60).convert("RGB").save(grain, "JPEG")
    (root / "content/posts/2024-01-01-a/wide.jpg").write_bytes(grain.getvalue())
    build(root)
    settings = root / "site.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[images]\nwidths = [320, 640, 1600]\n", "utf-8")
    build(root)
    fresh = tmp_path / "fresh"
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("output", ".openletter"))
    build(fresh)
    files = {file.relative_to(fresh): file.read_bytes() for file in (fresh / "output").rglob("*.*")}
    assert files == {file.relative_to(root): file.read_bytes() for file in (root / "output").rglob("*.*")}


def test_a_text_that_no_longer_shows_a_picture_removes_its_renditions(
    root: Path, build: Build, post: Callable[..., str]
) -> None:
    build(root)
    (root / "content/posts/2024-01-01-a/index.md").write_text(post("A", "Words.", image="lead.jpg"))
    build(root)
    assert made(root).keys() == {"lead"}
    assert build_is_clean(root)


def test_what_is_kept_has_a_bound(root: Path, build: Build, post: Callable[..., str]) -> None:
    file = root / "site.toml"
    file.write_text(f"{file.read_text()}\n[images]\ncache_size = 1\n")
    noise = BytesIO()
    Image.effect_noise((1600, 1200), 200).save(noise, "PNG")
    (root / "content/static/logo.png").write_bytes(noise.getvalue())
    build(root)
    large = drawn(root)
    for name in large:  # what was used a moment ago is kept: another process may be copying it
        os.utime(root / ".openletter/renditions" / name, (1, 1))
    (root / "content/static/logo.png").write_bytes(picture("PNG", 900))
    build(root)
    left = sum(each.stat().st_size for each in (root / ".openletter/renditions").iterdir())
    assert left < 1_000_000
    assert large - drawn(root), "the longest unused that no page shows went"


def test_a_lost_file_is_drawn_again(root: Path, build: Build) -> None:
    build(root)
    names = drawn(root)
    shutil.rmtree(root / ".openletter/renditions")
    next((root / "output/2024/01/a").glob("wide.640.*.webp")).unlink()
    build(root)
    assert made(root)["wide"] == every((320, 640, 1080, 1600), "jpg")
    assert drawn(root) < names
