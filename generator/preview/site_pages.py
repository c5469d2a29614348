"""What the preview shows: the site's pages and files, and a few pages of its own."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from generator.preview.browser_files import OWN_PAGE, PREFIX, own_page, script_tag, tool_files, version
from generator.preview.build_lock import BusyError, Gate
from generator.preview.file_response import ALWAYS, Loaded, load, of_bytes, respond
from generator.preview.injection import inject
from generator.preview.letter_page import letter_page
from generator.preview.media_types import media_type
from generator.preview.output_files import Place, is_safe, locate
from generator.preview.state import Published

_NEEDED = frozenset({"style", "script", "image", "font", "video", "audio", "track"})
NAVIGATION_S = 2.5  # how long a page is waited for before the reader is shown how far the build is
HOLD_S = 120.0  # how long everything else is


@dataclass(frozen=True, slots=True)
class Pages:
    """The answers, all given on the event loop. With `reload`, pages bring the preview's tools with them."""

    root: Path
    gate: Gate
    published: Published
    reload: bool

    async def page(self, request: Request) -> Response:
        """Answer with a file of the site."""
        if request.method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**ALWAYS, "Allow": "GET, HEAD"})
        raw_path: bytes = request.scope["raw_path"]
        navigation = "text/html" in request.headers.get("accept", "")  # a browser's, by a person
        try:
            if request.headers.get("sec-fetch-dest") in _NEEDED and self.gate.early:
                read = self._read(raw_path)  # what a page needs that can be had in the midst of a build
            else:
                path = locate(raw_path, self.published.site.base_path, self.published.output).path
                hold_s = NAVIGATION_S if navigation else HOLD_S
                read = await self.gate.through(lambda: self._read(raw_path), hold_s, path)
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

    def _read(self, raw_path: bytes) -> Read | Place:
        """Find and read what answers; called while nobody writes, or when what answers is finished."""
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
        return Read(place.path or "404.html", name, loaded, status, published.number + self.gate.building)

    def _with_tools(self, page: bytes, request: Request, path: str, number: int, *, whole: bool = False) -> bytes:
        """Bring the tools into a page; one that is `whole` is loaded again instead of changed in place."""
        if not self.reload:
            return page
        nonce = secrets.token_urlsafe(9) if b"strict-dynamic" in page else ""
        site, origin = self.published.site, _origin(request)
        tag = script_tag({**self._facts(path, number), "whole": whole}, origin, nonce)
        return inject(page, tag, origin + PREFIX, nonce, site.url, site.base_path)

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
        tag = script_tag({**self._facts(place.path or "404.html", -1), "waiting": True}, _origin(request))
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

    async def letter(self, request: Request) -> Response:
        """Show a newsletter issue as e-mail; the page follows the issue's own page."""
        name, path = request.path_params["name"], request.query_params.get("page", "")
        page = await asyncio.to_thread(letter_page, self.root, name, self.published.view.at, own_page("letter.html"))
        page = self._with_tools(page, request, path if is_safe(path) else "", self.published.number, whole=True)
        return Response(page, headers={**ALWAYS, "Content-Type": "text/html; charset=utf-8"})

    async def page_source(self, request: Request) -> Response:
        """Answer with a page as `page` would, at an address that every page's policy admits."""
        request.scope["raw_path"] = request.query_params.get("url", "").encode("utf-8", "replace")
        return await self.page(request)


@dataclass(frozen=True, slots=True)
class Read:
    """What answers at an address: `path` is where its page lies or would lie, `file` what was read."""

    path: str
    file: str
    loaded: Loaded | None
    status: int
    number: int


def _origin(request: Request) -> str:
    """Name where the browser found us; the Host header has been checked."""
    return f"{request.url.scheme}://{request.headers['host']}"
