"""Pictures for mails are files of the site: made by the build, made again when they change, gone when not wanted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.tools.verify import verify
from generator.model import BuildReport
from tests.factories import NOW


def picture(form: str, width: int, height: int = 300, colour: str = "red") -> bytes:
    result = BytesIO()
    Image.new("RGB", (width, height), colour).save(result, form)
    return result.getvalue()


MORE = "\n\n<!--more-->\n\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def root(site: Callable[..., Path], post: Callable[..., str]) -> Path:
    return site(
        {
            "posts/2024-01-01-a/index.md": post(
                "A", f"![x](in.webp){MORE}![y](below.webp)", image="lead.webp", image_alt="A lead"
            ),
            "posts/2024-01-01-a/lead.webp": picture("WEBP", 2400, 1200),
            "posts/2024-01-01-a/in.webp": picture("WEBP", 300),
            "posts/2024-01-01-a/below.webp": picture("WEBP", 300),
            "posts/2024-01-02-b.md": post("B", image="/wide.jpg", image_alt="A lead"),
            "posts/2024-01-03-c.md": post("C", image="/other.webp", image_alt="A lead"),
            "static/wide.jpg": picture("JPEG", 1201),
            "static/fits.jpg": picture("JPEG", 1200),
            "static/fits.png": picture("PNG", 100),
            "static/odd.webp": picture("WEBP", 100),
            "static/moving.gif": picture("GIF", 100),
            "static/plan.svg": SVG,
            "static/other.webp": picture("WEBP", 100),
            "newsletters/2024-02-01-n.md": post(
                "N",
                "![a](/fits.jpg) ![b](/fits.png) ![c](/odd.webp) ![d](/moving.gif) ![e](/plan.svg)",
                posts=["a", "b"],
            ),
        }
    )  # fmt: skip


def made(root: Path) -> set[str]:
    return {file.relative_to(root / "output").as_posix() for file in (root / "output").rglob("*.mail.*")}


WANTED = {
    "2024/01/a/lead.webp.mail.jpg",
    "2024/01/a/in.webp.mail.jpg",
    "wide.jpg.mail.jpg",
    "odd.webp.mail.jpg",
}


def test_what_mails_cannot_show_has_a_picture_they_can(root: Path, build: Callable[..., BuildReport]) -> None:
    assert build(root).problems == ()
    assert made(root) == WANTED
    with Image.open(root / "output/2024/01/a/lead.webp.mail.jpg") as lead:
        assert (lead.format, lead.size) == ("JPEG", (1200, 600))
    assert (root / "output/moving.gif").is_file()  # as it is, so that it moves


def test_a_picture_that_changes_is_made_again_and_nothing_else(root: Path, build: Callable[..., BuildReport]) -> None:
    build(root)
    (root / "content/static/wide.jpg").write_bytes(picture("JPEG", 1300, colour="blue"))
    report = build(root)
    assert {path for path in report.rendered if ".mail." in path} == {"wide.jpg.mail.jpg"}
    assert build(root).rendered == {}


def test_one_that_no_issue_carries_any_more_goes(root: Path, build: Callable[..., BuildReport], post: Any) -> None:
    build(root)
    (root / "content/newsletters/2024-02-01-n.md").write_text(post("N", posts=["c"]))
    report = build(root)
    assert {path for path in report.deleted if ".mail." in path} == WANTED
    assert made(root) == {"other.webp.mail.jpg"}


def test_a_text_that_brings_a_picture_brings_its_file_though_nothing_else_has_changed(
    root: Path, build: Callable[..., BuildReport], post: Any
) -> None:
    """The shortest way through a build, for edits of texts alone, must not miss what the plan gains by them."""
    file = root / "content/newsletters/2024-02-01-n.md"
    file.write_text(post("N", "Same beginning.\n\nMore.", posts=["b"]))
    build(root)
    assert made(root) == {"wide.jpg.mail.jpg"}
    file.write_text(post("N", "Same beginning.\n\nMore. ![x](/other.webp)", posts=["b"]))
    build(root)
    assert made(root) == {"wide.jpg.mail.jpg", "other.webp.mail.jpg"}


def test_incremental_equals_clean(root: Path, build: Callable[..., BuildReport], post: Any) -> None:
    build(root)
    (root / "content/posts/2024-01-02-b.md").write_text(post("B", "New.", image="/moving.gif", image_alt="A lead"))
    build(root)
    assert verify(root, BuildOptions(), Clock(NOW)) == ()


def test_a_file_of_one_s_own_in_its_place_stands(root: Path, build: Callable[..., BuildReport]) -> None:
    own = picture("JPEG", 50)
    (root / "content/static/wide.jpg.mail.jpg").write_bytes(own)
    report = build(root)
    assert [problem.code for problem in report.problems] == []
    assert (root / "output/wide.jpg.mail.jpg").read_bytes() == own


def test_a_mail_picture_that_was_lost_is_made_again(root: Path, build: Callable[..., BuildReport]) -> None:
    build(root)
    (root / "output/wide.jpg.mail.jpg").unlink()
    assert Engine(root, BuildOptions(), Clock(NOW)).build().written == ("wide.jpg.mail.jpg",)


def test_each_is_drawn_once_whatever_else_is_lost_or_changes(
    root: Path, build: Callable[..., BuildReport], post: Any
) -> None:
    def drawn() -> dict[str, int]:
        return {file.name: file.stat().st_mtime_ns for file in (root / ".openletter/renditions").glob("*.jp*g")}

    build(root)
    before = {path: (root / "output" / path).read_bytes() for path in WANTED}
    kept = drawn()
    shutil.rmtree(root / "output")
    build(root)
    (root / ".openletter/state.sqlite").unlink()
    (root / "content/posts/2024-01-02-b.md").write_text(post("Another title", image="/wide.jpg", image_alt="A lead"))
    build(root)
    assert {path: (root / "output" / path).read_bytes() for path in WANTED} == before
    assert drawn() == kept


@pytest.mark.parametrize("fault", ["empty", "folder gone"])
def test_a_kept_picture_that_is_lost_is_drawn_again(fault: str, root: Path, build: Callable[..., BuildReport]) -> None:
    build(root)
    before = {path: (root / "output" / path).read_bytes() for path in WANTED}
    folder = root / ".openletter/renditions"
    for file in [*folder.iterdir()]:
        file.write_bytes(b"") if fault == "empty" else file.unlink()
    if fault == "folder gone":
        folder.rmdir()
    shutil.rmtree(root / "output")
    assert build(root).problems == ()
    assert {path: (root / "output" / path).read_bytes() for path in WANTED} == before


def test_thumbnails_differ_by_their_focus(root: Path, build: Callable[..., BuildReport], post: Any) -> None:
    photo = Image.new("RGB", (1200, 400), "red")
    photo.paste("blue", (600, 0, 1200, 400))
    photo.save(root / "content/static/wide.jpg")
    found: dict[str, set[bytes]] = {}
    for focus in ("left", "right", "left"):
        (root / "content/posts/2024-01-02-b.md").write_text(
            post("B", image="/wide.jpg", image_alt="A lead", image_focus=focus)
        )
        build(root)
        (file,) = (root / "output").glob("wide.jpg.thumb*")
        found.setdefault(focus, set()).add(file.read_bytes())
    assert len(found["left"]) == len(found["right"]) == 1
    assert found["left"].isdisjoint(found["right"])
