"""Passwords and keys are in no output, log, file or list of processes, whether the publication succeeds or fails."""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import Struct, structs

from generator.cli import cli
from tests.factories import plain_post, write_site
from tests.publish.servers.azure import KEY
from tests.publish.servers.git import git_server
from tests.publish.servers.processes import free_port
from tests.publish.servers.webdav import WORD
from tests.publish.targets.places import Place

pytestmark = [
    pytest.mark.outside,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system lists processes elsewhere"),
]
_PASSWORD = "correct horse battery"  # noqa: S105 what must be seen nowhere
TYPES = ("git", "s3", "azure", "gcs", "sftp", "rsync", "webdav")


class Case(Struct, frozen=True):
    """A target, the secrets with which it is reached, and a program that its publication starts."""

    type: str
    options: Mapping[str, Any]
    secrets: tuple[str, ...]
    program: str = ""
    folder: Path | None = None


@contextmanager
def all_command_lines(found: set[str]) -> Iterator[None]:
    """Collect the command lines of all processes of this machine."""
    over = threading.Event()

    def collect() -> None:
        while not over.is_set():
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    found.add(file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
                except OSError:  # it has ended
                    continue

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    posts = {f"posts/2026-01-{day:02}-a{day}.md": plain_post(f"Day {day}", aliases=f"[/{day}/]") for day in range(1, 6)}
    site = write_site(tmp_path_factory.mktemp("site"), {"site.toml": _toml(), **posts})
    assert CliRunner().invoke(cli, ["build", "--site", str(site)]).exit_code == 0
    return site


def _toml(case: Case | None = None) -> str:
    head = 'title = "Letters"\nurl = "https://letters.example.org/"\n'
    if case is None:
        return head
    options = {name: value for name, value in case.options.items() if value != ""}
    lines = [f"{name} = {json.dumps(value)}" for name, value in {"type": case.type, **options}.items()]
    return head + "\n".join(["[publish.live]", *lines]) + "\n"


@pytest.fixture
def make_case(
    make_place: Callable[[str], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Case]]:
    """Make a target whose secret is in the environment or in a file."""
    with git_server(tmp_path, "letters", _PASSWORD) as server:

        def make(name: str) -> Case:
            if name == "git":
                server.new_repository("live.git")
                _give_git(monkeypatch, _PASSWORD)
                return Case("git", {"repository": f"{server.url}live.git"}, (_PASSWORD,), "git")
            place = make_place(name)
            options = structs.asdict(place.options)
            if name in ("sftp", "rsync"):
                monkeypatch.setenv("OPENLETTER_SFTP_PASSWORD", _PASSWORD)
                key = Path(options["key"]).read_text("utf-8").splitlines()
                return Case(name, options, (_PASSWORD, *key[1:-1]), "rsync" if name == "rsync" else "", place.folder)
            if name == "s3":
                return Case("s3", options | {"redirects": "objects"}, ("test-secret",))
            if name == "azure":
                return Case("azure", options, (KEY,))
            return Case(place.type, options, place.secrets, folder=place.folder)

        yield make


def _give_git(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Let git ask a helper for the password, as the workflows do."""
    answer = '!answer() { echo username=letters; echo "password=$TOKEN"; }; answer'
    values = {"COUNT": "1", "KEY_0": "credential.helper", "VALUE_0": answer}
    for name, value in {**{f"GIT_CONFIG_{name}": value for name, value in values.items()}, "TOKEN": word}.items():
        monkeypatch.setenv(name, value)


def _spoil(case: Case, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Let a publication fail, at the login where there is one."""
    if case.type == "git":
        _give_git(monkeypatch, case.secrets[0] + "?")
    elif case.type == "webdav":
        monkeypatch.setenv("OPENLETTER_WEBDAV_PASSWORD", WORD + "?")
    elif case.type == "azure":
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "A" + KEY[1:])
    elif case.type in ("sftp", "rsync"):
        return structs.replace(case, options={**case.options, "user": "nobody-here"})
    elif "endpoint" in case.options:
        return structs.replace(case, options={**case.options, "endpoint": f"http://127.0.0.1:{free_port()}"})
    return case


@pytest.mark.parametrize(
    ("name", "fails"), [(name, fails) for name in TYPES for fails in (False, True) if (name, fails) != ("gcs", True)]
)  # the stand-in for Google refuses nobody
def test_a_secret_is_in_no_output_log_file_or_list_of_processes(
    name: str,
    fails: bool,
    make_case: Callable[[str], Case],
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    case = make_case(name)
    if fails:
        case = _spoil(case, monkeypatch)
    (site / "site.toml").write_text(_toml(case), "utf-8")
    lines = set[str]()
    caplog.set_level(logging.DEBUG)
    with all_command_lines(lines):
        done = CliRunner().invoke(cli, ["publish", "live", "--no-build", "--site", str(site)])
    assert done.exit_code == (3 if fails else 0), done.output
    assert fails or any(case.program in line for line in lines)
    for secret in case.secrets:
        hidden = (secret, base64.b64encode(secret.encode()).decode())
        for where in (*lines, done.output, caplog.text):
            assert not any(each in where for each in hidden)
        tops = [site, *([case.folder] if case.folder and case.folder.exists() else [])]
        written = [file for top in tops for file in top.rglob("*") if file.is_file()]
        assert len(written) > 20
        assert not [file for file in written if any(each.encode() in file.read_bytes() for each in hidden)]
