"""What goes wrong at the command itself: it is killed, the disk is full, files change, clocks are wrong."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from generator.digest import digest_bytes
from generator.errors import PublishError
from generator.publish.paths import JOURNAL
from generator.publish.publish import PublishOptions, SiteFiles, publish_site
from tests.guards import HANG_S, wait_until
from tests.publish.places import NOW, Site, own, place_at, public, publish, rollback, site_files, whole

_SLOW_PUBLISHER = """
import asyncio, sys, time
from pathlib import Path
from tests.publish import places

class Slow(places.Wire):
    async def send(self, uploads, sent):
        for upload in uploads:
            await self.target.send([upload], sent)
            time.sleep(0.01)

at = places.place_at(Path(sys.argv[1]))
at.target.__class__ = Slow
print("begins", flush=True)
places.publish(at, {f"p/{number}/index.html": "new" for number in range(200)})
"""

OLD: Site = {f"p/{number}/index.html": "old" for number in range(200)}
NEW: Site = {f"p/{number}/index.html": "new" for number in range(200)}


@pytest.mark.slow
@pytest.mark.parametrize("then", ["again", "rollback"])
def test_a_publisher_that_is_killed_leaves_whole_files_and_no_lock(tmp_path: Path, then: str) -> None:
    publish(place_at(tmp_path / "live"), OLD)
    command = [sys.executable, "-c", _SLOW_PUBLISHER, str(tmp_path / "live")]
    with subprocess.Popen(command, cwd=Path.cwd(), stdout=subprocess.PIPE) as process:
        wait_until(lambda: (tmp_path / "live" / JOURNAL).exists(), "it sends")
        sleep(0.2)
        with pytest.raises(PublishError, match="target-busy"):
            publish(place_at(tmp_path / "live"), NEW)
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        process.wait(HANG_S)
    cut = public(tmp_path / "live")
    assert {cut[path] for path in NEW} == {"old", "new"}
    if then == "again":
        publish(place_at(tmp_path / "live"), NEW)
        assert public(tmp_path / "live") == whole(NEW)
    rollback(place_at(tmp_path / "live"))
    assert public(tmp_path / "live") == whole(OLD)
    assert JOURNAL.rpartition("/")[2] not in own(tmp_path / "live")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if not shutil.which("mount") or os.name == "nt" or os.geteuid() or subprocess.run(command, check=False).returncode:
        pytest.skip("this account cannot mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no small disk to mount")
def test_a_full_disk_is_explained_and_a_second_run_completes(small_disk: Path) -> None:
    publish(place_at(small_disk), {"a/index.html": "old"})
    large = {"a/index.html": "new", **{f"p/{number}/index.html": "x" * 9_000 for number in range(30)}}
    with pytest.raises(PublishError, match="No space left"):
        publish(place_at(small_disk), large)
    assert public(small_disk)["a/index.html"] in ("old", "new")
    fits = {"a/index.html": "new", "p/1/index.html": "x" * 9_000}
    publish(place_at(small_disk), fits)
    assert public(small_disk) == whole(fits)


@pytest.mark.parametrize("change", ["other", "longer", "shorter", "gone", "empty"])
def test_a_file_that_changes_after_the_plan_is_never_published(tmp_path: Path, change: str) -> None:
    output = tmp_path / "output"
    output.mkdir()
    texts = {"index.html": "home", "a.html": "planned"}
    for path, text in texts.items():
        (output / path).write_text(text)
    files = SiteFiles(output, {path: digest_bytes(text.encode()) for path, text in texts.items()})
    if change == "gone":
        (output / "a.html").unlink()
    else:
        (output / "a.html").write_text(
            {"other": "PLANNED", "longer": "planned!", "shorter": "plan", "empty": ""}[change]
        )

    import asyncio

    at = place_at(tmp_path / "live")
    with pytest.raises(PublishError, match="publish-changed"):
        asyncio.run(publish_site(at, files, PublishOptions(), NOW, lambda *_: None))
    assert "a.html" not in public(tmp_path / "live")


def test_clocks_that_differ_change_nothing(tmp_path: Path) -> None:
    for days, text in ((0, "a"), (-4000, "b"), (4000, "c"), (0, "d")):
        at = place_at(tmp_path)
        moment = NOW + timedelta(days=days)
        files = site_files({"x.html": text})
        asyncio.run(publish_site(at, files, PublishOptions(), moment, lambda *_: None))
        assert public(tmp_path)["x.html"] == text
    rollback(place_at(tmp_path))
    assert public(tmp_path)["x.html"] == "c"


def test_of_two_publishers_at_once_one_is_refused_and_the_site_is_whole(tmp_path: Path) -> None:
    said: list[str] = []

    def run(text: str) -> None:
        try:
            publish(place_at(tmp_path), {f"p/{number}.html": text for number in range(300)})
        except PublishError as refusal:
            said.append(refusal.problems[0].code)

    for _ in range(3):
        threads = [threading.Thread(target=run, args=(text,)) for text in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({text for path, text in public(tmp_path).items() if path.startswith("p/")}) == 1
    assert set(said) <= {"target-busy"}
