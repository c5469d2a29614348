"""Social cards on a whole site: which posts have one, what pages name, and what an edit draws again."""

import os
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.images.faces import own_face
from tests.factories import Site

ON = "[social]\ncards = true\n"
Letters = Callable[..., Site]


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (300, 200), "red").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def made(letters: Letters, post: Any, config: Any) -> Site:
    files = {
        "site.toml": config(ON + '[authors.jo]\nname = "Jo Public"\n'),
        "posts/2024-01-05-plain.md": post('It\'s "here"', author="jo"),
        "posts/2024-01-04-photo.md": post("Photo", image="/p.png", image_alt="Red"),
        "posts/2024-01-03-drawing.md": post("Drawing", image="/d.svg", image_alt="Lines"),
        "posts/2024-01-02-file.md": post("File", permalink="/a/file.html"),
        "posts/2024-01-01-other.md": post("Письмо"),
        "pages/about.md": post("About"),
        "newsletters/n.md": post("News", date="2024-02-01"),
        "static/p.png": picture(),
        "static/d.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    }
    return letters(files)


def cards(site: Site) -> set[str]:
    return {path for path in site.paths if "social-card." in path and not path.startswith("assets/")}


def preview(site: Site, path: str) -> str:
    return (site.meta(path, "og:image") or "").removeprefix("https://example.org/")


def folder_of(path: str) -> str:
    return path.partition("social-card.")[0]


def test_posts_without_a_picture_for_previews_have_a_card(made: Site) -> None:
    assert {folder_of(path) for path in cards(made)} == {"2024/01/plain/", "2024/01/drawing/", "a/file."}
    for page in ("2024/01/plain/index.html", "2024/01/drawing/index.html", "a/file.html"):
        assert preview(made, page) in cards(made)
        assert (made.meta(page, "og:image:width"), made.meta(page, "og:image:height")) == ("1200", "630")
        assert made.meta(page, "twitter:card") == "summary_large_image"
        assert f'"image":"https://example.org/{preview(made, page)}"' in made.text(page)
    assert made.meta("2024/01/plain/index.html", "og:image:alt") == "It’s “here”"
    assert preview(made, "2024/01/photo/index.html").endswith(".png")
    assert made.meta("2024/01/photo/index.html", "og:image:alt") == "Red"
    for page in ("about/index.html", "newsletter/n/index.html", "index.html", "2024/01/other/index.html"):
        assert preview(made, page).startswith("assets/social-card-teal."), page


def test_a_title_that_no_font_can_write_is_noted_once(made: Site) -> None:
    (found,) = [problem for problem in made.report.problems if problem.code == "social-font"]
    assert (found.level, found.path, found.line) == ("note", "site.toml", 4)
    assert "1 post gets" in found.message
    assert '"Письмо" (content/posts/2024-01-01-other.md)' in found.message


EDITS = (
    ("content/posts/2024-01-05-plain.md", "Text.", "Other text.", 0),
    ("content/posts/2024-01-05-plain.md", "here", "there", 1),
    ("content/posts/2024-01-04-photo.md", 'image: "/p.png"\n', "", 1),
    ("content/posts/2024-01-03-drawing.md", "/d.svg", "/p.png", 0),
    ("site.toml", "Jo Public", "Jo Private", 1),
    ("site.toml", 'title = "Letters"', 'title = "Other letters"', 3),
    ("site.toml", "cards = true", "cards = false", 0),
    ("site.toml", "cards = false", "cards = true", 0),
    ("site.toml", ON, ON + '[theme]\naccent = "plum"\n', 3),
    ("site.toml", ON, ON + "[output]\nper_page = 3\n", 0),
)


def drawn_cards(site: Site) -> set[str]:
    files = list((site.root / ".openletter/renditions").iterdir())
    return {file.name for file in files if Image.open(BytesIO(file.read_bytes())).size == (1200, 630)}


def test_an_edit_draws_what_it_changes(made: Site) -> None:
    for path, before, after, count in EDITS:
        kept = drawn_cards(made)
        made.edit(path, before, after)
        made.build()
        assert len(drawn_cards(made) - kept) == count, (path, after)
    assert made.verify() == ()


def test_a_card_is_drawn_once_and_again_where_it_is_lost(made: Site) -> None:
    folder = made.root / ".openletter/renditions"
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    shutil.rmtree(made.output)
    (made.root / ".openletter/state.sqlite").unlink()
    made.build()
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before
    shutil.rmtree(folder)
    lost = sorted(cards(made))[0]
    (made.output / lost).unlink()
    made.build()
    assert lost in cards(made)
    assert len(list(folder.iterdir())) == 1


def test_the_sites_own_font_writes_first_and_its_bytes_count(made: Site) -> None:
    before = cards(made)
    font = Path(own_face().file).read_bytes()
    made.write("fonts/Own.ttf", font)
    made.edit("site.toml", ON, ON + 'font = "fonts/Own.ttf"\n')
    made.build()
    first = cards(made)
    assert not first & before
    made.write("fonts/Own.ttf", font + b"\0")
    made.build()
    assert len(cards(made)) == len(before)
    assert not cards(made) & first
    assert made.verify() == ()
    made.write("fonts/Own.ttf", font[:2000])
    made.build()
    assert len(cards(made)) == len(before), "the program's font writes them"
    messages = [problem.message for problem in made.report.problems if problem.code == "social-font"]
    assert any('"Own.ttf" cannot be opened' in message for message in messages)


def test_the_preview_uses_what_the_build_has_drawn(made: Site) -> None:
    folder = made.root / ".openletter/renditions"
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    made.build(live=True, output=made.root / ".openletter/preview/site", state=made.root / ".openletter/preview/state")
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before
    assert not (made.root / ".openletter/preview/state/renditions").exists()


def test_what_another_process_may_be_copying_is_not_deleted(made: Site) -> None:
    folder = made.root / ".openletter/renditions"
    old, recent = folder / "old.png", folder / "recent.png"
    for file in (old, recent):
        file.write_bytes(bytes(1_100_000))
    os.utime(old, (1, 1))
    os.utime(recent, ns=(recent.stat().st_atime_ns, 1))
    made.edit("site.toml", ON, ON + "[images]\ncache_size = 1\n")
    made.edit("content/posts/2024-01-05-plain.md", "here", "there")
    made.build()
    assert not old.exists()
    assert recent.exists(), "it was used a moment ago"


def test_many_cards_are_drawn_in_several_processes(letters: Letters, post: Any, config: Any) -> None:
    posts = {f"posts/2024-01-{day:02}-p{day}.md": post(f"Post {day}") for day in range(1, 13)}
    made = letters({"site.toml": config(ON), **posts}, jobs=2)
    assert len(cards(made)) == 12
    assert made.verify() == ()
