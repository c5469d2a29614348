"""Each type of target at a real server on loopback, with what its readers see."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from msgspec import structs

from generator.config.targets.azure import AzureOptions
from generator.config.targets.folder import FolderOptions
from generator.config.targets.gcs import GcsOptions
from generator.config.targets.options import TargetConfig, TargetOptions
from generator.config.targets.rsync import RsyncOptions
from generator.config.targets.s3 import S3Options
from generator.config.targets.sftp import SftpOptions
from generator.config.targets.webdav import WebdavOptions
from generator.publish.lease import hold_lease
from generator.publish.target import PublishTarget
from generator.publish.targets import open_target
from tests.publish.servers.azure import ACCOUNT, KEY, AzureServer
from tests.publish.servers.gcs import GcsServer
from tests.publish.servers.s3 import S3Server
from tests.publish.servers.ssh import SshServer
from tests.publish.servers.webdav import WebdavServer

Files = dict[str, bytes]
_HIDDEN = re.compile(r"^\.openletter/parts/|(?:^|/)\.(?:davfs\.tmp|~tmp~)")  # unfinished files


@dataclass(frozen=True)
class Place:
    """A place to publish: its options, and the files that are there."""

    type: str
    options: Any
    root: Path
    seen: Callable[[], Files]
    port_of: Callable[[Any], int] = lambda options: int(options.port)
    at_port: Callable[[Any, int], Any] = lambda options, port: structs.replace(options, port=port)
    folder: Path | None = None
    while_replaced: frozenset[bytes | None] = frozenset()
    """What a reader may also meet in the moment when a file is replaced: None is no file."""

    slowness: int = 1
    """How much longer than others a change of the lock takes."""

    secrets: tuple[str, ...] = ()
    """What no message may have in it."""

    def takes(self, name: str) -> bool:
        """Return whether a file can have this name there."""
        return True

    def look(self, path: str) -> bytes | None:
        """Return what a reader meets at a path."""
        assert self.folder
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def shorten_lease(self, monkeypatch: pytest.MonkeyPatch, lease_s: float) -> None:
        """Let a lock be taken over sooner, so that the tests need not wait."""
        module = import_module(f"generator.publish.targets.{self.type}")
        if hasattr(module, "hold_lease"):
            monkeypatch.setattr(module, "hold_lease", partial(hold_lease, lease_s=lease_s * self.slowness))
        if hasattr(module, "LOCK_S"):
            monkeypatch.setattr(module, "LOCK_S", 3)

    @property
    def port(self) -> int:
        """The server's port."""
        return self.port_of(self.options)

    def through(self, port: int) -> Place:
        """Return the same place, reached through another port."""
        return replace(self, options=self.at_port(self.options, port))

    def open(self) -> PublishTarget:
        return open_target(TargetConfig(type=self.type, options=self.options), self.root)

    def secret_free(self, text: str) -> bool:
        return not any(secret in text for secret in self.secrets)

    def store(self, file: Path) -> None:
        """Write down how the place is reached, for `open_stored` in another process."""
        file.write_bytes(pickle.dumps((self.type, self.options, self.root)))


def open_stored(file: Path) -> PublishTarget:
    type_, options, root = pickle.loads(file.read_bytes())  # noqa: S301 our own
    return open_target(TargetConfig(type=type_, options=options), root)


def files_below(folder: Path) -> Files:
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {path: data for path, data in found.items() if not _HIDDEN.search(path)}


def in_folder(type_: str, options: TargetOptions, folder: Path, root: Path) -> Place:
    return Place(type_, options, root, lambda: files_below(folder), folder=folder)


def folder_place(root: Path) -> Place:
    return in_folder("folder", FolderOptions(str(root / "www")), root / "www", root)


def webdav_place(server: WebdavServer, root: Path, replace_by: str = "put") -> Place:
    name = uuid4().hex
    options = WebdavOptions(f"{server.url}{name}/", server.user, replace_by)
    return Place(
        "webdav",
        options,
        root,
        lambda: files_below(server.share / name),
        port_of=lambda options: urlsplit(options.address).port or 0,
        at_port=lambda options, port: structs.replace(options, address=f"http://127.0.0.1:{port}/{name}/"),
        folder=server.share / name,
        secrets=(server.word,),
        while_replaced=frozenset({None}) if replace_by == "move" else frozenset(),
    )


def sftp_place(server: SshServer, root: Path) -> Place:
    folder = root / "www" / "letters"
    options = SftpOptions(str(folder), "127.0.0.1", server.user, server.port, str(server.key), str(server.known_hosts))
    return in_folder("sftp", options, folder, root)


def rsync_place(server: SshServer | None, root: Path) -> Place:
    """Make a place on the server, or on this machine."""
    folder = root / "www" / "letters"
    options = RsyncOptions(str(folder))
    if server:
        key, known = str(server.key), str(server.known_hosts)
        options = RsyncOptions(str(folder), "127.0.0.1", server.user, server.port, key, known)
    return replace(in_folder("rsync", options, folder, root), slowness=3)


class ObjectPlace(Place):
    """A place whose lock is an object."""

    def look(self, path: str) -> bytes | None:
        return self.seen().get(path)

    def shorten_lease(self, monkeypatch: pytest.MonkeyPatch, lease_s: float) -> None:
        module = import_module("generator.publish.targets.object_store")
        monkeypatch.setattr(module, "hold_lease", partial(hold_lease, lease_s=lease_s))


def azure_place(server: AzureServer, root: Path) -> Place:
    container, prefix = server.new_container(), "site/en"
    options = AzureOptions(ACCOUNT, container, endpoint=server.endpoint, prefix=prefix)

    def seen() -> Files:
        return {key.removeprefix(f"{prefix}/"): bytes(each.bytes()) for key, each in server.objects(container).items()}

    def port_of(options: AzureOptions) -> int:
        return urlsplit(options.endpoint).port or 0

    def at_port(options: AzureOptions, port: int) -> AzureOptions:
        return structs.replace(options, endpoint=f"http://127.0.0.1:{port}/{ACCOUNT}")

    return ObjectPlace("azure", options, root, seen, port_of, at_port, secrets=(KEY,))


def gcs_place(server: GcsServer, root: Path) -> Place:
    bucket, prefix = server.new_bucket(), "site/en"

    def seen() -> Files:
        return {key.removeprefix(f"{prefix}/"): each.data for key, each in server.objects(bucket).items()}

    return ObjectPlace("gcs", GcsOptions(bucket, prefix=prefix), root, seen)


def s3_place(server: S3Server, root: Path) -> Place:
    bucket, prefix = server.new_bucket(), "site/en"
    options = S3Options(bucket, endpoint=server.endpoint, prefix=prefix)

    def seen() -> Files:
        return {key.removeprefix(f"{prefix}/"): each["Body"].read() for key, each in server.objects(bucket).items()}

    def port_of(options: S3Options) -> int:
        return urlsplit(options.endpoint).port or 0

    def at_port(options: S3Options, port: int) -> S3Options:
        return structs.replace(options, endpoint=f"http://127.0.0.1:{port}")

    return ObjectPlace("s3", options, root, seen, port_of, at_port, secrets=("test-secret",))
