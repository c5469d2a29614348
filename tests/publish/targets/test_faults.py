"""What goes wrong at every type of server: the site stays old or new, and a second run completes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.errors import PublishError
from generator.publish.paths import MANIFEST
from generator.publish.target import PublishTarget
from tests.guards import HANG_S
from tests.publish.servers.cutting import cutting_relay
from tests.publish.servers.processes import free_port
from tests.publish.targets.conftest import LEASED, REMOTE
from tests.publish.targets.places import Files, Place
from tests.publish.targets.test_contract import uploads, use

CUTS = 12

HOLD = """
import asyncio, sys
from pathlib import Path
from tests.publish.targets.places import open_stored

async def hold():
    async with open_stored(Path(sys.argv[1])).lock("the killed one"):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""

pytestmark = pytest.mark.outside


def publish(place: Place, files: Files) -> list[str]:
    """Publish as the command does, in short: files, then the manifest; returns what was reported as complete."""
    sent: list[str] = []

    async def act(target: PublishTarget) -> None:
        await target.send(uploads(files), sent.append)
        before = await target.read(MANIFEST)
        assert await target.swap(MANIFEST, before, b"of " + files["index.html"])
        await target.copy([("index.html", "copy.html")])
        await target.delete(["old/only.html", "old/gone.html"])

    use(place, act)
    return sent


@pytest.mark.slow
@pytest.mark.parametrize("name", REMOTE)
def test_a_connection_cut_anywhere_leaves_whole_files_and_a_second_run_completes(
    name: str, make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(name)
    place.shorten_lease(monkeypatch, 3)
    paths = ["index.html", "a/b/c.html", "a/ä.html"]
    old = {path: b"old " * 5_000 + path.encode() for path in [*paths, "old/only.html"]}
    new = {path: b"new " * 6_000 + path.encode() for path in paths}
    done = new | {MANIFEST: b"of " + new["index.html"], "copy.html": new["index.html"]}
    with cutting_relay(place.port) as relay:
        relayed = place.through(relay.port)
        use(place, lambda target: target.send(uploads(old), lambda _: None))
        publish(relayed, new)
        assert place.seen() == done
        whole, told = relay.passed, list[str]()
        for number in range(CUTS):
            use(place, lambda target: target.send(uploads(old), lambda _: None))
            relay.allow(whole * number // CUTS)
            sent: list[str] = []
            try:
                sent = publish(relayed, new)
            except PublishError as stopped:
                told.append(str(stopped))
            relay.allow(None)
            for path, data in place.seen().items():
                assert data in (old.get(path), done.get(path)), f"{path} after {number} of {CUTS}"
            assert all(place.seen()[path] == new[path] for path in sent)
            publish(relayed, new)
            assert place.seen() == done
    assert len(told) >= CUTS - 3
    assert place.secret_free(" ".join(told))


@pytest.mark.parametrize("name", REMOTE)
def test_a_server_that_does_not_answer_is_explained(name: str, make_place: Callable[[str], Place]) -> None:
    place = make_place(name).through(free_port())
    with pytest.raises(PublishError) as stopped:
        publish(place, {"index.html": b"x"})
    (problem,) = stopped.value.problems
    assert problem.code == "target-unreachable"
    assert "127.0.0.1" in problem.message
    assert "retries" not in problem.message, "these are the words of a library"
    assert problem.hint
    assert place.secret_free(str(stopped.value))


@pytest.mark.slow
@pytest.mark.parametrize("name", LEASED)
def test_the_lock_of_a_killed_publisher_is_taken_over(
    name: str, make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = make_place(name)
    place.shorten_lease(monkeypatch, 5)
    with killed_holder(place, tmp_path):

        async def act(target: PublishTarget) -> None:
            async with target.lock("the next one") as lease:
                lease.check()

        use(place, act)


@contextmanager
def killed_holder(place: Place, folder: Path) -> Iterator[None]:
    """Let another process take the lock and kill it."""
    file = folder / "place"
    place.store(file)
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd(), env=dict(os.environ)) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.kill()
        process.wait(HANG_S)
    yield
