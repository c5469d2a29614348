"""A build that is stopped, by whatever it is: nothing half-written, nothing left running, and the next build heals."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from generator.errors import OutputError
from generator.model import BuildReport
from tests.factories import NOW, monthly_posts, post, tree
from tests.guards import HANG_S, wait_until
from tests.soak.builds import Driver, differences, folders

Site = Callable[[Mapping[str, str | bytes]], Path]
Build = Callable[..., BuildReport]

linux = pytest.mark.skipif(sys.platform != "linux", reason="builds are killed in copies of a process")


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with Driver() as running:
        yield running


def assert_clean(root: Path, build: Build, tmp_path: Path) -> None:
    """Compare the output with that of a build from nothing."""
    shutil.rmtree(tmp_path / "clean", ignore_errors=True)
    build(root, output=tmp_path / "clean/output", state=tmp_path / "clean/state")
    assert differences(tree(root / "output"), tree(tmp_path / "clean/output")) == []
    assert folders(root / "output") == folders(tmp_path / "clean/output")


@linux
def test_a_build_killed_at_any_step_is_healed_by_the_next(
    site: Site, build: Build, driver: Driver, tmp_path: Path
) -> None:
    root = site({**monthly_posts(3), "static/a.txt": "a"})
    steps = driver.ask(root, NOW)["calls"]
    assert steps > 10
    for step in range(1, steps + 1, 2):
        number = step % 3
        (root / f"content/posts/2000-0{number + 1}-01-p{number}.md").write_text(
            post(f"T{step}", f"At {step}.", tags=["all"])
        )
        (root / "content/static/a.txt").write_text(f"At {step}.")
        shutil.rmtree(root / "content/pages", ignore_errors=True)
        if step % 4 == 1:
            (root / "content/pages").mkdir()
            (root / "content/pages/p.md").write_text(post("Page", tags=["all"]))
        answer = driver.ask(root, NOW, kill_at=step)
        assert (answer.get("killed", False), answer["orphans"]) == ("calls" not in answer, False)
        if step % 4 == 3:  # what the killed build began for is no longer wanted
            (root / f"content/posts/2000-0{number + 1}-01-p{number}.md").unlink()
        build(root)
        assert_clean(root, build, tmp_path)


@linux
@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_build_killed_with_its_processes_leaves_none_and_no_lock(
    site: Site, build: Build, driver: Driver, tmp_path: Path, share: float
) -> None:
    root = site(monthly_posts(200))
    steps = driver.ask(root, NOW, jobs=2, output=tmp_path / "o", state=tmp_path / "s")["calls"]
    answer = driver.ask(root, NOW, jobs=2, kill_at=int(steps * share))
    assert (answer["killed"], answer["orphans"]) == (True, False)
    build(root)  # refused as "Another build" where the lock did not go with the process
    assert_clean(root, build, tmp_path)


@linux
def test_ctrl_c_ends_a_build_quietly_with_all_its_processes(site: Site, build: Build, tmp_path: Path) -> None:
    root = site(monthly_posts(400, "Word. " * 600))
    command = [sys.executable, "-m", "generator", "build", "--site", str(root), "--jobs", "2"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)
    wait_until(lambda: (root / ".openletter/state.sqlite-wal").exists() or running.poll() is not None)
    assert running.poll() is None
    time.sleep(0.3)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does, to the whole group
    out, err = running.communicate(timeout=HANG_S)
    assert running.returncode == 130, (out, err)
    assert "Traceback" not in out + err
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
    build(root)
    assert_clean(root, build, tmp_path)


@linux
@pytest.mark.parametrize("size", [1, 200, 4_096, 30_000, 100_000])
def test_a_full_disk_is_said_and_healed_when_there_is_room(
    site: Site, build: Build, driver: Driver, tmp_path: Path, size: int
) -> None:
    root = site({**monthly_posts(4), "static/big.bin": b"x" * 150_000})
    answer = driver.ask(root, NOW, largest_file_bytes=size)
    assert answer["code"] in ("output-unwritable", "state-unusable")
    assert "Free some disk space" in answer["refused"][0]
    assert not list((root / "output").rglob("*.openletter-part"))
    build(root)
    assert_clean(root, build, tmp_path)


@linux
@pytest.mark.parametrize("kilobytes", [40, 100, 160, 220, 280])
def test_a_disk_that_fills_up_during_a_build(
    site: Site, build: Build, driver: Driver, tmp_path: Path, kilobytes: int
) -> None:
    root = site(monthly_posts(6))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    try:
        answer = driver.ask(root, NOW, output=disk / "output", state=disk / "state")
        assert answer["code"] in ("output-unwritable", "state-unusable"), answer
        assert not list((disk / "output").rglob("*.openletter-part"))
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        build(root, output=disk / "output", state=disk / "state")
        build(root)
        assert differences(tree(disk / "output"), tree(root / "output")) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@linux
def test_an_output_that_may_not_be_written_is_said_and_left_as_it_was(
    site: Site, build: Build, driver: Driver, tmp_path: Path
) -> None:
    root = site(monthly_posts(3))
    build(root)
    before = tree(root / "output")
    for folder in [root / "output", *(root / "output").rglob("*/")]:
        folder.chmod(0o555)
    (root / "content/posts/2000-01-01-p0.md").write_text(post("Other", tags=["all"]))
    (root / "content/posts/2000-02-01-p1.md").unlink()
    answer = driver.ask(root, NOW, obey_modes=True)
    for folder in [root / "output", *(root / "output").rglob("*/")]:
        folder.chmod(0o755)
    assert answer["code"] == "output-unwritable"
    assert "Permission denied" in answer["refused"][0]
    assert tree(root / "output") == before
    build(root)
    assert_clean(root, build, tmp_path)


@linux
def test_an_output_whose_old_files_may_not_be_deleted_is_said(site: Site, build: Build, driver: Driver) -> None:
    root = site({**monthly_posts(2), "static/keep/a.txt": "a"})
    build(root)
    (root / "content/static/keep/a.txt").unlink()
    (root / "output/keep").chmod(0o555)
    answer = driver.ask(root, NOW, obey_modes=True)
    (root / "output/keep").chmod(0o755)
    assert (answer["code"], "Permission denied" in answer["refused"][0]) == ("output-unwritable", True)
    assert build(root).deleted == ("keep/a.txt",)


@linux
def test_a_state_that_may_not_be_written_is_said(site: Site, build: Build, driver: Driver) -> None:
    root = site(monthly_posts(2))
    build(root)
    (root / "content/posts/2000-01-01-p0.md").write_text(post("Other", tags=["all"]))
    before = tree(root / "output")
    for mode in (0o555, 0o000):
        (root / ".openletter").chmod(mode)
        answer = driver.ask(root, NOW, obey_modes=True)
        assert answer["code"] == "state-unusable", answer
    (root / ".openletter").chmod(0o755)
    assert tree(root / "output") == before


def test_a_state_where_no_folder_can_be_is_said(site: Site, build: Build, tmp_path: Path) -> None:
    root = site(monthly_posts(1))
    (root / ".openletter").write_text("a file")
    with pytest.raises(OutputError, match="cannot be used"):
        build(root)
    with pytest.raises(OutputError, match="cannot be used"):
        build(root, state=Path("/proc/openletter"))


@pytest.mark.parametrize("seed", range(12))
def test_a_spoilt_state_is_thrown_away_and_the_output_is_right(
    site: Site, build: Build, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 the same every time
    root = site(monthly_posts(8))
    build(root)
    file = root / ".openletter/state.sqlite"
    data = bytearray(file.read_bytes())
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        data[at : at + 64] = chance.randbytes(64)
    file.write_bytes(data[: chance.randrange(len(data))] if seed % 4 == 0 else data)
    (root / "content/posts/2000-01-01-p0.md").write_text(post("Other", "More.", tags=["all"]))
    (root / "content/posts/2000-02-01-p1.md").unlink()
    build(root)
    assert_clean(root, build, tmp_path)
    (root / "content/posts/2000-03-01-p2.md").write_text(post("P2", "New text.", tags=["all"]))
    build(root)
    assert_clean(root, build, tmp_path)
