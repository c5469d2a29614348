"""Sites of a few files, and a folder as a target that can be cut at any of its operations."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

from generator.config.targets.folder import FolderOptions
from generator.config.targets.options import TargetConfig
from generator.publish.paths import FOLDER
from generator.publish.plan import PublishPlan
from generator.publish.publish import Place, PublishOptions, SiteFiles, publish_site, roll_back
from generator.publish.target import Lease, PublishTarget, Sent, Upload
from generator.publish.targets.folder import FolderTarget

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
URL = "https://letters.example.org/"
Site = dict[str, str]


class CutError(Exception):
    """The power fails."""


class Wire:
    """A target whose connection breaks before an operation: each file that is written, copied or deleted is one."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, target: PublishTarget, cut: int | None = None) -> None:
        self.target = target
        self.left = cut
        self.done = 0

    def _count(self) -> None:
        if self.left is not None and self.done >= self.left:
            raise CutError
        self.done += 1

    async def read(self, path: str) -> bytes | None:
        return await self.target.read(path)

    async def list_paths(self) -> Sequence[str]:
        return await self.target.list_paths()

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        for upload in uploads:
            self._count()
            await self.target.send([upload], sent)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        for pair in pairs:
            self._count()
            await self.target.copy([pair])

    async def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._count()
            await self.target.delete([path])

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        self._count()
        return await self.target.swap(path, before, after)

    async def commit(self, message: str) -> None:
        self._count()
        await self.target.commit(message)

    def lock(self, holder: str) -> AbstractAsyncContextManager[Lease]:
        return self.target.lock(holder)

    async def close(self) -> None:
        await self.target.close()


def site_files(site: Site) -> SiteFiles:
    whole = {"index.html": "home", "404.html": "gone", **site}
    from generator.digest import digest_bytes

    data = {path: text.encode() for path, text in whole.items()}
    return SiteFiles(Path(), {path: digest_bytes(each) for path, each in data.items()}, data)


def place_at(folder: Path, cut: int | None = None, site: str = URL) -> Place:
    options = FolderOptions(str(folder))
    config = TargetConfig(type="folder", name="live", options=options)
    return Place(Wire(FolderTarget(folder), cut), site, config)


def publish(at: Place, site: Site, options: PublishOptions = PublishOptions()) -> PublishPlan:  # noqa: B008
    return asyncio.run(publish_site(at, site_files(site), options, NOW, _quiet))


def rollback(at: Place) -> PublishPlan:
    return asyncio.run(roll_back(at, PublishOptions(), NOW, _quiet))


def operations(at: Place) -> int:
    assert isinstance(at.target, Wire)
    return at.target.done


def public(folder: Path) -> Site:
    """Read what readers can see."""
    files = (file for file in folder.rglob("*") if file.is_file() and FOLDER.strip("/") not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_text(errors="replace") for file in files}


def whole(site: Site) -> Site:
    return {"index.html": "home", "404.html": "gone", **site}


def own(folder: Path) -> set[str]:
    """List our own files, but for the lock."""
    files = (file for file in (folder / FOLDER).rglob("*") if file.is_file())
    return {file.relative_to(folder / FOLDER).as_posix() for file in files} - {"lock"}


def _quiet(_stage: str, _done: int, _total: int) -> None:
    pass
