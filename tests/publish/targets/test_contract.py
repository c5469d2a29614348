"""What every type of target must do, at a real server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable

import pytest

from generator.digest import digest_bytes
from generator.errors import PublishError
from generator.publish.paths import LOCK, MANIFEST
from generator.publish.target import PublishTarget, Upload
from tests.publish.targets.places import Files, Place

NAMES = (
    "index.html",
    "two words/and more.html",
    "größe/ßtraße.html",
    "größe-nfd/a\u0308.html",
    "nfc/\u00e4.html",
    "nfc/a\u0308.html",
    "日本/語.html",
    "a#b/c%20d?e&f=g;h.html",
    "per%2Fcent/50%.txt",
    "'quoted' \"twice\"/$HOME `x`.html",
    "-dash/--delete.txt",
    "star*/[a]/{b}.txt",
    "/".join(["a-rather-long-name-of-a-folder"] * 20) + "/" + "n" * 200 + ".html",
)


def uploads(files: Files) -> list[Upload]:
    return [
        Upload(path, data, digest_bytes(data), "text/html; charset=utf-8", "max-age=0") for path, data in files.items()
    ]


def use(place: Place, act: Callable[[PublishTarget], Awaitable[None]]) -> None:
    async def run() -> None:
        target = place.open()
        try:
            await act(target)
        finally:
            await target.close()

    asyncio.run(run())


def of_the_site(paths: Iterable[str]) -> list[str]:
    return sorted(path for path in paths if not path.startswith(".openletter/"))


def test_files_of_any_name_are_sent_read_listed_copied_and_deleted(place: Place) -> None:
    files = {name: f"text of {name}\r\n\x00".encode() for name in NAMES if place.takes(name)}
    assert len(files) > 10

    async def act(target: PublishTarget) -> None:
        sent: list[str] = []
        await target.send(uploads(files), sent.append)
        assert sorted(sent) == sorted(files)
        assert place.seen() == files
        for name, data in files.items():
            assert await target.read(name) == data
        assert await target.read("none.html") is None
        assert await target.read("none/at/all.html") is None
        assert await target.read("index.html/below.html") is None
        assert of_the_site(await target.list_paths()) == sorted(files)

        copies = {f"copy/{number}": data for number, data in enumerate(files.values())}
        await target.copy([*zip(files, copies, strict=True), ("none.html", "copy/none")])
        assert place.seen() == files | copies

        changed = {name: data[::-1] for name, data in files.items()}
        await target.send(uploads(changed), sent.append)
        await target.commit("Change all")
        assert place.seen() == changed | copies

        await target.delete([*copies, "none.html", "none/at/all.html", *list(files)[1:]])
        assert place.seen() == {"index.html": changed["index.html"]}
        if place.folder:
            assert {each.name for each in place.folder.iterdir()} <= {"index.html", ".openletter"}
        await target.send(uploads(files), sent.append)
        assert place.seen() == files

    use(place, act)


def test_a_swap_needs_the_bytes_that_were_read(place: Place) -> None:
    async def act(target: PublishTarget) -> None:
        swaps = [(b"0", b"1"), (None, b"1"), (None, b"2"), (b"0", b"2"), (b"1", b"2"), (b"2", b"2"), (b"2", b"3")]
        done = [await target.swap(MANIFEST, before, after) for before, after in swaps]
        assert done == [False, True, False, False, True, True, True]
        other = place.open()
        assert await other.swap(MANIFEST, b"2", b"4") is False
        assert await other.swap(MANIFEST, b"3", b"5") is True
        await other.close()
        assert await target.swap(MANIFEST, b"3", b"6") is False
        assert await target.read(MANIFEST) == b"5"

    use(place, act)


@pytest.mark.parametrize("before", [None, b'{"holder":"dead","id":"1","beat":1}'])
def test_of_many_that_take_a_lock_at_once_one_succeeds(leased: Place, before: bytes | None) -> None:
    async def act(target: PublishTarget) -> None:
        if before:
            await target.send(uploads({LOCK: before}), lambda _: None)
        targets = [leased.open() for _ in range(4)]
        try:
            swaps = (each.swap(LOCK, before, f"new {number}".encode()) for number, each in enumerate(targets))
            done = await asyncio.gather(*swaps)
        finally:
            for each in targets:
                await each.close()
        assert sorted(done) == [False, False, False, True]
        assert await target.read(LOCK) == f"new {done.index(True)}".encode()

    use(leased, act)


def test_a_reader_meets_the_old_bytes_or_the_new(place: Place) -> None:
    """Read the file again and again while it is replaced."""
    size_bytes, met, over = 300_000, set[bytes | None](), threading.Event()

    def read() -> None:
        while not over.is_set():
            data = place.look("page.html")
            met.add(data and (data[:1] if len(set(data)) == 1 and len(data) == size_bytes else b"part"))

    async def act(target: PublishTarget) -> None:
        await target.send(uploads({"page.html": b"0" * size_bytes}), lambda _: None)
        reader = threading.Thread(target=read)
        reader.start()
        try:
            for number in range(1, 9):
                await target.send(uploads({"page.html": b"%d" % number * size_bytes}), lambda _: None)
        finally:
            over.set()
            reader.join()

    use(place, act)
    assert met - place.while_replaced <= {b"%d" % number for number in range(9)}


def test_a_living_publisher_keeps_others_away_and_a_finished_one_does_not(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.shorten_lease(monkeypatch, 5)

    async def act(target: PublishTarget) -> None:
        other = place.open()
        async with target.lock("Ada") as lease:
            with pytest.raises(PublishError, match=r"publish|writing"):
                async with other.lock("Ben"):
                    pytest.fail("both hold the lock")
            lease.check()
        async with other.lock("Ben") as lease:
            lease.check()
        await other.close()

    use(place, act)
