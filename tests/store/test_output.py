import os
from pathlib import Path

import pytest

from generator.digest import digest_file
from generator.errors import OutputError, RouteError
from generator.store.output import MARKER, OutputFolder


def claimed(folder: Path, *, preview: bool) -> OutputFolder:
    """Check a folder and mark it as ours, as a build does before it writes."""
    made = OutputFolder(folder, preview=preview)
    made.claim()
    return made


def test_a_folder_is_not_touched_before_it_is_claimed(tmp_path: Path) -> None:
    OutputFolder(tmp_path / "out", preview=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("before", [None, b"", b"old", b"same"])
def test_a_finished_file_is_moved_in_if_its_bytes_differ(tmp_path: Path, before: bytes | None) -> None:
    folder = claimed(tmp_path / "out", preview=False)
    if before is not None:
        folder.write("a/x", before)
    (tmp_path / "made").write_bytes(b"same")
    moved = folder.move_in("a/x", tmp_path / "made", digest_file(tmp_path / "made"))
    assert moved is (before != b"same")
    assert (tmp_path / "out/a/x").read_bytes() == b"same"
    assert [file.name for file in (tmp_path / "out/a").iterdir()] == ["x"]


def test_a_file_from_another_disk_is_moved_in_too(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk")
    made = memory / f"openletter-{os.getpid()}"
    made.write_bytes(b"x")
    try:
        assert claimed(tmp_path / "out", preview=False).move_in("x", made, digest_file(made))
    finally:
        made.unlink(missing_ok=True)
    assert (tmp_path / "out/x").read_bytes() == b"x"
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [MARKER, "x"]


def test_a_folder_that_is_not_ours_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="did not make"):
        claimed(tmp_path, preview=False)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_or_one_with_gitkeep_is_taken_and_marked_first(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").touch()
    claimed(tmp_path, preview=False)
    assert (tmp_path / MARKER).is_file()
    claimed(tmp_path, preview=False)


def test_a_preview_is_never_written_over_a_public_build_nor_the_other_way_round(tmp_path: Path) -> None:
    claimed(tmp_path / "public", preview=False)
    claimed(tmp_path / "preview", preview=True)
    with pytest.raises(OutputError, match="holds a public site"):
        claimed(tmp_path / "public", preview=True)
    with pytest.raises(OutputError, match="holds a preview"):
        claimed(tmp_path / "preview", preview=False)


def test_a_file_is_written_only_where_its_bytes_differ(tmp_path: Path) -> None:
    folder = claimed(tmp_path, preview=False)
    assert folder.write("a/index.html", b"one")
    before = (tmp_path / "a/index.html").stat()
    assert not folder.write("a/index.html", b"one")
    assert (tmp_path / "a/index.html").stat().st_ino == before.st_ino
    assert folder.write("a/index.html", b"two")
    assert (tmp_path / "a/index.html").read_bytes() == b"two"
    assert sorted(file.name for file in (tmp_path / "a").iterdir()) == ["index.html"]


OUTSIDE = ["../x", "/etc/x", "a/../../x", "a//b", "", "a\\..\\x", "a\0b", "./a", ".git/x", "a/.git/x"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = claimed(tmp_path / "out", preview=False)
    with pytest.raises(RouteError):
        folder.write(path, b"x")
    assert not (tmp_path / "x").exists()


def test_a_link_that_leads_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    folder = claimed(tmp_path / "out", preview=False)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out"):
        folder.write("a/index.html", b"x")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_deleting_removes_the_folders_left_empty_and_no_others(tmp_path: Path) -> None:
    folder = claimed(tmp_path, preview=False)
    folder.write("a/b/index.html", b"x")
    folder.write("a/index.html", b"x")
    folder.delete("a/b/index.html")
    assert (tmp_path / "a/index.html").is_file()
    assert not (tmp_path / "a/b").exists()


def test_strangers_are_set_aside_not_lost_and_git_is_left_alone(tmp_path: Path) -> None:
    folder = claimed(tmp_path / "out", preview=False)
    (tmp_path / "out/.git").mkdir()
    (tmp_path / "out/.git/config").write_text("git")
    folder.write("old/index.html", b"old")
    assert folder.strangers(frozenset({"index.html"})) == ["old/index.html"]
    folder.set_aside("old/index.html", tmp_path / "shelf")
    assert (tmp_path / "shelf/old/index.html").read_bytes() == b"old"
    assert (tmp_path / "out/.git/config").is_file()
    assert not (tmp_path / "out/old").exists()


def test_a_copy_is_made_only_where_it_differs(tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(b"film")
    folder = claimed(tmp_path / "out", preview=False)
    assert folder.copy("film.mp4", source, digest_file(source))
    assert not folder.copy("film.mp4", source, digest_file(source))
    source.write_bytes(b"more")
    assert folder.copy("film.mp4", source, digest_file(source))


def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = claimed(tmp_path / "out", preview=False)
    (tmp_path / "out/a/index.html/full").mkdir(parents=True)
    with pytest.raises(RouteError, match="is a folder"):
        folder.write("a/index.html", b"x")
    with pytest.raises(OutputError, match="cannot be written"):
        folder.copy("b.pdf", tmp_path / "nowhere.pdf", "")
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == [tmp_path / "out" / MARKER]


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path) -> None:
    folder = claimed(tmp_path, preview=False)
    folder.write("a/index.html", b"x")
    (tmp_path / "a/.0123.openletter-part").write_text("hal")
    (tmp_path / "b/c").mkdir(parents=True)
    (tmp_path / "b/c/.4567.openletter-part").write_text("f")
    (tmp_path / "d/e").mkdir(parents=True)
    (tmp_path / ".git/empty").mkdir(parents=True)
    folder.remove_leftovers()
    left = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")}
    assert left == {MARKER, "a", "a/index.html", ".git", ".git/empty"}


@pytest.mark.parametrize("held", [b"", b"This folder is made"])
def test_a_marker_that_was_cut_short_is_written_again(tmp_path: Path, held: bytes) -> None:
    (tmp_path / MARKER).write_bytes(held)
    claimed(tmp_path, preview=True)
    claimed(tmp_path, preview=True)
    (tmp_path / "letter.txt").write_text("mine")
    (tmp_path / MARKER).write_bytes(held)
    with pytest.raises(OutputError, match="did not make"):
        claimed(tmp_path, preview=True)


def test_a_folder_in_the_place_of_a_file_of_ours_is_not_ours_to_delete(tmp_path: Path) -> None:
    folder = claimed(tmp_path, preview=False)
    (tmp_path / "a/theirs").mkdir(parents=True)
    folder.delete("a")
    assert (tmp_path / "a/theirs").is_dir()
