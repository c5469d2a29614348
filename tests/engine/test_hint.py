"""An engine that remembers its builds and is told what has changed: as little work as that takes, the same result."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine import inputs
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import ConfigError
from generator.model import BuildReport
from generator.site.index_model import Card
from generator.stamps import Stamp
from generator.store.output import OutputFolder
from generator.store.state import Store
from tests.factories import CLOCK, post, tree

Site = Callable[[Mapping[str, str]], Path]
BASE = "{% extends '@default/base.html' %}"


class Desk:
    """A site that is watched: `change` edits a file and builds with a hint of it."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root = root
        self.engine = engine
        self.first = engine.build()

    def change(self, path: str, text: str | None, **options: Any) -> BuildReport:
        file = self.root / path
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return self.engine.build(hint={path}, **options)

    def outputs(self) -> dict[str, bytes]:
        return tree(self.root / "output")

    def clean(self, place: Path) -> dict[str, bytes]:
        shutil.rmtree(place, ignore_errors=True)
        fresh = Engine(
            self.root, BuildOptions(place / "output", state=place / "state", live=self.engine.options.live), CLOCK
        )
        fresh.build()
        return tree(place / "output")


@pytest.fixture
def open_desk(site: Site) -> Iterator[Callable[..., Desk]]:
    """Make a site of forty posts and an engine that stays."""
    with ExitStack() as stack:

        def make(**options: Any) -> Desk:
            posts = {
                f"posts/2024-01-{1 + n % 28:02}-p{n}.md": post(f"P{n}", tags=["all"], summary="S.") for n in range(40)
            }
            root = site({**posts, "themes/mine/theme.toml": 'extends = "default"\n', "site.toml": CONFIG})
            return Desk(root, stack.enter_context(Engine(root, BuildOptions(**options), CLOCK)))

        yield make


CONFIG = 'title = "Letters"\nurl = "https://example.org/"\ntheme = "mine"\n'
OLD_POST = "content/posts/2024-01-01-p0.md"
OTHER_POST = "content/posts/2024-01-02-p1.md"


def test_a_hinted_text_renders_its_page_alone_and_looks_at_nothing_else(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()

    def forbidden(*_: object, **__: object) -> Any:
        raise AssertionError("all was looked at")

    monkeypatch.setattr(inputs, "scan_content", forbidden)
    monkeypatch.setattr(inputs, "load_config", forbidden)
    monkeypatch.setattr(inputs, "load_theme", forbidden)
    stamps: list[str] = []
    stamp = OutputFolder.stamp

    def noted(folder: OutputFolder, path: str) -> Stamp:
        stamps.append(path)
        return stamp(folder, path)

    monkeypatch.setattr(OutputFolder, "stamp", noted)
    for number in range(3):
        report = desk.change(OLD_POST, post("P0", f"Text.\n\nSecond {number}.", tags=["all"], summary="S."))
        assert set(report.rendered) == {"2024/01/p0/index.html"} == set(report.written)
    assert set(stamps) == {"2024/01/p0/index.html"}
    monkeypatch.undo()
    assert desk.outputs() == desk.clean(tmp_path / "clean")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (OLD_POST, post("Another title", tags=["all", "new"])),
        (OLD_POST, None),
        ("content/posts/2024-02-02-new.md", post("New", "[old](2024-01-01-p0.md)")),
        ("content/posts/2024-02-03-b/index.md", post("In a folder of its own")),
        ("content/posts/2024-01-01-p0.comments.yaml", "- author: A\n  date: 2024-01-02\n  body: Yes.\n"),
        ("content/static/a.txt", "a"),
        ("content/pages/about.md", post("About")),
        ("content/newsletters/2024-03-01-n.md", post("News", posts=["p1"])),
        ("themes/mine/templates/post.html", BASE + "{% block main %}{{ body }}{% endblock %}"),
        ("themes/mine/static/style.css", "body { color: black }"),
        ("themes/mine/theme.toml", 'extends = "default"\n[options]\n'),
        ("site.toml", CONFIG.replace("Letters", "Other letters")),
        ("site.toml", CONFIG + '[markup]\nengine = "commonmark"\n'),
    ],
)
@pytest.mark.parametrize("live", [False, True])
def test_any_hinted_change_gives_what_a_build_from_nothing_gives(
    open_desk: Callable[..., Desk], tmp_path: Path, path: str, text: str | None, live: bool
) -> None:
    desk = open_desk(live=live)
    before = desk.outputs()
    desk.change(path, text)
    after = desk.outputs()
    assert after == desk.clean(tmp_path / "clean")
    assert after != before or path.endswith(("theme.toml", "site.toml"))
    assert not desk.engine.build(hint=set()).written
    assert not desk.engine.build().written


def test_a_hint_of_a_folder_is_enough(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk()
    shutil.rmtree(desk.root / "content/posts")
    assert desk.engine.build(hint={"content/posts"}).posts == 0
    assert desk.outputs() == desk.clean(tmp_path / "clean")


def test_a_hint_is_kept_until_a_build_succeeds(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk()
    (desk.root / OLD_POST).write_text(post("Changed meanwhile", tags=["all"]))
    with pytest.raises(ConfigError):
        desk.engine.build(hint={OLD_POST, *_spoil(desk.root)})
    desk.change("site.toml", CONFIG)
    assert desk.outputs() == desk.clean(tmp_path / "clean")
    assert b"Changed meanwhile" in desk.outputs()["2024/01/p0/index.html"]


def _spoil(root: Path) -> set[str]:
    (root / "site.toml").write_text("title = \n")
    return {"site.toml"}


def test_a_build_by_another_program_is_noticed(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk()
    (desk.root / OLD_POST).write_text(post("P0", "By the other.", tags=["all"]))
    assert Engine(desk.root, clock=CLOCK).build().written
    other = "content/posts/2024-01-02-p1.md"
    desk.change(other, post("P1", "By this one.", tags=["all"]))
    assert desk.outputs() == desk.clean(tmp_path / "clean")
    assert b"By the other." in desk.outputs()["2024/01/p0/index.html"]


def test_the_passing_of_time_is_noticed(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.change("content/posts/2026-12-01-later.md", post("Later"))
    assert "2026/12/later/index.html" not in desk.outputs()
    desk.engine.clock = Clock(datetime(2026, 12, 2, tzinfo=UTC))
    desk.engine.build(hint=set())
    assert "2026/12/later/index.html" in desk.outputs()


def test_a_live_preview_keeps_the_last_good_page_and_says_what_is_wrong(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(live=True)
    good = desk.outputs()
    report = desk.change(OLD_POST, "---\ntitle: [\n---\nBroken.\n")
    assert [problem.path for problem in report.problems] == [OLD_POST]
    assert desk.outputs() == good
    report = desk.change("themes/mine/templates/post.html", "{% if %}")
    assert {problem.path for problem in report.problems} == {OLD_POST, "themes/mine/templates/post.html"}
    assert desk.outputs() == good
    assert desk.engine.build().problems == report.problems  # also after all was looked at
    assert desk.outputs() == good
    (desk.root / "themes/mine/templates/post.html").unlink()
    (desk.root / OLD_POST).write_text(post("P0", "Mended.", tags=["all"]))
    assert desk.engine.build(hint={OLD_POST, "themes/mine/templates/post.html"}).problems == ()
    assert b"Mended." in desk.outputs()["2024/01/p0/index.html"]


def test_a_change_of_style_changes_no_page_of_a_live_preview(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(live=True)
    desk.change("themes/mine/static/style.css", "body { color: black }")
    report = desk.change("themes/mine/static/style.css", "body { color: navy }")
    assert set(report.rendered) == {"assets/style.css"} == set(report.written)


def test_other_options_look_at_everything(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(live=True)
    desk.change("content/posts/2024-05-05-d.md", post("D", draft=True))
    assert "2024/05/d/index.html" not in desk.outputs()
    desk.engine.options = BuildOptions(live=True, drafts=True)
    desk.engine.build(hint=set())
    assert "2024/05/d/index.html" in desk.outputs()


def test_a_card_that_only_looks_equal_is_kept_anew(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.change(OLD_POST, post("P0", tags=["all"], extra={"x": True}))
    (desk.root / OLD_POST).write_text(post("P0", tags=["all"], extra={"x": 1}), "utf-8")
    (desk.root / OTHER_POST).write_text(post("Another title", tags=["all"]), "utf-8")
    desk.engine.build(hint={OLD_POST, OTHER_POST})
    with Store(desk.root / ".openletter") as store:
        card = store.blob(f"card|{OLD_POST}", Card)
    assert card is not None
    assert card.extra["x"] is not True


def test_an_edit_that_only_looks_equal_is_seen(open_desk: Callable[..., Desk]) -> None:
    """To Python true equals 1; a page shows which of them it is."""
    desk = open_desk()
    desk.change("themes/mine/templates/post.html", "{{ doc.extra.x|default }}")
    desk.change(OLD_POST, post("P0", tags=["all"], extra={"x": True}))
    assert desk.outputs()["2024/01/p0/index.html"] == b"True\n"
    desk.change(OLD_POST, post("P0", tags=["all"], extra={"x": 1}))
    assert desk.outputs()["2024/01/p0/index.html"] == b"1\n"


def test_a_page_tells_its_source_and_state(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(live=True, drafts=True)
    desk.engine.prepare()
    desk.change("content/posts/2024-05-05-d.md", post("D", "One two three.", draft=True))
    facts = desk.engine.page("2024/05/d/index.html")
    assert facts is not None
    assert (facts.source, facts.kind, facts.state) == ("content/posts/2024-05-05-d.md", "post", "draft")
    assert (facts.title, facts.words, facts.minutes, facts.problems) == ("D", 3, 1, ())
    assert desk.engine.page("index.html") is None
    assert desk.engine.page("nowhere") is None


def test_a_new_or_deleted_file_is_found_without_reading_settings_and_theme_again(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = open_desk()
    desk.change("content/posts/2024-01-01-a/index.md", post("A"))
    assert desk.engine._cache is not None
    assert desk.engine._cache.inputs is not None
    config, theme = desk.engine._cache.inputs.config, desk.engine._cache.inputs.theme
    stray = desk.change("content/posts/2024-01-01-a/notes.md", post("Not a post"))
    assert [problem.path for problem in stray.problems] == ["content/posts/2024-01-01-a/notes.md"]
    assert desk.change("content/posts/2024-01-01-a/notes.md", None).problems == ()
    assert desk.change("content/posts/2026-02-02-new.md", post("New")).posts > desk.first.posts
    assert desk.outputs() == desk.clean(tmp_path / "clean")
    assert desk.engine._cache is not None
    assert desk.engine._cache.inputs is not None
    assert desk.engine._cache.inputs.config is config
    assert desk.engine._cache.inputs.theme is theme
