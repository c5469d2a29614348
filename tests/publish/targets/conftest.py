"""The servers, started once for all tests that use them, and each type of target with a folder of its own there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.publish.servers.azure import AzureServer, azure_server
from tests.publish.servers.gcs import GcsServer, gcs_server
from tests.publish.servers.processes import program
from tests.publish.servers.s3 import S3Server, s3_server
from tests.publish.servers.ssh import SshServer, ssh_server
from tests.publish.servers.webdav import WORD, WebdavServer, apache_dav_server, wsgidav_server
from tests.publish.targets.places import (
    Place,
    azure_place,
    folder_place,
    gcs_place,
    rsync_place,
    s3_place,
    sftp_place,
    webdav_place,
)

REMOTE = ("sftp", "s3", "azure", "webdav", "webdav-move")
"""Those at a server."""
LEASED = ("sftp", "s3", "azure", "webdav", "webdav-move", "gcs", "rsync-local")
"""Those whose lock is a file."""


def _outside(*names: str) -> list[ParameterSet]:
    return [pytest.param(name, marks=pytest.mark.outside) for name in names]


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server


@pytest.fixture(scope="session")
def gcs() -> Iterator[GcsServer]:
    with gcs_server() as server:
        yield server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def apache_dav() -> Iterator[WebdavServer]:
    with tempfile.TemporaryDirectory(prefix="openletter-apache-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # its processes are another user's, whom pytest's folders keep away
        with apache_dav_server(folder) as server:
            yield server


@pytest.fixture(scope="session")
def wsgidav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebdavServer]:
    with wsgidav_server(tmp_path_factory.mktemp("wsgidav")) as server:
        yield server


@pytest.fixture
def make_place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Place]:
    """Make a place of a type: `make_place("sftp")`; its server is started if it is not running."""

    def make(name: str) -> Place:
        if name == "s3":
            return s3_place(request.getfixturevalue("s3"), tmp_path)
        if name.startswith("rsync"):
            program("rsync", "rsync")
            return rsync_place(request.getfixturevalue("sshd") if name == "rsync" else None, tmp_path)
        if name == "azure":
            return azure_place(request.getfixturevalue("azure"), tmp_path)
        if name == "gcs":
            return gcs_place(request.getfixturevalue("gcs"), tmp_path)
        if name == "sftp":
            return sftp_place(request.getfixturevalue("sshd"), tmp_path)
        if name.startswith("webdav"):
            monkeypatch.setenv("OPENLETTER_WEBDAV_PASSWORD", WORD)
        if name == "webdav":
            return webdav_place(request.getfixturevalue("apache_dav"), tmp_path)
        if name == "webdav-move":
            return webdav_place(request.getfixturevalue("wsgidav"), tmp_path, "move")
        return folder_place(tmp_path)

    return make


@pytest.fixture(params=["folder", "gcs", *_outside("rsync-local", *REMOTE)])
def place(request: pytest.FixtureRequest, make_place: Callable[[str], Place]) -> Place:
    """Give each type in turn."""
    return make_place(request.param)


@pytest.fixture(params=_outside(*LEASED))
def leased(request: pytest.FixtureRequest, make_place: Callable[[str], Place]) -> Place:
    """Give each type whose lock is a file in turn."""
    return make_place(request.param)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path], None]]:
    """Mount a disk of one megabyte, which only root can do: `small_disk(folder)`."""
    with ExitStack() as mounted:

        def mount(folder: Path) -> None:
            folder.mkdir(parents=True)
            command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
            if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(command, check=False).returncode:
                pytest.skip("this account cannot mount a small disk")
            mounted.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)

        yield mount
