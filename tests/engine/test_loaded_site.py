"""A site opened to be looked at: as it stands, without a build and without harm to one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine import loaded_site
from generator.engine.loaded_site import MANY, LoadedSite, load_site
from generator.engine.stages.documents import start_conversion
from generator.errors import ConfigError
from generator.model import BuildReport
from generator.store.inherit import inherit_texts
from generator.store.state import Store, discard_state
from tests.factories import NOW

Site = Callable[..., Path]
Build = Callable[..., BuildReport]
CLOCK = Clock(NOW)


def titles(opened: LoadedSite) -> set[str]:
    return {card.title for card in opened.context.queries.index.cards.values()}


@pytest.fixture
def root(site: Site, post: Callable[..., str]) -> Path:
    return site(
        {
            "posts/2024-01-01-a.md": post("Public"),
            "posts/2024-01-02-b.md": post("Draft", draft=True),
            "posts/2027-01-02-c.md": post("Later"),
            "posts/2024-01-04-d.md": "---\ntitle: [\n---\n",
        }
    )


def test_it_holds_what_is_public_and_knows_the_rest(root: Path) -> None:
    def use(opened: LoadedSite) -> tuple[set[str], set[str], list[str]]:
        return titles(opened), {d.meta.title for d in opened.documents.values()}, [p.code for p in opened.problems]

    assert load_site(root, CLOCK, use) == ({"Public"}, {"Public", "Draft", "Later"}, ["front-matter"])


def test_what_is_chosen_is_shown_besides(root: Path) -> None:
    shown = load_site(root, CLOCK, titles, show=lambda documents, _: [d.path for d in documents if d.meta.draft])
    assert shown == {"Public", "Draft"}


def test_another_moment_has_other_posts(root: Path) -> None:
    assert load_site(root, CLOCK, titles, at=NOW.replace(year=2028)) == {"Public", "Later"}
    assert load_site(root, CLOCK, titles, at=NOW.replace(year=2028, tzinfo=None)) == {"Public", "Later"}


def test_a_folder_that_is_no_site_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_site(tmp_path, CLOCK, titles)
    assert list(tmp_path.iterdir()) == []


def test_builds_before_and_after_a_look_are_as_without(root: Path, build: Build, post: Callable[..., str]) -> None:
    build(root)
    load_site(root, CLOCK, titles)
    assert build(root).rendered == {}
    (root / "content/posts/2024-01-01-a.md").write_text(post("Changed"))
    assert load_site(root, CLOCK, titles) == {"Changed"}
    assert "2024/01/a/index.html" in build(root).rendered


def test_a_broken_desk_is_made_anew(root: Path) -> None:
    load_site(root, CLOCK, titles)
    with Store(root / ".openletter/desk") as store:
        store.drop_blobs("text|")
        store.commit()

    def body(opened: LoadedSite) -> str:
        (key,) = opened.context.queries.index.posts
        return str(opened.context.queries.get(f"body|{key}")[0].html)

    assert load_site(root, CLOCK, body) == "<p>Text.</p>"


@pytest.fixture
def many(site: Site, post: Callable[..., str]) -> Path:
    """A site of many posts, all old enough for their stamps to be believed."""
    root = site({f"posts/2024-01-01-p{n}.md": post(f"Post {n}") for n in range(MANY)})
    for file in (root / "content/posts").iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return root


def sneak(root: Path) -> None:
    """Change a source behind everybody's back: same size, same time. Whoever reads it meets the new title."""
    file = root / "content/posts/2024-01-01-p7.md"
    file.write_text(file.read_text().replace("Post 7", "Pots 7"))
    os.utime(file, (1_700_000_000, 1_700_000_000))


def test_what_a_build_has_converted_is_taken_over(many: Path, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    build(many)
    converted: list[int] = []

    def counted(root: Path, changed: Sequence[Any], *others: Any, **options: Any) -> Any:
        converted.append(len(changed))
        return start_conversion(root, changed, *others, **options)

    monkeypatch.setattr(loaded_site, "start_conversion", counted)
    assert "Post 7" in load_site(many, CLOCK, titles)
    assert converted == [0]


def test_a_source_that_only_looks_equal_is_read_again(many: Path, build: Build) -> None:
    build(many)
    sneak(many)
    assert "Pots 7" in load_site(many, CLOCK, titles)


def test_without_a_build_everything_is_read(many: Path, build: Build) -> None:
    build(many)
    discard_state(many / ".openletter")
    sneak(many)
    assert "Pots 7" in load_site(many, CLOCK, titles)


@pytest.mark.parametrize("damage", [b"no database" * 500, b""])
def test_a_build_s_state_that_is_broken_is_passed_over(many: Path, build: Build, damage: bytes) -> None:
    build(many)
    (many / ".openletter/state.sqlite").write_bytes(damage)
    sneak(many)
    assert "Pots 7" in load_site(many, CLOCK, titles)


def test_nothing_is_taken_over_from_nowhere(tmp_path: Path) -> None:
    with Store(tmp_path / "mine"):
        assert not inherit_texts(tmp_path / "none", tmp_path / "mine")
    assert not (tmp_path / "none").exists()
