"""A file that was replaced by one of the same size and time is seen; one that only looks new costs a read alone."""

from __future__ import annotations

import os
import shutil
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.processes import file_pool
from generator.stamps import NEVER, believable_stamp, stamp_file
from tests.factories import Site, post, write_site

OLD_S = 1_600_000_000
POST = "content/posts/2024-01-01-a.md"
TEXTS = {
    POST: (post("One").encode(), post("Two").encode()),
    "content/static/a.txt": (b"one", b"two"),
    "site.toml": (b'title = "One"\nurl = "https://example.org/"\n', b'title = "Two"\nurl = "https://example.org/"\n'),
    "themes/mine/templates/post.html": (b"<h1>one</h1>", b"<h1>two</h1>"),
    "themes/mine/static/a.css": (b"a { top: 1px }", b"a { top: 2px }"),
    "content/pages/about.md": (post("One").encode(), post("Two").encode()),
}
Swap = Callable[[Path, bytes], None]


def copy_keeping_times(file: Path, data: bytes) -> None:
    """Replace it as `cp -p new file` does: in place."""
    new = file.with_name(".new")
    new.write_bytes(data)
    shutil.copystat(file, new)
    shutil.copyfile(new, file)
    shutil.copystat(new, file)
    new.unlink()


def rename_over(file: Path, data: bytes) -> None:
    """Replace it as `rsync -t` does: a new file with the same time, renamed into its place."""
    new = file.with_name(".new")
    new.write_bytes(data)
    shutil.copystat(file, new)
    new.replace(file)


def unpack_tar(file: Path, data: bytes) -> None:
    rename_over(file, data)
    with tarfile.open(file.with_name(".new.tar"), "w") as archive:
        archive.add(file, file.name)
    with tarfile.open(file.with_name(".new.tar")) as archive:
        archive.extractall(file.parent, filter="data")
    file.with_name(".new.tar").unlink()


def unzip(file: Path, data: bytes) -> None:
    when = file.stat().st_mtime
    with zipfile.ZipFile(file.with_name(".new.zip"), "w") as archive:
        archive.writestr(file.name, data)
    with zipfile.ZipFile(file.with_name(".new.zip")) as archive:
        archive.extractall(file.parent)  # noqa: S202 our own archive
    os.utime(file, (when, when))
    file.with_name(".new.zip").unlink()


def set_time_back(file: Path, data: bytes) -> None:
    """Edit it, then give it the time it had: as programs that set a file's time from its metadata do."""
    status = file.stat()
    with file.open("r+b") as stream:
        stream.write(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


SWAPS = (copy_keeping_times, rename_over, unpack_tar, unzip, set_time_back)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A built site whose stamps are all believed."""
    files = {path: one for path, (one, _) in TEXTS.items()}
    site = Site(write_site(tmp_path, {**files, "site.toml": files["site.toml"] + b'theme = "mine"\n'}))
    for file in tmp_path.rglob("*"):
        os.utime(file, (OLD_S, OLD_S))
    time.sleep(0.1)
    site.build()
    return site


@pytest.mark.parametrize("swap", SWAPS)
@pytest.mark.parametrize("path", [POST, "content/static/a.txt", "themes/mine/templates/post.html"])
def test_other_bytes_of_the_same_size_and_time_are_seen(site: Site, swap: Swap, path: str) -> None:
    file = site.root / path
    before = file.stat()
    swap(file, TEXTS[path][1])
    assert (file.stat().st_mtime_ns, file.stat().st_size) == (before.st_mtime_ns, before.st_size)
    assert site.build().written
    assert site.verify() == ()


def test_a_whole_site_that_was_swapped_is_built_anew(site: Site) -> None:
    for path, (_, two) in TEXTS.items():
        rename_over(site.root / path, two + (b'theme = "mine"\n' if path == "site.toml" else b""))
    site.build()
    assert site.verify() == ()
    assert (site.output / "a.txt").read_bytes() == b"two"


@pytest.mark.parametrize("swap", SWAPS)
def test_an_output_that_was_swapped_is_written_again(site: Site, swap: Swap) -> None:
    file = site.output / "a.txt"
    os.utime(file, (OLD_S, OLD_S))
    site.build()
    swap(file, b"bad")
    assert site.build().written == ("a.txt",)
    assert file.read_bytes() == b"one"


@pytest.mark.parametrize("role", ["content/static/link.txt", "content/posts/2024-02-02-b.md", "content/pages/us.md"])
def test_a_link_that_leads_elsewhere_is_seen(site: Site, role: str) -> None:
    for name, title in (("one", "One"), ("two", "Two")):
        site.write(f"shelf/{name}.md", post(title))
        os.utime(site.root / f"shelf/{name}.md", (OLD_S, OLD_S))
    link = site.root / role
    link.symlink_to(site.root / "shelf/one.md")
    time.sleep(0.1)
    site.build()
    link.unlink()
    link.symlink_to(site.root / "shelf/two.md")
    assert site.build().written
    assert site.verify() == ()


def test_what_a_link_leads_to_is_seen_when_it_is_swapped(site: Site) -> None:
    site.write("shelf/one.txt", "one")
    (site.root / "content/static/link.txt").symlink_to(site.root / "shelf/one.txt")
    time.sleep(0.1)
    site.build()
    rename_over(site.root / "shelf/one.txt", b"two")
    assert site.build().written == ("link.txt",)


def test_a_link_in_place_of_a_file_is_the_same_file_while_its_bytes_are(site: Site) -> None:
    site.write("shelf/a.txt", "one")
    (site.root / "content/static/a.txt").unlink()
    (site.root / "content/static/a.txt").symlink_to(site.root / "shelf/a.txt")
    assert site.build().written == ()


def test_a_fresh_checkout_with_the_old_state_is_read_and_not_rebuilt(
    site: Site, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = tmp_path_factory.mktemp("checkout") / "site"
    shutil.copytree(site.root, fresh)
    time.sleep(0.1)  # a copy younger than a tick of the clock is not believed
    converted: list[object] = []
    monkeypatch.setattr(file_pool, "prepare_file", lambda *what: converted.append(what))
    report = Site(fresh).build()
    assert (report.rendered, report.written, report.deleted, converted) == ({}, (), (), [])
    digests: list[Path] = []
    monkeypatch.setattr("generator.engine.changes.digest_file", lambda file: digests.append(file))
    Site(fresh).build()
    assert digests == [], "the new stamps were kept"


@pytest.mark.parametrize(
    ("age_ns", "ctime_age_ns", "believed"),
    [
        (10**10, 10**10, True),
        (10**9, 10**10, False),
        (10**10, 10**6, False),
        (10**10, 10**9, True),
        (-(10**9), 10**10, False),
        (10**10, -(10**9), False),
    ],
)
def test_a_stamp_is_believed_once_it_would_change_with_the_file(age_ns: int, ctime_age_ns: int, believed: bool) -> None:
    now = 1_700_000_000_123_456_789
    stamp = (now - age_ns, 1, now - ctime_age_ns, "7")
    assert believable_stamp(stamp, now) == (stamp if believed else NEVER)


def test_on_a_file_system_that_counts_seconds_a_change_may_take_two_to_show() -> None:
    now = 1_700_000_000_000_000_000
    assert believable_stamp((0, 1, now - 10**9, "7"), now) == NEVER
    assert believable_stamp((0, 1, now - 3 * 10**9, "7"), now) != NEVER


def test_a_folder_has_no_stamp(tmp_path: Path) -> None:
    assert stamp_file(tmp_path) is None
