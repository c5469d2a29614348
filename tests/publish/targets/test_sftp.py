"""SFTP at OpenSSH's server: who the server is, who may log in, and what a full disk does."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncssh
import pytest
from msgspec import structs

from generator.errors import Problem, PublishError
from tests.publish.servers.ssh import SshServer, make_key
from tests.publish.targets.places import Place
from tests.publish.targets.test_contract import uploads, use

WORD = "open sesame 4711"

pytestmark = pytest.mark.outside


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an account without keys and known hosts, and without an agent."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.delenv("OPENLETTER_SFTP_PASSWORD", raising=False)
    return folder


def refusal(place: Place) -> Problem:
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
    (problem,) = stopped.value.problems
    assert problem.hint
    assert WORD not in str(stopped.value)
    return problem


def changed(place: Place, **options: object) -> Place:
    return Place(place.type, structs.replace(place.options, **options), place.root, place.seen, folder=place.folder)


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(None, id="no file"),
        pytest.param("", id="an empty file"),
        pytest.param("other.example.org {own}", id="the key of another server"),
        pytest.param("[127.0.0.1]:* {other}", id="another key"),
        pytest.param("[127.0.0.1]:1 {own}", id="another port"),
        pytest.param("@revoked [127.0.0.1]:* {own}", id="a revoked key"),
    ],
)
def test_a_server_that_does_not_prove_who_it_is_gets_nothing(
    known: str | None, home: Path, sshd: SshServer, make_place: Callable[[str], Place]
) -> None:
    if known is not None:
        own = (sshd.folder / "host_key.pub").read_text("utf-8").strip()
        other = make_key(home / "other").with_suffix(".pub").read_text("utf-8").strip()
        (home / ".ssh" / "known_hosts").write_text(known.format(own=own, other=other) + "\n", "utf-8")
    place = changed(make_place("sftp"), known_hosts="")
    problem = refusal(place)
    assert problem.code == "target-host-key"
    assert f"ssh-keyscan -p {sshd.port} 127.0.0.1" in problem.hint
    assert place.seen() == {}


def test_the_machine_s_own_keys_known_hosts_and_configuration_are_used(
    home: Path, sshd: SshServer, make_place: Callable[[str], Place]
) -> None:
    place = changed(make_place("sftp"), server="web", user="", port=0, key="", known_hosts="")
    lines = ("Host web", "HostName 127.0.0.1", f"Port {sshd.port}", f"User {sshd.user}", f"IdentityFile {sshd.key}")
    (home / ".ssh" / "config").write_text("\n  ".join(lines) + "\n", "utf-8")
    (home / ".ssh" / "known_hosts").write_text(sshd.known_hosts.read_text("utf-8"), "utf-8")
    use(place, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
    assert place.seen() == {"index.html": b"x"}


def test_a_key_that_the_agent_holds_is_used(
    home: Path, sshd: SshServer, make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = home / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as agent:
        try:
            while not socket.exists():
                assert agent.poll() is None
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            subprocess.run(["ssh-add", "-q", str(sshd.key)], check=True)
            place = changed(make_place("sftp"), key="")
            use(place, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
        finally:
            agent.terminate()
    assert place.seen() == {"index.html": b"x"}


@pytest.mark.parametrize("what", ["another key", "no key", "not a key", "no file", "a passphrase"])
def test_a_login_that_fails_says_what_to_do(what: str, home: Path, make_place: Callable[[str], Place]) -> None:
    key = home / "key"
    if what == "another key":
        make_key(key)
    elif what == "not a key":
        key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nnothing\n", "utf-8")
    elif what == "a passphrase":
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", WORD, "-f", str(key)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    problem = refusal(changed(make_place("sftp"), key="" if what == "no key" else str(key)))
    assert problem.code == ("target-unreachable" if what == "no file" else "target-login")
    assert "ssh-add" in problem.hint or "No such file" in problem.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(make_place: Callable[[str], Place]) -> None:
    place = make_place("sftp")
    assert place.folder
    place.folder.mkdir(parents=True)
    place.folder.chmod(0o555)
    assert refusal(place).code == "target-refused"


def test_a_file_in_the_way_of_a_folder_is_named(make_place: Callable[[str], Place]) -> None:
    place = make_place("sftp")
    assert place.folder
    place.folder.parent.mkdir(parents=True)
    place.folder.write_bytes(b"a file")
    assert refusal(place).code == "target-unreachable"
    assert place.folder.read_bytes() == b"a file"


def test_a_full_disk_keeps_the_old_file_and_says_so(
    make_place: Callable[[str], Place], small_disk: Callable[[Path], None]
) -> None:
    place = make_place("sftp")
    assert place.folder
    small_disk(place.folder)
    use(place, lambda target: target.send(uploads({"index.html": b"old"}), lambda _: None))
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads({"index.html": b"new" * 800_000}), lambda _: None))
    assert [problem.code for problem in stopped.value.problems] == ["target-full"]
    assert place.seen() == {"index.html": b"old"}
    use(place, lambda target: target.send(uploads({"index.html": b"new" * 1000}), lambda _: None))
    assert place.seen() == {"index.html": b"new" * 1000}
    assert list((place.folder / ".openletter" / "parts").iterdir()) == []


def test_what_a_killed_publisher_has_not_finished_is_deleted(make_place: Callable[[str], Place]) -> None:
    place = make_place("sftp")
    assert place.folder
    parts = place.folder / ".openletter" / "parts"
    parts.mkdir(parents=True)
    for number in range(5):
        (parts / f"{number}").write_bytes(b"half a fi")

    async def hold() -> None:
        target = place.open()
        async with target.lock("Ada"):
            assert list(parts.iterdir()) == []
        await target.close()

    asyncio.run(hold())


class WithPassword(asyncssh.SSHServer):
    """Lets in who knows the word."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("letters", WORD)


@pytest.mark.parametrize(("word", "code"), [(WORD, ""), ("open sesame 4712", "target-login"), ("", "target-login")])
def test_a_password_comes_from_the_environment(
    word: str, code: str, home: Path, sshd: SshServer, tmp_path: Path, make_place: Callable[[str], Place],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if word:
        monkeypatch.setenv("OPENLETTER_SFTP_PASSWORD", word)

    @asynccontextmanager
    async def serving() -> AsyncIterator[int]:
        def rooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(channel, chroot=bytes(tmp_path / "served"))

        (tmp_path / "served").mkdir()
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=WithPassword, sftp_factory=rooted,
            server_host_keys=[str(sshd.folder / "host_key")],
        )  # fmt: skip
        try:
            yield server.get_port()
        finally:
            server.close()
            await server.wait_closed()

    async def publish() -> None:
        async with serving() as port:
            place = changed(make_place("sftp"), user="letters", port=port, key="", path="/www")
            target = place.open()
            try:
                await target.send(uploads({"a/index.html": b"x"}), lambda _: None)
                await target.copy([("a/index.html", "b.html")])
                await target.delete(["a/index.html"])
                assert await target.swap("m", None, b"1")
            finally:
                await target.close()

    if not code:
        asyncio.run(publish())
        assert (tmp_path / "served" / "www" / "b.html").read_bytes() == b"x"
        return
    with pytest.raises(PublishError) as stopped:
        asyncio.run(publish())
    assert [problem.code for problem in stopped.value.problems] == [code]
    assert "OPENLETTER_SFTP_PASSWORD" in str(stopped.value)
    assert word not in str(stopped.value) or not word
