"""The connected browsers: which page each one shows, and the messages sent to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

PING_S = 15.0
MAX_URLS = 300  # most changed files to name to a browser; it reloads if there are more


@dataclass(eq=False, slots=True)
class Client:
    """An open page: its output path, the build it shows (-1: none), whether it already got the next one."""

    path: str
    number: int = -1
    early: bool = False
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(100))


class ClientList:
    """All open pages; belongs to the event loop."""

    def __init__(self) -> None:
        self.connected: list[Client] = []
        self._closed = False

    @property
    def open_pages(self) -> tuple[str, ...]:
        """The output paths of the open pages, the one opened last first. May be called from any thread."""
        return tuple(dict.fromkeys(client.path for client in reversed(self.connected)))

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for client in self.connected:
            _put(client, None)

    def send(self, client: Client, message: dict[str, Any]) -> None:
        """Send a message to one page."""
        _put(client, json.dumps(message, separators=(",", ":")))

    async def stream(self, client: Client) -> AsyncIterator[bytes]:
        """Yield a page's messages as server-sent events (WHATWG HTML §9.2) until it closes or the server ends."""
        try:
            while not self._closed:
                try:
                    text = await asyncio.wait_for(client.queue.get(), PING_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if text is None:
                    return
                yield f"data: {text}\n\n".encode()
        finally:
            if client in self.connected:
                self.connected.remove(client)


def _put(client: Client, text: str | None) -> None:
    if client.queue.full():  # the browser reads no longer: when it comes back, it connects again
        client.queue.get_nowait()
    client.queue.put_nowait(text)
