import asyncio
from pathlib import Path

import pytest

from generator.config.targets.folder import FolderOptions
from generator.errors import PublishError
from generator.publish.lease import hold_lease
from generator.publish.paths import LOCK
from generator.publish.targets.folder import FolderTarget, open_target

LEASE_S = 1.5
LONG_LEASE_S = 10.0
"""What a living holder keeps on a machine that gives it no time for seconds."""


def place(folder: Path) -> FolderTarget:
    return open_target(FolderOptions("."), folder)


def test_a_living_holder_keeps_others_away(tmp_path: Path) -> None:
    async def use() -> None:
        async with hold_lease(place(tmp_path), "Ada", LONG_LEASE_S) as lease:
            for _ in range(2):
                with pytest.raises(PublishError, match="Ada is publishing"):
                    async with hold_lease(place(tmp_path), "Ben", LONG_LEASE_S):
                        pass
            lease.check()
        assert not (tmp_path / LOCK).exists()

    asyncio.run(use())


@pytest.mark.parametrize("left", [b'{"holder":"Ada","id":"1","beat":7}', b"", b"{", b"\xff\x00", b"[1, 2]"])
def test_the_lock_of_a_dead_holder_is_taken_over(tmp_path: Path, left: bytes) -> None:
    async def use() -> None:
        (tmp_path / LOCK).parent.mkdir()
        (tmp_path / LOCK).write_bytes(left)
        async with hold_lease(place(tmp_path), "Ben", LEASE_S) as lease:
            lease.check()

    asyncio.run(use())


def test_a_lock_that_another_took_over_is_noticed(tmp_path: Path) -> None:
    async def use() -> None:
        async with hold_lease(place(tmp_path), "Ada", LEASE_S) as lease:
            (tmp_path / LOCK).write_bytes(b'{"holder":"Ben","id":"2","beat":1}')
            await asyncio.sleep(LEASE_S / 2)
            with pytest.raises(PublishError, match="lock-lost"):
                lease.check()
        assert b"Ben" in (tmp_path / LOCK).read_bytes()

    asyncio.run(use())
