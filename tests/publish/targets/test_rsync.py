"""rsync over OpenSSH, where all requests share a connection; what it does with files is tested on this machine."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from generator.errors import Problem, PublishError
from generator.publish.paths import LOCK
from generator.publish.target import PublishTarget
from tests.publish.servers.cutting import cutting_relay
from tests.publish.servers.processes import free_port
from tests.publish.servers.ssh import SshServer, make_key
from tests.publish.targets.places import Place
from tests.publish.targets.test_contract import NAMES, uploads, use

pytestmark = pytest.mark.outside


def refusal(place: Place) -> Problem:
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
    (problem,) = stopped.value.problems
    assert problem.hint
    return problem


def changed(place: Place, **options: object) -> Place:
    return Place(place.type, structs.replace(place.options, **options), place.root, place.seen, folder=place.folder)


@pytest.mark.slow
def test_files_of_any_name_go_over_ssh(make_place: Callable[[str], Place]) -> None:
    place = make_place("rsync")
    files = {name: f"text of {name}".encode() for name in NAMES}

    async def act(target: PublishTarget) -> None:
        await target.send(uploads(files), lambda _: None)
        await target.copy([(NAMES[5], ".openletter/old/1"), ("none", ".openletter/old/2")])
        await target.delete([*NAMES[1:5], "none/at all"])
        assert sorted(await target.list_paths()) == sorted([NAMES[0], *NAMES[5:], ".openletter/old/1"])
        assert await target.read(NAMES[7]) == files[NAMES[7]]
        assert await target.swap(LOCK, None, b"1")

    use(place, act)
    left = {name: files[name] for name in (NAMES[0], *NAMES[5:])}
    assert place.seen() == left | {".openletter/old/1": files[NAMES[5]], LOCK: b"1"}


@pytest.mark.parametrize("known", ["", "[127.0.0.1]:* {other}"])
def test_a_server_that_does_not_prove_who_it_is_gets_nothing(
    known: str, tmp_path: Path, make_place: Callable[[str], Place]
) -> None:
    other = make_key(tmp_path / "other").with_suffix(".pub").read_text("utf-8").strip()
    (tmp_path / "a known").write_text(known.format(other=other) + "\n", "utf-8")
    place = changed(make_place("rsync"), known_hosts=str(tmp_path / "a known"))
    problem = refusal(place)
    assert problem.code == "target-host-key"
    assert place.seen() == {}


def test_a_key_that_the_server_does_not_know_is_explained_after_one_attempt(
    tmp_path: Path, make_place: Callable[[str], Place], sshd: SshServer
) -> None:
    before = sshd.log.count("Connection from")
    assert refusal(changed(make_place("rsync"), key=str(make_key(tmp_path / "key")))).code == "target-login"
    assert sshd.log.count("Connection from") == before + 1


def test_a_server_that_does_not_answer_is_explained(make_place: Callable[[str], Place]) -> None:
    assert refusal(changed(make_place("rsync"), port=free_port())).code == "target-unreachable"


async def a_few_requests(target: PublishTarget) -> None:
    await target.send(uploads({"index.html": b"1"}), lambda _: None)
    one, two = await asyncio.gather(target.read("index.html"), target.list_paths())
    assert (one, two) == (b"1", ["index.html"])
    await target.delete(["index.html"])


def refuses_to_share(folder: Path) -> Path:
    """Write an ssh that cannot share a connection, as that of Windows."""
    program = folder / "ssh"
    program.write_text(f"""#!/bin/sh
case " $* " in *" -M "*) echo "getsockname failed: Not a socket" >&2; exit 255;; esac
exec {shutil.which("ssh")} "$@"
""")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(("name", "logins"), [("t", 1), ("two words % and 'more'", 1), ("long" * 40, 1), ("ssh", 4)])
def test_all_requests_share_a_connection_where_that_is_possible(
    name: str,
    logins: int,
    make_place: Callable[[str], Place],
    sshd: SshServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = make_place("rsync")
    with tempfile.TemporaryDirectory(prefix="ol-") as short:  # pytest's own folders leave no room for a socket
        folder = Path(short) / name
        if name == "ssh":
            monkeypatch.setenv("PATH", str(refuses_to_share(tmp_path).parent), prepend=":")
        else:
            folder.mkdir()
            monkeypatch.setattr(tempfile, "tempdir", str(folder))
        before = sshd.log.count("Accepted publickey")
        use(place, a_few_requests)
        assert sshd.log.count("Accepted publickey") == before + logins
        assert not folder.is_dir() or list(folder.iterdir()) == []


def test_a_shared_connection_that_ends_is_not_missed(
    make_place: Callable[[str], Place], sshd: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place("rsync")
    with tempfile.TemporaryDirectory(prefix="ol-") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)

        async def act(target: PublishTarget) -> None:
            await target.send(uploads({"index.html": b"1"}), lambda _: None)
            [socket] = Path(short).glob("openletter-*/s")
            subprocess.run(["ssh", "-S", str(socket), "-O", "exit", "host"], check=True, capture_output=True)
            assert await target.read("index.html") == b"1"

        use(place, act)
        assert list(Path(short).iterdir()) == []


@pytest.mark.slow
def test_a_cut_connection_leaves_whole_files_and_a_second_run_completes(
    sshd: SshServer, make_place: Callable[[str], Place]
) -> None:
    place = make_place("rsync")
    old, new = ({path: words * 50_000 + path.encode() for path in ("index.html", "a/b.html")} for words in (b"o", b"n"))
    use(place, lambda target: target.send(uploads(old), lambda _: None))
    with cutting_relay(sshd.port) as relay:
        relayed = place.through(relay.port)
        for allowed in (0, 2_000, 5_000):
            relay.allow(allowed)
            with pytest.raises(PublishError):
                use(relayed, lambda target: target.send(uploads(new), lambda _: None))
            assert place.seen() == old
        relay.allow(None)
        use(relayed, lambda target: target.send(uploads(new), lambda _: None))
    assert place.seen() == new


def test_a_full_disk_keeps_the_old_files_and_says_so(
    make_place: Callable[[str], Place], small_disk: Callable[[Path], None]
) -> None:
    place = make_place("rsync-local")
    assert place.folder
    small_disk(place.folder)
    use(place, lambda target: target.send(uploads({"index.html": b"old", "a.html": b"a"}), lambda _: None))
    new = {"index.html": b"new" * 200_000, "a.html": b"new" * 200_000}
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads(new), lambda _: None))
    assert [problem.code for problem in stopped.value.problems] == ["target-full"]
    assert place.seen() == {"index.html": b"old", "a.html": b"a"}


def test_a_machine_without_rsync_says_what_to_install(
    make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = make_place("rsync-local")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(place).code == "publish-missing"
