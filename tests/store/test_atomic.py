import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from generator.digest import digest_bytes, digest_file
from generator.store.atomic import copy_file, is_part, replace_file, replace_if_unchanged, write_new

ROUNDS = 150
SIZE_BYTES = 300_000


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_new_file_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    write_new(tmp_path / "a.md", b"one")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.md", b"two")
    assert (tmp_path / "a.md").read_bytes() == b"one"
    assert names(tmp_path) == ["a.md"]


def test_a_new_file_is_not_written_over_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "gone.md")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.md", b"two")
    assert names(tmp_path) == ["a.md"]


def test_without_hard_links_a_new_file_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_new(tmp_path / "a.md", b"one")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.md", b"two")
    assert (tmp_path / "a.md").read_bytes() == b"one"
    assert names(tmp_path) == ["a.md"]


def test_a_file_is_replaced_and_gets_the_usual_rights(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    replace_file(file, b"one")
    replace_file(str(file), b"two" * 100_000)
    assert file.read_bytes() == b"two" * 100_000
    (tmp_path / "usual").touch()
    assert file.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_is_replaced_only_while_it_holds_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes(b"old")
    assert replace_if_unchanged(file, b"new", digest_bytes(b"old"))
    assert file.read_bytes() == b"new"
    assert not replace_if_unchanged(file, b"newer", digest_bytes(b"old"))
    assert file.read_bytes() == b"new"
    file.unlink()
    assert not replace_if_unchanged(file, b"newer", digest_bytes(b"new"))
    assert names(tmp_path) == []


def test_a_copy_has_the_bytes_but_not_the_rights_of_its_source(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"film")
    source.chmod(0o700)
    copy_file(source, tmp_path / "copy")
    assert digest_file(tmp_path / "copy") == digest_bytes(b"film")
    if sys.platform != "win32":
        assert not (tmp_path / "copy").stat().st_mode & 0o111


def test_what_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken/full").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        replace_file(tmp_path / "taken", b"x")
    with pytest.raises(OSError, match="no"):
        copy_file(tmp_path / "no", tmp_path / "a")
    with pytest.raises(OSError, match="taken"):
        replace_if_unchanged(tmp_path / "taken", b"x", "")
    assert names(tmp_path) == ["taken"]


def test_a_leftover_of_a_killed_process_with_our_number_is_not_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.store import atomic

    numbers = iter((1, 2))
    monkeypatch.setattr(atomic, "_next_number", lambda: next(numbers))
    left = tmp_path / f".{os.getpid()}-1.openletter-part"
    left.write_bytes(b"left")
    replace_file(tmp_path / "a.md", b"one")
    assert is_part(left.name)
    assert left.read_bytes() == b"left"
    assert (tmp_path / "a.md").read_bytes() == b"one"


def _write_often(file: Path, letter: bytes, start: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    for _ in range(ROUNDS):
        replace_file(file, letter * SIZE_BYTES)


def test_two_processes_that_write_one_place_never_mix_their_bytes(tmp_path: Path) -> None:
    file = tmp_path / "picture.jpg"
    forks = multiprocessing.get_context("spawn")
    start = forks.Event()
    writers = [forks.Process(target=_write_often, args=(file, letter, start)) for letter in (b"a", b"b")]
    for writer in writers:
        writer.start()
    replace_file(file, b"a" * SIZE_BYTES)
    start.set()
    whole = {b"a" * SIZE_BYTES, b"b" * SIZE_BYTES}
    while any(writer.is_alive() for writer in writers):
        assert file.read_bytes() in whole
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert file.read_bytes() in whole
    assert names(tmp_path) == ["picture.jpg"]
