"""The preview's responses: the site's pages and files, and a few pages of its own."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from generator.preview.browser_files import (
    OWN_PAGE_HEADERS,
    OWN_PREFIX,
    digest_browser_files,
    load_browser_files,
    make_script_tag,
    render_own_page,
)
from generator.preview.build_lock import BuildLock, BuildRunningError
from generator.preview.file_response import COMMON_HEADERS, LoadedFile, load_file, make_response, wrap_bytes
from generator.preview.injection import inject_script
from generator.preview.letter_page import LETTER_PICTURES, LetterPictures, render_letter_page
from generator.preview.media_types import find_media_type
from generator.preview.output_files import NOT_FOUND, ServedOutput, find_output, is_safe, list_needed
from generator.preview.state import PreviewState
from generator.site.hidden import state_in

_STATES = re.compile(rb'<main data-state="([a-z]+)">.*?</main>\n', re.S)
KEEP_HEADERS = {"Cache-Control": "max-age=31536000, immutable"}
"""The headers of a file whose address changes with its content."""
NAVIGATION_S = 2.5  # how long a page may take before the reader sees the progress of the build instead
RESOURCE_S = 120.0  # how long everything else may take


@dataclass(frozen=True, slots=True)
class SitePages:
    """The handlers, which run on the event loop. With `reload`, the preview's tools are added to pages."""

    root: Path
    build_lock: BuildLock
    state: PreviewState
    reload: bool
    letters: LetterPictures

    async def page(self, request: Request) -> Response:
        """Respond with a file of the site."""
        if request.method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**COMMON_HEADERS, "Allow": "GET, HEAD"})
        raw_path: bytes = request.scope["raw_path"]
        navigation = "text/html" in request.headers.get("accept", "")  # a person opens a page in a browser
        try:
            hold_s = NAVIGATION_S if navigation else RESOURCE_S
            read = await self.build_lock.read(lambda: self._read(raw_path), hold_s, lambda: self._list_needed(raw_path))
        except BuildRunningError:
            return self._wait_page(request)
        if not isinstance(read, ReadOutput):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(read.redirect + query, 307, COMMON_HEADERS)
        if read.status == 404 and raw_path == b"/favicon.ico":  # browsers request it by themselves
            return Response(status_code=204, headers=COMMON_HEADERS)
        if read.loaded is None:
            return self._wait_page(request) if not self.state.ready else self._plain_404()
        by_page = request.url.path == f"{OWN_PREFIX}page"  # the request of a page for its replacement
        if read.hidden and (navigation or by_page) and self.reload:
            return self._hidden_page(request, read)
        loaded, kind = read.loaded, find_media_type(read.file)
        if kind.startswith("text/html") and isinstance(loaded.data, bytes):
            loaded = wrap_bytes(self._with_tools(loaded.data, request, read.path, read.number))
        return make_response(loaded, kind, request.headers, head=request.method == "HEAD", status=read.status)

    def _list_needed(self, raw_path: bytes) -> tuple[str, ...]:
        return list_needed(raw_path, self.state.site.base_path, self.state.output)

    def _read(self, raw_path: bytes) -> ReadOutput | ServedOutput:
        """Find and read the file; called between builds, or when the file is finished."""
        state = self.state
        place = find_output(raw_path, state.site.base_path, state.output)
        if place.redirect:
            return place
        file, status, name, hidden = place.file, 200, place.path, ""
        if file is None:
            hidden = state_in(state.hidden, f"/{place.path.removesuffix('index.html')}") if place.path else ""
            file, status, name = find_output(f"/{NOT_FOUND}".encode(), "/", state.output).file, 404, NOT_FOUND
        try:
            loaded = load_file(file) if file is not None else None
        except OSError:
            loaded = None
        return ReadOutput(
            place.path or NOT_FOUND, name, loaded, status, state.number + self.build_lock.building, hidden
        )

    def _with_tools(self, page: bytes, request: Request, path: str, number: int, *, whole: bool = False) -> bytes:
        """Add the tools to a page; a `whole` page is reloaded instead of changed in place."""
        if not self.reload:
            return page
        nonce = secrets.token_urlsafe(9) if b"strict-dynamic" in page else ""
        site, origin = self.state.site, _origin(request)
        tag = make_script_tag({**self._facts(path, number), "whole": whole}, origin, site.language, nonce)
        return inject_script(page, tag, origin + OWN_PREFIX, nonce, site.url, site.base_path)

    def _facts(self, path: str, number: int) -> dict[str, Any]:
        state = self.state
        return {"path": path, "build": number, "session": state.session, "token": state.token}

    def _wait_page(self, request: Request) -> Response:
        """Show the progress of the build; the page reloads itself when the build has it.

        The status is 202, so that browsers log no error; programs get 503.
        """
        if "text/html" not in request.headers.get("accept", ""):
            return Response(status_code=503, headers={**COMMON_HEADERS, "Retry-After": "1"})
        site = self.state.site
        place = find_output(request.scope["raw_path"], site.base_path, self.state.output)
        facts = {**self._facts(place.path or NOT_FOUND, -1), "waiting": True}
        tag = make_script_tag(facts, _origin(request), site.language)
        page = render_own_page("waiting.html", site.language).replace(b"</head>", tag.encode() + b"</head>")
        return Response(b"" if request.method == "HEAD" else page, 202, {**COMMON_HEADERS, **OWN_PAGE_HEADERS})

    def _hidden_page(self, request: Request, read: ReadOutput) -> Response:
        """Explain why this address has no page in this view, and which switch of the bar shows it."""
        page = render_own_page("hidden.html", self.state.site.language)
        state = read.hidden.encode()
        page = _STATES.sub(lambda match: match[0] if match[1] == state else b"", page)
        page = self._with_tools(page, request, read.path, read.number, whole=True)
        return Response(b"" if request.method == "HEAD" else page, 404, {**COMMON_HEADERS, **OWN_PAGE_HEADERS})

    async def phone(self, _: Request) -> Response:
        """Show a page of the site in a frame with the width of a phone."""
        return Response(
            render_own_page("phone.html", self.state.site.language), headers={**COMMON_HEADERS, **OWN_PAGE_HEADERS}
        )

    def _plain_404(self) -> Response:
        return PlainTextResponse("There is nothing at this address.\n", 404, COMMON_HEADERS)

    async def tool(self, request: Request) -> Response:
        """Respond with one of the preview's own files."""
        name, language = request.path_params["name"], self.state.site.language
        current = request.path_params["version"] == digest_browser_files(language)
        data = load_browser_files(language).get(name) if current else None
        if data is None:
            return self._plain_404()
        headers = {**COMMON_HEADERS, **KEEP_HEADERS, "Content-Type": find_media_type(name)}
        return Response(b"" if request.method == "HEAD" else data, headers=headers)

    async def letter(self, request: Request) -> Response:
        """Show a newsletter issue as e-mail; it reloads when the issue's own page changes."""
        name, path = request.path_params["name"], request.query_params.get("page", "")
        frame = render_own_page("letter.html", self.state.site.language)
        page, pictures = await asyncio.to_thread(
            render_letter_page, self.root, name, self.state.view.at, frame, LETTER_PICTURES
        )
        self.letters.keep(name, pictures)
        page = self._with_tools(page, request, path if is_safe(path) else "", self.state.number, whole=True)
        return Response(page, headers={**COMMON_HEADERS, "Content-Type": "text/html; charset=utf-8"})

    async def letter_picture(self, request: Request) -> Response:
        """Respond with a picture of a letter that was shown; its name is that of its content."""
        name = request.path_params["name"]
        data = self.letters.find(name)
        if data is None:
            return self._plain_404()
        return Response(data, headers={**COMMON_HEADERS, **KEEP_HEADERS, "Content-Type": find_media_type(name)})

    async def page_source(self, request: Request) -> Response:
        """Respond like `page`, at an address that every page's policy allows."""
        request.scope["raw_path"] = request.query_params.get("url", "").encode("utf-8", "replace")
        return await self.page(request)


@dataclass(frozen=True, slots=True)
class ReadOutput:
    """The file for an address: `path` is the output path of its page, `file` the file that was read.

    `hidden` is the reason why the view has no page there, see `site.hidden`; "" if there is none at all.
    """

    path: str
    file: str
    loaded: LoadedFile | None
    status: int
    number: int
    hidden: str = ""


def _origin(request: Request) -> str:
    """Return the origin the browser used; the Host header has been checked."""
    return f"{request.url.scheme}://{request.headers['host']}"
