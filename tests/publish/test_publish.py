import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import PublishError
from generator.publish.publish import PublishOptions
from tests.publish.places import CutError, operations, own, place_at, public, publish, rollback, whole

FIRST = {
    "a/index.html": "a style.0a1b2c3d.css",
    "b/index.html": "b",
    "assets/style.0a1b2c3d.css": "red",
    "feed.xml": "1",
}
SECOND = {
    "a/index.html": "A style.4e5f6a7b.css",
    "c/index.html": "c",
    "assets/style.4e5f6a7b.css": "blue",
    "feed.xml": "2",
}
OLD_STYLE = {"assets/style.0a1b2c3d.css": "red"}


def test_only_what_differs_is_sent_and_the_old_style_sheet_stays_for_one_publication(tmp_path: Path) -> None:
    publish(place_at(tmp_path), FIRST)
    assert public(tmp_path) == whole(FIRST)
    plan = publish(place_at(tmp_path), SECOND)
    assert plan.added == ("assets/style.4e5f6a7b.css", "c/index.html")
    assert plan.changed == ("a/index.html", "feed.xml")
    assert plan.deleted == ("assets/style.0a1b2c3d.css", "b/index.html")
    assert public(tmp_path) == whole(SECOND | OLD_STYLE)
    again = place_at(tmp_path)
    assert publish(again, SECOND).is_empty
    assert operations(again) == 0
    publish(place_at(tmp_path), SECOND | {"d/index.html": "d"})
    assert public(tmp_path) == whole(SECOND | {"d/index.html": "d"})


def test_a_rollback_restores_the_publication_before_and_another_one_undoes_it(tmp_path: Path) -> None:
    publish(place_at(tmp_path), FIRST)
    publish(place_at(tmp_path), SECOND)
    rollback(place_at(tmp_path))
    assert public(tmp_path) == whole(FIRST | {"assets/style.4e5f6a7b.css": "blue"})
    rollback(place_at(tmp_path))
    assert public(tmp_path) == whole(SECOND | OLD_STYLE)


@pytest.mark.parametrize("lost", range(3))
def test_a_rollback_without_the_old_bytes_changes_nothing(tmp_path: Path, lost: int) -> None:
    publish(place_at(tmp_path), FIRST)
    publish(place_at(tmp_path), SECOND)
    copies = sorted((tmp_path / ".openletter/old").iterdir())
    assert len(copies) == 3
    copies[lost].unlink()
    with pytest.raises(PublishError, match="not all there"):
        rollback(place_at(tmp_path))
    assert public(tmp_path) == whole(SECOND | OLD_STYLE)


def test_there_is_no_rollback_of_the_first_publication(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="publish-no-rollback"):
        rollback(place_at(tmp_path))
    publish(place_at(tmp_path), FIRST)
    with pytest.raises(PublishError, match="publish-no-rollback"):
        rollback(place_at(tmp_path))


@pytest.mark.parametrize("then", ["again", "other", "rollback"])
def test_whenever_it_is_cut_pages_have_their_style_sheets_and_the_next_run_completes_it(
    tmp_path: Path, then: str
) -> None:
    cut = 0
    while True:
        folder = tmp_path / str(cut)
        publish(place_at(folder), FIRST)
        try:
            publish(place_at(folder, cut), SECOND)
        except CutError:
            pass
        else:
            break
        live = public(folder)
        assert all(f"assets/{page.partition(' ')[2]}" in live for path, page in live.items() if path == "a/index.html")
        assert all(page in (whole(FIRST).get(path), whole(SECOND).get(path)) for path, page in live.items())
        swapped = json.loads((folder / ".openletter/manifest.json").read_bytes())["generation"] == 2
        _continue(folder, then, swapped=swapped)
        cut += 1
    assert cut > 10


def _continue(folder: Path, then: str, *, swapped: bool) -> None:
    journal = (folder / ".openletter/journal.json").exists()
    if then == "again":
        publish(place_at(folder), SECOND)
        assert public(folder) == whole(SECOND | OLD_STYLE)
        rollback(place_at(folder))
        assert public(folder).items() >= whole(FIRST).items()
    elif then == "other":
        third = {"b/index.html": "b", "a/index.html": "third"}
        publish(place_at(folder), third)
        live = public(folder)
        assert {path: text for path, text in live.items() if "style" not in path} == whole(third)
    elif journal or swapped:
        rollback(place_at(folder))
        assert {path: text for path, text in public(folder).items() if "style.4" not in path} == whole(FIRST)
    assert "journal.json" not in own(folder) or (then == "rollback" and not journal and not swapped)


PATHS = st.sampled_from(
    ("a", "a/b", "a/b/index.html", "c.html", "assets/x.11111111.css", "assets/y.22222222.css", "feed.xml")
)
SITES = st.dictionaries(PATHS, st.sampled_from(("1", "2", "3")), max_size=5).map(
    lambda site: {path: text for path, text in site.items() if not any(other.startswith(f"{path}/") for other in site)}
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(SITES, st.integers(0, 14) | st.none(), st.booleans()), min_size=2, max_size=6))
def test_after_any_cuts_a_whole_run_leaves_exactly_the_site(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, str], int | None, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("live")
    done: list[dict[str, str]] = []
    for site, cut, back in steps:
        try:
            if back and len(done) > 1:
                rollback(place_at(folder, cut))
                continue
            publish(place_at(folder, cut), site)
        except (CutError, PublishError):
            continue
        done.append(site)
    before, last = {"p.html": "before"}, {"q.html": "last"}
    publish(place_at(folder), before)
    kept = {path for path in public(folder) if path.startswith("assets/")}
    assert {path: text for path, text in public(folder).items() if path not in kept} == whole(before)
    publish(place_at(folder), last)
    assert public(folder) == whole(last)
    assert own(folder) <= {"manifest.json", *(f"old/{path.name}" for path in (folder / ".openletter/old").iterdir())}
    rollback(place_at(folder))
    assert public(folder) == whole(before)


@pytest.mark.parametrize("site", [{}, {"a.css": "x"}, {"feed.xml": "1"}])
def test_another_site_a_foreign_folder_and_an_empty_site_are_refused(tmp_path: Path, site: dict[str, str]) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/old.html").write_text("old")
    with pytest.raises(PublishError, match="publish-foreign"):
        publish(place_at(tmp_path / "foreign"), site)
    publish(place_at(tmp_path / "foreign"), site, PublishOptions(adopt=True))
    assert public(tmp_path / "foreign") == whole(site | {"old.html": "old"})
    with pytest.raises(PublishError, match=r"is the site https://letters\.example\.org/"):
        publish(place_at(tmp_path / "foreign", site="https://other.example.org/"), site)


def test_a_mass_deletion_is_refused_until_it_is_allowed(tmp_path: Path) -> None:
    many = {f"p/{number}/index.html": "x" for number in range(60)}
    publish(place_at(tmp_path), many)
    with pytest.raises(PublishError, match=r"delete 60 of 62 .* add --max-deletes 97"):
        publish(place_at(tmp_path), {})
    assert public(tmp_path) == whole(many)
    few = dict(list(many.items())[:12])
    publish(place_at(tmp_path), few)  # 48 are below the fifty that may always go
    publish(place_at(tmp_path), {}, PublishOptions(max_deletes=97))
    assert public(tmp_path) == whole({})


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"site": 1}', b'{"site":"x","version":99}', b"\xff"])
def test_a_damaged_or_newer_manifest_is_never_overwritten(tmp_path: Path, data: bytes) -> None:
    publish(place_at(tmp_path), FIRST)
    (tmp_path / ".openletter/manifest.json").write_bytes(data)
    with pytest.raises(PublishError, match="manifest-unreadable"):
        publish(place_at(tmp_path), SECOND)
    assert public(tmp_path) == whole(FIRST)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    plan = publish(place_at(tmp_path / "live"), FIRST, PublishOptions(dry_run=True))
    assert len(plan.added) == 6
    assert not (tmp_path / "live").exists()


def test_what_was_taken_down_stays_off_until_it_is_restored(tmp_path: Path) -> None:
    publish(place_at(tmp_path), FIRST)
    publish(place_at(tmp_path), FIRST | {"b/index.html": "b2"})
    without = {path: text for path, text in FIRST.items() if path != "b/index.html"}
    publish(place_at(tmp_path), without, PublishOptions(withdrawn=frozenset({"b/index.html"})))
    assert public(tmp_path) == whole(without)
    assert own(tmp_path) == {"manifest.json"}
    assert b"b/index" not in (tmp_path / ".openletter/manifest.json").read_bytes()
    with pytest.raises(PublishError, match="publish-no-rollback"):
        rollback(place_at(tmp_path))
    with pytest.raises(PublishError, match=r"add --restore /b/"):
        publish(place_at(tmp_path), FIRST)
    publish(place_at(tmp_path), FIRST, PublishOptions(restored=frozenset({"b/index.html"})))
    publish(place_at(tmp_path), FIRST | {"b/index.html": "b3"})
    assert public(tmp_path)["b/index.html"] == "b3"
