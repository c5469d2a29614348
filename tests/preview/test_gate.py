"""Readers and the builder keep out of each other's way."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from generator.preview.gate import BusyError, Gate

PATIENCE_S = 60.0


def test_an_open_gate_lets_through_at_once() -> None:
    assert asyncio.run(Gate().through(lambda: "read", 0)) == "read"


def test_whoever_comes_during_a_build_reads_after_it() -> None:
    gate, now = Gate(), ["old"]

    async def read() -> str:
        gate.close()
        threading.Timer(0.05, lambda: gate.open(lambda: now.__setitem__(0, "new"))).start()
        return await gate.through(lambda: now[0], PATIENCE_S)

    assert asyncio.run(read()) == "new"


def test_whoever_comes_when_a_build_is_expected_reads_after_it() -> None:
    pending = ["a.md"]
    gate, now = Gate(lambda: bool(pending)), ["old"]

    def build() -> None:
        time.sleep(0.05)
        gate.close()
        pending.clear()
        now[0] = "new"
        gate.open()

    async def read() -> str:
        threading.Thread(target=build).start()
        return await gate.through(lambda: now[0], PATIENCE_S)

    assert asyncio.run(read()) == "new"


def test_a_build_that_takes_too_long_is_said() -> None:
    gate = Gate()
    gate.close()
    with pytest.raises(BusyError):
        asyncio.run(gate.through(lambda: "read", 0.05))


def test_build_after_build_shuts_nobody_out() -> None:
    gate, stop = Gate(lambda: True), threading.Event()

    def build() -> None:
        while not stop.is_set():
            gate.close()
            time.sleep(0.01)
            gate.open()

    builder = threading.Thread(target=build)

    async def read() -> list[str]:
        builder.start()
        await asyncio.sleep(0.02)
        return await asyncio.gather(*(gate.through(lambda: "read", PATIENCE_S) for _ in range(200)))

    try:
        assert asyncio.run(read()) == ["read"] * 200
    finally:
        stop.set()
        builder.join()


def test_nothing_is_read_while_the_builder_writes() -> None:
    gate, stop, writing, mixed = Gate(), threading.Event(), threading.Event(), []

    def build() -> None:
        while not stop.is_set():
            gate.close()
            writing.set()
            time.sleep(0.002)
            writing.clear()
            gate.open()
            time.sleep(0.001)

    builder = threading.Thread(target=build)

    async def read() -> None:
        builder.start()
        mixed.extend([await gate.through(writing.is_set, PATIENCE_S) for _ in range(300)])

    try:
        asyncio.run(read())
    finally:
        stop.set()
        builder.join()
    assert not any(mixed)


def test_one_who_goes_away_does_not_hold_up_the_next_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Gate.__module__], "PATIENCE_S", PATIENCE_S)
    gate = Gate()

    async def come_and_go() -> None:
        gate.close()
        waiting = asyncio.create_task(gate.through(lambda: "read", PATIENCE_S))
        await asyncio.sleep(0.02)
        gate.open()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(come_and_go())
    begun = time.monotonic()
    gate.close()
    assert time.monotonic() - begun < PATIENCE_S / 2


def test_at_the_end_nobody_is_left_waiting() -> None:
    gate = Gate()

    async def wait() -> None:
        gate.close()
        waiting = asyncio.create_task(gate.through(lambda: "read", PATIENCE_S))
        await asyncio.sleep(0.02)
        gate.end()
        with pytest.raises(BusyError):
            await waiting

    asyncio.run(wait())
