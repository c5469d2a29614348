"""Readers and the builder keep out of each other's way."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from generator.preview.build_lock import BuildLock, BuildRunningError

PATIENCE_S = 60.0


def test_between_builds_a_request_reads_at_once() -> None:
    assert asyncio.run(BuildLock().read(lambda: "read", 0)) == "read"


def test_whoever_comes_during_a_build_reads_after_it() -> None:
    build_lock, now = BuildLock(), ["old"]

    async def read() -> str:
        build_lock.begin_write()
        threading.Timer(0.05, lambda: build_lock.end_write(lambda: now.__setitem__(0, "new"))).start()
        return await build_lock.read(lambda: now[0], PATIENCE_S)

    assert asyncio.run(read()) == "new"


def test_whoever_comes_when_a_build_is_expected_reads_after_it() -> None:
    pending = ["a.md"]
    build_lock, now = BuildLock(lambda: bool(pending)), ["old"]

    def build() -> None:
        time.sleep(0.05)
        build_lock.begin_write(pending.clear)
        now[0] = "new"
        build_lock.end_write()

    async def read() -> str:
        threading.Thread(target=build).start()
        return await build_lock.read(lambda: now[0], PATIENCE_S)

    assert asyncio.run(read()) == "new"


class Due:
    """How many builds are due, as the queue would say."""

    def __init__(self) -> None:
        self.builds = 0

    def change(self) -> None:
        self.builds += 1

    def start(self) -> None:
        self.builds = max(0, self.builds - 1)


async def settle() -> None:
    """Let every request run that can."""
    for _ in range(20):
        await asyncio.sleep(0.001)


def build_once(build_lock: BuildLock, due: Due) -> None:
    build_lock.begin_write(due.start)
    build_lock.end_write()


@pytest.mark.parametrize("waiting", [False, True], ids=["later", "waiting"])
def test_a_page_that_is_up_to_date_counts_while_nothing_newer_waits(waiting: bool) -> None:
    due = Due()
    build_lock = BuildLock(lambda: due.builds)

    async def read() -> str:
        build_lock.begin_write()
        if waiting:
            reading = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S, lambda: ["a"]))
            await settle()
            build_lock.admit(["b"])
            return await reading
        build_lock.admit(["b"])
        return await build_lock.read(lambda: "read", 0, lambda: ["a"])

    assert asyncio.run(read()) == "read"


@pytest.mark.parametrize("admitted_first", [False, True])
def test_a_request_after_a_change_waits_for_the_build_of_that_change(admitted_first: bool) -> None:
    due = Due()
    build_lock = BuildLock(lambda: due.builds)

    async def read() -> None:
        build_lock.begin_write(due.start)
        if admitted_first:
            build_lock.admit(["b"])
        due.change()
        reading = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S, lambda: ["a"]))
        await settle()
        build_lock.admit(["b"])
        await settle()
        assert not reading.done(), "a page of the build before the change"
        build_lock.end_write()
        await settle()
        assert not reading.done(), "the end of the build before the change"
        build_lock.begin_write(due.start)
        await settle()
        assert not reading.done()
        build_lock.admit(["b"])
        assert await reading == "read"

    asyncio.run(read())


def test_a_change_as_a_page_is_ready_holds_it_back_until_the_build_ends() -> None:
    due = Due()
    build_lock = BuildLock(lambda: due.builds)

    async def read() -> None:
        build_lock.begin_write(due.start)
        reading = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S, lambda: ["a"]))
        await settle()
        build_lock.admit(["b"])
        due.change()
        await settle()
        assert not reading.done()
        build_lock.end_write()
        assert await reading == "read"

    asyncio.run(read())


def test_two_changes_need_two_builds() -> None:
    due = Due()
    build_lock = BuildLock(lambda: due.builds)

    async def read() -> None:
        due.change()
        due.change()
        reading = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S))
        await settle()
        build_once(build_lock, due)
        await settle()
        assert not reading.done()
        build_once(build_lock, due)
        assert await reading == "read"

    asyncio.run(read())


def test_a_build_that_no_change_waited_for_is_not_the_build_of_a_change() -> None:
    due = Due()
    build_lock = BuildLock(lambda: due.builds)

    async def read() -> None:
        due.change()
        reading = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S))
        await settle()
        build_lock.begin_write()
        build_lock.end_write()
        await settle()
        assert not reading.done()
        build_once(build_lock, due)
        assert await reading == "read"

    asyncio.run(read())


def test_a_build_that_takes_too_long_is_said() -> None:
    build_lock = BuildLock()
    build_lock.begin_write()
    with pytest.raises(BuildRunningError):
        asyncio.run(build_lock.read(lambda: "read", 0.05))


def test_build_after_build_shuts_nobody_out() -> None:
    build_lock, stop = BuildLock(lambda: True), threading.Event()

    def build() -> None:
        while not stop.is_set():
            build_lock.begin_write(lambda: None)
            time.sleep(0.01)
            build_lock.end_write()

    builder = threading.Thread(target=build)

    async def read() -> list[str]:
        builder.start()
        await asyncio.sleep(0.02)
        return await asyncio.gather(*(build_lock.read(lambda: "read", PATIENCE_S) for _ in range(200)))

    try:
        assert asyncio.run(read()) == ["read"] * 200
    finally:
        stop.set()
        builder.join()


def test_nothing_is_read_while_the_builder_writes() -> None:
    build_lock, stop, writing, mixed = BuildLock(), threading.Event(), threading.Event(), []

    def build() -> None:
        while not stop.is_set():
            build_lock.begin_write()
            writing.set()
            time.sleep(0.002)
            writing.clear()
            build_lock.end_write()
            time.sleep(0.001)

    builder = threading.Thread(target=build)

    async def read() -> None:
        builder.start()
        mixed.extend([await build_lock.read(writing.is_set, PATIENCE_S) for _ in range(300)])

    try:
        asyncio.run(read())
    finally:
        stop.set()
        builder.join()
    assert not any(mixed)


def test_one_who_goes_away_does_not_hold_up_the_next_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[BuildLock.__module__], "MAX_SERVE_S", PATIENCE_S)
    build_lock = BuildLock()

    async def come_and_go() -> None:
        build_lock.begin_write()
        waiting = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S))
        await asyncio.sleep(0.02)
        build_lock.end_write()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(come_and_go())
    begun = time.monotonic()
    build_lock.begin_write()
    assert time.monotonic() - begun < PATIENCE_S / 2


def test_at_the_end_nobody_is_left_waiting() -> None:
    build_lock = BuildLock()

    async def wait() -> None:
        build_lock.begin_write()
        waiting = asyncio.create_task(build_lock.read(lambda: "read", PATIENCE_S))
        await asyncio.sleep(0.02)
        build_lock.shut_down()
        with pytest.raises(BuildRunningError):
            await waiting

    asyncio.run(wait())
