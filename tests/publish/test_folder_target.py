import asyncio
from pathlib import Path

import pytest

from generator.config.targets.folder import FolderOptions
from generator.digest import digest_bytes
from generator.errors import PublishError
from generator.publish.target import Upload
from generator.publish.targets.folder import open_target


def upload(path: str, data: bytes) -> Upload:
    return Upload(path, data, digest_bytes(data))


def test_files_are_written_read_copied_and_deleted(tmp_path: Path) -> None:
    async def use() -> None:
        target, sent = open_target(FolderOptions("live"), tmp_path), list[str]()
        await target.send([upload("a/b/x.html", b"one"), upload("y.txt", b"two")], sent.append)
        await target.copy([("y.txt", ".openletter/old/2"), ("none", "z")])
        assert sent == ["a/b/x.html", "y.txt"]
        assert await target.read("a/b/x.html") == b"one"
        assert await target.read("a/b/x.html/below") is None
        assert sorted(await target.list_paths()) == [".openletter/old/2", "a/b/x.html", "y.txt"]
        await target.delete(["a/b/x.html", "none"])
        await target.close()

    asyncio.run(use())
    assert sorted(path.name for path in (tmp_path / "live").iterdir()) == [".openletter", "y.txt"]


def test_a_swap_needs_the_bytes_that_were_read(tmp_path: Path) -> None:
    async def use() -> list[bool]:
        target = open_target(FolderOptions("."), tmp_path)
        swaps = [(None, b"1"), (None, b"2"), (b"0", b"2"), (b"1", b"2"), (b"2", b"2")]
        return [await target.swap("m.json", before, after) for before, after in swaps]

    assert asyncio.run(use()) == [True, False, False, True, True]


def test_two_publishers_exclude_each_other(tmp_path: Path) -> None:
    async def use() -> None:
        first, second = (open_target(FolderOptions("."), tmp_path) for _ in range(2))
        async with first.lock("a") as lease:
            lease.check()
            with pytest.raises(PublishError, match="Another publisher"):
                async with second.lock("b"):
                    pass
        async with second.lock("b"):
            pass

    asyncio.run(use())


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    async def use() -> None:
        target = open_target(FolderOptions("file/live"), tmp_path)
        await target.send([upload("a", b"x")], lambda _: None)

    with pytest.raises(PublishError, match="target-unreachable"):
        asyncio.run(use())
