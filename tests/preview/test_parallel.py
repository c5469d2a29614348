"""Many requests while the site changes: no error, and never a mix of old and new."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.factories import write_files
from tests.preview.conftest import CONFIG, PATIENCE_S, Serve

pytestmark = pytest.mark.slow

ROUNDS = 15
AT_ONCE = 200
VERSION = re.compile(r"version (\d+)")


def test_two_hundred_requests_at_once_during_rebuilds(root: Path, serve: Serve) -> None:
    """Every page carries the version in its title, head and foot; all are read over and over while it changes."""

    def publish(number: int) -> None:
        write_files(
            root, {"new.toml": CONFIG.replace("Letters", f"version {number}")}
        )  # one change, which cannot be half done
        (root / "new.toml").replace(root / "site.toml")

    publish(0)
    preview = serve()
    stop = threading.Event()

    def edit() -> None:
        for number in range(1, ROUNDS + 1):
            publish(number)
            while len(seen) < number // 3 and not stop.wait(0.01):
                pass  # on a busy machine the readers come slowly
            time.sleep(0.1)
        stop.set()

    pages = ["", "2024/01/first/", "2024/02/second/", "2024/03/idea/", "feed.xml", "nowhere/"]
    seen: Counter[str] = Counter()

    async def read(client: httpx.AsyncClient, page: str) -> None:
        answer = await client.get(preview.url + page)
        assert answer.status_code == (404 if page == "nowhere/" else 200), (page, answer.status_code)
        versions = set(VERSION.findall(answer.text))
        assert len(versions) == 1, (page, versions)
        seen[versions.pop()] += 1

    async def storm() -> None:
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(limits=limits, timeout=PATIENCE_S) as client:
            while not stop.is_set():
                await asyncio.gather(*(read(client, pages[n % len(pages)]) for n in range(AT_ONCE)))

    editing = threading.Thread(target=edit)
    editing.start()
    try:
        asyncio.run(storm())
    finally:
        stop.set()
        editing.join()
    assert f"version {ROUNDS}" in preview.text()
    assert len(seen) > 2, seen
