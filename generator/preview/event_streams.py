"""What open pages are told while they are open, and by which stream."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from generator.preview.build_lock import BusyError, Gate
from generator.preview.clients import MOST_URLS, Client, Hub
from generator.preview.file_response import ALWAYS
from generator.preview.output_files import is_safe
from generator.preview.session import View
from generator.preview.state import Published

PATIENCE_S = 600.0  # no build takes longer; then a page would be told with the next
_NUMBER = re.compile(r"-?[0-9]{1,12}")
_WHOLE = (".html", ".xml", "feed.json")  # what is looked at by itself, and no part of another page


@dataclass(slots=True)
class Streams:
    """The streams of all open pages; everything but `look_up` belongs to the event loop.

    `look_up` finds out about a page, in the thread that builds, and calls there what follows.
    """

    gate: Gate
    published: Published
    hub: Hub
    look_up: Callable[[str, Callable[[], None]], None]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def events(self, request: Request) -> Response:
        """Open a page's stream of what it is to know."""
        path, number = request.query_params.get("path", ""), request.query_params.get("build", "")
        if not is_safe(path) or not _NUMBER.fullmatch(number):
            return PlainTextResponse("Which page?\n", 400, ALWAYS)
        client = Client(path, int(number) if request.query_params.get("session") == self.published.session else -1)
        self.hub.clients.append(client)
        self.start(lambda: self._inform([client]))
        return StreamingResponse(self.hub.stream(client), 200, ALWAYS, "text/event-stream")

    async def announce(self) -> None:
        """Tell all pages what a build has changed."""
        await self._inform(self.hub.clients)

    async def _inform(self, clients: Sequence[Client]) -> None:
        """Tell pages how things stand, and what they are as soon as that is known."""

        def compose() -> None:
            for client in clients:
                self.hub.tell(client, self._message(client))

        try:
            await self.gate.through(compose, PATIENCE_S)
        except BusyError:
            return
        loop = asyncio.get_running_loop()
        for path in {client.path for client in clients} - self.published.pages.keys():
            self.look_up(path, partial(self._later, loop, path))

    def _later(self, loop: asyncio.AbstractEventLoop, path: str) -> None:
        """Go on once a page was looked up, in the thread that builds."""
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(
                self.start, lambda: self._inform([each for each in self.hub.clients if each.path == path])
            )

    def _message(self, client: Client) -> dict[str, Any]:
        """Compose what a page is to know: called while nobody writes."""
        published = self.published
        changed = [path for path, number in published.since.items() if number > client.number >= 0]
        shown = client.early and published.number == client.number + 1
        page = published.pages.get(client.path, {})
        parts = [published.site.base_path + quote(path) for path in changed if not path.endswith(_WHOLE)]
        message = {
            "type": "state",
            "session": published.session,
            "build": published.number,
            "ready": published.ready,
            "update": (client.path in changed and not shown) or (client.number < 0 and published.ready),
            "urls": parts if len(parts) <= MOST_URLS else None,
            "errors": published.errors,
            "warnings": published.warnings,
            "problems": [{**each, "mine": _concerns(each, page)} for each in published.problems],
            "page": page or None,
            "view": _view(published.view),
        }
        client.number, client.early = published.number, False
        return message

    async def announce_early(self, pages: Sequence[str]) -> None:
        """Tell those who look at pages that are done already, while the build goes on."""
        for client in self.hub.clients:
            if client.path in pages:
                client.early = True
                self.hub.tell(client, {"type": "early"})

    async def progress(self, stage: str, done: int, total: int) -> None:
        """Tell all pages how far a long build is."""
        for client in self.hub.clients:
            self.hub.tell(client, {"type": "building", "stage": stage, "done": done, "total": total})

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something on the loop, besides answering."""
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _concerns(problem: Mapping[str, Any], page: Mapping[str, Any]) -> bool:
    """Tell whether a problem is one of a page: of its source, of what lies beside that, or met on the way to it."""
    source = page.get("source", "")
    folder = source.removesuffix("index.md") if source.endswith("/index.md") else ""
    beside = bool(folder) and problem["path"].startswith(folder)
    return bool(source) and (problem["path"] == source or beside or problem["text"] in page["problems"])


def _view(view: View) -> dict[str, Any]:
    return {"drafts": view.drafts, "future": view.future, "at": view.at.isoformat() if view.at else ""}
