"""What the preview answers: the site's files, and a few addresses of its own below `/__openletter/`."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from generator.preview import editor
from generator.preview.addresses import Place, is_safe, locate
from generator.preview.gate import BusyError, Gate
from generator.preview.hosts import is_own_page
from generator.preview.hub import MOST_URLS, Client, Hub
from generator.preview.inject import inject
from generator.preview.media_types import media_type
from generator.preview.published import Published
from generator.preview.sending import ALWAYS, Loaded, load, of_bytes, respond
from generator.preview.session import View
from generator.preview.tools import OWN_PAGE, PREFIX, own_page, script_tag, tool_files, version

_WHOLE = (".html", ".xml", "feed.json")  # what is looked at by itself, and no part of another page
_NEEDED = frozenset({"style", "script", "image", "font", "video", "audio", "track"})
NAVIGATION_S = 2.5  # how long a page is waited for before the reader is shown how far the build is
HOLD_S = 120.0  # how long everything else is


@dataclass(slots=True)
class Application:
    """The answers, all given on the event loop.

    `show` changes the view; `look_up` finds out about a page, in the thread that builds, and calls what follows there.
    `editor` is the command that opens a source.
    """

    root: Path
    gate: Gate
    published: Published
    hub: Hub
    reload: bool
    show: Callable[[View], None]
    look_up: Callable[[str, Callable[[], None]], None]
    editor: Sequence[str] | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def page(self, request: Request) -> Response:
        """Answer with a file of the site."""
        if request.method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**ALWAYS, "Allow": "GET, HEAD"})
        raw_path: bytes = request.scope["raw_path"]
        navigation = "text/html" in request.headers.get("accept", "")  # a browser's, by a person
        try:
            if self._is_early(request):
                read = self._read(raw_path)
            else:
                read = await self.gate.through(lambda: self._read(raw_path), NAVIGATION_S if navigation else HOLD_S)
        except BusyError:
            return self._wait_page(request)
        if not isinstance(read, Read):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(read.redirect + query, 307, ALWAYS)
        if read.status == 404 and raw_path == b"/favicon.ico":  # asked for by browsers, not by any page
            return Response(status_code=204, headers=ALWAYS)
        if read.loaded is None:
            return self._wait_page(request) if not self.published.ready else self._plain_404()
        loaded, kind = read.loaded, media_type(read.file)
        if kind.startswith("text/html") and isinstance(loaded.data, bytes):
            loaded = of_bytes(self._with_tools(loaded.data, request, read.path, read.number))
        return respond(loaded, kind, request.headers, head=request.method == "HEAD", status=read.status)

    def _is_early(self, request: Request) -> bool:
        """Whether to answer in the midst of a build: with a page that is done, with what such a page needs."""
        if not self.gate.early:
            return False
        if request.headers.get("sec-fetch-dest") in _NEEDED:
            return True
        place = locate(request.scope["raw_path"], self.published.site.base_path, self.published.output)
        return place.path in self.gate.early

    def _read(self, raw_path: bytes) -> Read | Place:
        """Find and read what answers; called while nobody writes."""
        published = self.published
        place = locate(raw_path, published.site.base_path, published.output)
        if place.redirect:
            return place
        file, status, name = place.file, 200, place.path
        if file is None:
            file, status, name = locate(b"/404.html", "/", published.output).file, 404, "404.html"
        try:
            loaded = load(file) if file is not None else None
        except OSError:
            loaded = None
        return Read(place.path or "404.html", name, loaded, status, published.number)

    def _with_tools(self, page: bytes, request: Request, path: str, number: int) -> bytes:
        if not self.reload:
            return page
        nonce = secrets.token_urlsafe(9) if b"strict-dynamic" in page else ""
        source = f"{request.url.scheme}://{request.headers['host']}{PREFIX}"
        site = self.published.site
        return inject(page, script_tag(self._facts(path, number), nonce), source, nonce, site.url, site.base_path)

    def _facts(self, path: str, number: int) -> dict[str, Any]:
        published = self.published
        return {"path": path, "build": number, "session": published.session, "token": published.token}

    def _wait_page(self, request: Request) -> Response:
        """Show a person how far the build is; the page loads itself again when there is something to load.

        With status 202, so that no browser's console complains; programs are told 503.
        """
        if "text/html" not in request.headers.get("accept", ""):
            return Response(status_code=503, headers={**ALWAYS, "Retry-After": "1"})
        place = locate(request.scope["raw_path"], self.published.site.base_path, self.published.output)
        tag = script_tag({**self._facts(place.path or "404.html", -1), "waiting": True})
        page = own_page("waiting.html").replace(b"</head>", tag.encode() + b"</head>")
        return Response(b"" if request.method == "HEAD" else page, 202, {**ALWAYS, **OWN_PAGE})

    async def phone(self, _: Request) -> Response:
        """Show a page of the site in a frame as wide as a phone."""
        return Response(own_page("phone.html"), headers={**ALWAYS, **OWN_PAGE})

    def _plain_404(self) -> Response:
        return PlainTextResponse("There is nothing at this address.\n", 404, ALWAYS)

    async def tool(self, request: Request) -> Response:
        """Answer with one of the preview's own files."""
        name = request.path_params["name"]
        data = tool_files().get(name) if request.path_params["version"] == version() else None
        if data is None:
            return self._plain_404()
        headers = {**ALWAYS, "Cache-Control": "max-age=31536000, immutable", "Content-Type": media_type(name)}
        return Response(b"" if request.method == "HEAD" else data, headers=headers)

    async def page_source(self, request: Request) -> Response:
        """Answer with a page as `page` would, at an address that every page's policy admits."""
        request.scope["raw_path"] = request.query_params.get("url", "").encode("utf-8", "replace")
        return await self.page(request)

    async def events(self, request: Request) -> Response:
        """Open a page's stream of what it is to know."""
        path, number = request.query_params.get("path", ""), request.query_params.get("build", "")
        if not is_safe(path) or not number.removeprefix("-").isdigit():
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
            await self.gate.through(compose, HOLD_S)
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
        page = published.pages.get(client.path, {})
        parts = [published.site.base_path + quote(path) for path in changed if not path.endswith(_WHOLE)]
        message = {
            "type": "state",
            "session": published.session,
            "build": published.number,
            "ready": published.ready,
            "update": client.path in changed or (client.number < 0 and published.ready),
            "urls": parts if len(parts) <= MOST_URLS else None,
            "errors": published.errors,
            "warnings": published.warnings,
            "problems": [{**each, "mine": _concerns(each, page)} for each in published.problems],
            "page": page or None,
            "view": _view(published.view),
        }
        client.number = published.number
        return message

    async def announce_early(self, pages: Sequence[str]) -> None:
        """Tell those who look at pages that are done already, while the build goes on."""
        for client in self.hub.clients:
            if client.path in pages:
                self.hub.tell(client, {"type": "early"})

    async def progress(self, stage: str, done: int, total: int) -> None:
        """Tell all pages how far a long build is."""
        for client in self.hub.clients:
            self.hub.tell(client, {"type": "building", "stage": stage, "done": done, "total": total})

    async def change_view(self, request: Request) -> Response:
        """Change what is shown, for all who look: drafts, scheduled posts, the moment."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        try:
            at = datetime.fromisoformat(asked["at"]) if asked.get("at") else None
            view = View(drafts=asked["drafts"] is True, future=asked["future"] is True, at=at)
        except (KeyError, TypeError, ValueError):
            return PlainTextResponse("This is no view.\n", 400, ALWAYS)
        self.show(view)
        return Response(status_code=204, headers=ALWAYS)

    async def open_editor(self, request: Request) -> Response:
        """Open a source in the editor of whoever started the preview; only for this machine's own browsers."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        path, line = asked.get("path"), asked.get("line", 1)
        client = request.client.host if request.client else ""
        if client not in ("127.0.0.1", "::1") or not isinstance(path, str) or not isinstance(line, int):
            return PlainTextResponse("Only from the machine that the preview runs on.\n", 403, ALWAYS)
        said = await asyncio.to_thread(editor.open_source, self.root, path, line, self.editor)
        return PlainTextResponse(said, 409 if said else 200, ALWAYS)

    async def _asked(self, request: Request) -> dict[str, Any] | Response:
        """Read what a page of ours asks for; everybody else is refused."""
        token = request.headers.get("x-openletter-token", "")
        ours = secrets.compare_digest(token.encode(), self.published.token.encode())
        if not ours or not is_own_page(request.headers, request.headers.get("host", "")):
            return PlainTextResponse("Only pages of the preview may ask for this.\n", 403, ALWAYS)
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        return asked if isinstance(asked, dict) else PlainTextResponse("This is no request.\n", 400, ALWAYS)

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something on the loop, besides answering."""
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass(frozen=True, slots=True)
class Read:
    """What answers at an address: `path` is where its page lies or would lie, `file` what was read."""

    path: str
    file: str
    loaded: Loaded | None
    status: int
    number: int


def _concerns(problem: Mapping[str, Any], page: Mapping[str, Any]) -> bool:
    """Tell whether a problem is one of a page: of its source, of what lies beside that, or met on the way to it."""
    source = page.get("source", "")
    folder = source.removesuffix("index.md") if source.endswith("/index.md") else ""
    beside = bool(folder) and problem["path"].startswith(folder)
    return bool(source) and (problem["path"] == source or beside or problem["text"] in page["problems"])


def _view(view: View) -> dict[str, Any]:
    return {"drafts": view.drafts, "future": view.future, "at": view.at.isoformat() if view.at else ""}
