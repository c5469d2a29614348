"""A state is used again only by what would do its work alike: an upgrade of anything that has a say is noticed."""

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest

import generator
from generator.engine.fingerprint import FILE, generator_fingerprint
from generator.model import BuildReport

Build = Callable[..., BuildReport]
PROGRAM = ("__init__.py", "a.py", "words/locale/de.po", "words/locale/de.mo", "images/fonts/plain.ttf")


def required() -> list[str]:
    """Name every installed distribution that our metadata requires, and those that they require in turn."""
    found: set[str] = set()
    waiting = ["openletter"]
    while waiting:
        for requirement in requires(waiting.pop()) or ():
            text, _, marker = requirement.partition(";")
            name = text
            for sign in "<>=!~[( ":
                name = name.partition(sign)[0]
            name = name.lower().replace("_", "-")
            if name in found or ("extra" in marker and name != "pyromark"):
                continue
            try:
                version(name)
            except PackageNotFoundError:
                continue
            found.add(name)
            waiting.append(name)
    return sorted(found)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    generator_fingerprint.cache_clear()
    yield
    generator_fingerprint.cache_clear()


def test_what_our_metadata_requires_was_found() -> None:
    assert {"feedgen", "markupsafe", "msgspec", "pyromark", "python-dateutil"} <= {*required()}


@pytest.mark.parametrize("name", required())
def test_an_upgrade_of_any_required_distribution_is_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = generator_fingerprint(tmp_path / "state")
    (tmp_path / f"{name.replace('-', '_')}-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    generator_fingerprint.cache_clear()
    assert generator_fingerprint(tmp_path / "state") != before


def test_an_upgrade_of_a_checkout_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution that is no wheel may have its version in its metadata alone."""
    metadata = tmp_path / "feedgen.egg-info/PKG-INFO"
    metadata.parent.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    found = set()
    for number in ("1.0", "1.1"):
        metadata.write_text(f"Name: feedgen\nVersion: {number}\n")
        generator_fingerprint.cache_clear()
        found.add(generator_fingerprint(tmp_path / "state"))
    assert len(found) == 2


@pytest.mark.parametrize(("owner", "name"), [(sys, "hexversion"), (unicodedata, "unidata_version")])
def test_another_interpreter_is_noticed(owner: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = generator_fingerprint(tmp_path)
    monkeypatch.setattr(owner, name, "99.0")
    generator_fingerprint.cache_clear()
    assert generator_fingerprint(tmp_path) != before


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of a few files, old enough for their stamps to be believed; it is taken for ours."""
    folder = tmp_path / "code"
    for name in PROGRAM:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"old words")
        os.utime(folder / name, (1_600_000_000, 1_600_000_000))
    monkeypatch.setattr(generator, "__file__", str(folder / "__init__.py"))
    time.sleep(0.07)  # the time of an inode's change cannot be set
    return folder


def fingerprint(state: Path) -> str:
    generator_fingerprint.cache_clear()
    return generator_fingerprint(state)


def no_file_is_read(*_: Any) -> str:
    raise AssertionError("the program's files were read")


def test_the_digest_of_unchanged_code_is_kept(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(tmp_path / "site/.openletter")
    monkeypatch.setattr("generator.engine.fingerprint.digest_files", no_file_is_read)
    assert fingerprint(tmp_path / "site/.openletter") == before
    with pytest.raises(AssertionError, match="were read"):
        fingerprint(tmp_path / "another")


def _edited(file: Path) -> None:
    """Write as many bytes, and give the file its old time, as `cp -p`, `tar` and `git` can."""
    file.write_bytes(b"new words")
    os.utime(file, (1_600_000_000, 1_600_000_000))


def _replaced(file: Path) -> None:
    file.rename(file.with_suffix(".old"))
    _edited(file)


def _added(file: Path) -> None:
    _edited(file.with_name("added" + file.suffix))


def _removed(file: Path) -> None:
    file.unlink()


def _renamed(file: Path) -> None:
    file.rename(file.with_name("renamed" + file.suffix))


@pytest.mark.parametrize("change", [_edited, _replaced, _added, _removed, _renamed])
@pytest.mark.parametrize("name", PROGRAM)
def test_a_change_of_any_file_of_the_code_is_noticed(
    change: Callable[[Path], None], name: str, program: Path, tmp_path: Path
) -> None:
    before = fingerprint(tmp_path)
    change(program / name)
    after = fingerprint(tmp_path)
    assert after != before
    assert fingerprint(tmp_path) == after == fingerprint(tmp_path / "new")


def test_code_that_was_only_just_written_is_read_again(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is so new may change again without getting another stamp."""
    os.utime(program / "a.py")
    fingerprint(tmp_path)
    monkeypatch.setattr("generator.engine.fingerprint.digest_files", no_file_is_read)
    with pytest.raises(AssertionError, match="were read"):
        fingerprint(tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:40]),
        lambda file: file.write_bytes(b"\xff" * 64),
        lambda file: file.write_bytes(file.read_bytes() + b"0"),
        lambda file: (file.unlink(), file.mkdir()),
        lambda file: file.unlink(),
    ],
)
def test_a_damaged_record_of_the_code_is_not_used(
    spoil: Callable[[Path], object], program: Path, tmp_path: Path
) -> None:
    before = fingerprint(tmp_path)
    spoil(tmp_path / FILE)
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize("name", ["feedgen", "markupsafe", "msgspec"])
def test_feeds_are_rendered_again_after_an_upgrade(
    name: str, site: Any, build: Build, post: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site({"posts/2024-01-01-a.md": post()})
    build(root)
    assert build(root).rendered == {}
    (tmp_path / "newer" / f"{name}-99.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "newer")
    generator_fingerprint.cache_clear()
    report = build(root)
    assert {"atom.xml", "feed.xml"} & {*report.rendered}
    assert report.written == ()
