"""The event streams of the open pages: state, progress, pages that are finished early."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from generator.errors import Level
from generator.preview.build_lock import BuildLock, BuildRunningError
from generator.preview.clients import MAX_URLS, Client, ClientList
from generator.preview.file_response import COMMON_HEADERS
from generator.preview.output_files import is_safe
from generator.preview.session import ViewOptions
from generator.preview.state import FoundProblem, PreviewState

STATE_TIMEOUT_S = 600.0  # no build takes longer; if one does, the next build sends the state
_NUMBER = re.compile(r"-?[0-9]{1,12}")
_DOCUMENT_ENDINGS = (".html", ".xml", "feed.json")  # documents, not parts of another page


@dataclass(slots=True)
class EventStreams:
    """The event streams of all open pages. Runs on the event loop.

    `look_up` has the builder describe a page; it calls its second argument in the builder's thread.
    """

    build_lock: BuildLock
    state: PreviewState
    clients: ClientList
    look_up: Callable[[str, Callable[[], None]], None]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def events(self, request: Request) -> Response:
        """Open the event stream of a page."""
        path, number = request.query_params.get("path", ""), request.query_params.get("build", "")
        if not is_safe(path) or not _NUMBER.fullmatch(number):
            return PlainTextResponse("Which page?\n", 400, COMMON_HEADERS)
        client = Client(path, int(number) if request.query_params.get("session") == self.state.session else -1)
        self.clients.connected.append(client)
        self.start_task(lambda: self._send_state([client]))
        return StreamingResponse(self.clients.stream(client), 200, COMMON_HEADERS, "text/event-stream")

    async def send_state_to_all(self) -> None:
        """Send the state after a build to all pages."""
        await self._send_state(self.clients.connected)

    async def _send_state(self, clients: Sequence[Client]) -> None:
        """Send the state to pages, and look up those that are not known yet."""

        def compose() -> None:
            for client in clients:
                self.clients.send(client, self._message(client))

        try:
            await self.build_lock.read(compose, STATE_TIMEOUT_S)
        except BuildRunningError:
            return
        loop = asyncio.get_running_loop()
        for path in {client.path for client in clients} - self.state.pages.keys():
            self.look_up(path, partial(self._resume, loop, path))

    def _resume(self, loop: asyncio.AbstractEventLoop, path: str) -> None:
        """Continue after a page was looked up; called in the build thread."""

        def send() -> Coroutine[Any, Any, None]:
            return self._send_state([each for each in self.clients.connected if each.path == path])

        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(self.start_task, send)

    def _message(self, client: Client) -> dict[str, Any]:
        """Compose the state message for a page; called between two builds."""
        state = self.state
        changed = [path for path, number in state.since.items() if number > client.number >= 0]
        shown = client.early and state.number == client.number + 1
        page = state.pages.get(client.path, {})
        parts = [state.site.base_path + quote(path) for path in changed if not path.endswith(_DOCUMENT_ENDINGS)]
        message = {
            "type": "state",
            "session": state.session,
            "build": state.number,
            "ready": state.ready,
            "update": (client.path in changed and not shown) or (client.number < 0 and state.ready),
            "urls": parts if len(parts) <= MAX_URLS else None,
            "counts": _count(state.found),
            "mine": _count(each for each in state.found if _belongs_to_page(each.path, each.text, page)),
            "problems": [
                {**each, "mine": _belongs_to_page(each["path"], each["text"], page)} for each in state.problems
            ],
            "page": page or None,
            "view": _encode_view(state.view),
        }
        client.number, client.early = state.number, False
        return message

    async def announce_finished(self, pages: Sequence[str]) -> None:
        """Tell the clients of these pages that they are finished, although the build goes on."""
        for client in self.clients.connected:
            if client.path in pages:
                client.early = True
                self.clients.send(client, {"type": "early"})

    async def progress(self, stage: str, done: int, total: int) -> None:
        """Send the progress of a long build to all pages."""
        for client in self.clients.connected:
            self.clients.send(client, {"type": "building", "stage": stage, "done": done, "total": total})

    def start_task(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a task on the loop, beside the requests."""
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _count(found: Iterable[FoundProblem]) -> dict[str, int]:
    levels = Counter(each.level for each in found)
    return {f"{level}s": levels[level] for level in Level}


def _belongs_to_page(path: str, text: str, page: Mapping[str, Any]) -> bool:
    """Return True if a problem belongs to a page: to its source, to a file beside the source, or to its rendering."""
    source = page.get("source", "")
    folder = source.removesuffix("index.md") if source.endswith("/index.md") else ""
    beside = bool(folder) and path.startswith(folder)
    return bool(source) and (path == source or beside or text in page["problems"])


def _encode_view(view: ViewOptions) -> dict[str, Any]:
    return {"drafts": view.drafts, "future": view.future, "at": view.at.isoformat() if view.at else ""}
