"""The guards before every answer, and which address is answered by what."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from generator.preview.browser_files import PREFIX
from generator.preview.file_response import ALWAYS
from generator.preview.hosts import host_of, is_foreign

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from generator.preview.actions import Control
    from generator.preview.event_streams import Streams
    from generator.preview.site_pages import Pages


def make_app(
    pages: Pages, streams: Streams, control: Control, hosts: frozenset[str], say: Callable[[str], None]
) -> ASGIApp:
    """Put the answers behind the guards."""
    routes = [
        Route(f"{PREFIX}files/{{version}}/{{name}}", pages.tool),
        Route(f"{PREFIX}events", streams.events, methods=["GET"]),
        Route(f"{PREFIX}mail/{{name:path}}", pages.letter, methods=["GET"]),
        Route(f"{PREFIX}phone", pages.phone),
        Route(f"{PREFIX}page", pages.page_source),
        Route(f"{PREFIX}view", control.change_view, methods=["POST"]),
        Route(f"{PREFIX}edit", control.open_editor, methods=["POST"]),
        Route(f"{PREFIX}{{rest:path}}", _nothing),
        Route("/{path:path}", pages.page, methods=None),
    ]
    routes[-1].methods = None  # other methods are answered by the page itself
    return Guard(Starlette(routes=routes), hosts, say)


async def _nothing(_: object) -> PlainTextResponse:
    return PlainTextResponse("There is nothing at this address.\n", 404, ALWAYS)


class Guard:
    """Refuse what is not for this machine or comes from a stranger's page; say in a sentence what fails."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], say: Callable[[str], None]) -> None:
        self._app = app
        self._hosts = hosts
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as fault:
            self._say(f"The preview failed to answer {scope['path']!r} ({type(fault).__name__}: {fault}).")
            if os.environ.get("OPENLETTER_DEBUG") == "1":
                traceback.print_exception(fault)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = host_of(headers.get("host", ""))
        local = (scope.get("server") or ("", 0))[0]
        if host not in self._hosts and host != local:
            text = "The preview does not answer for this host. Start it with --host to reach it under another name.\n"
            return PlainTextResponse(text, 421, ALWAYS)
        if is_foreign(headers):
            return PlainTextResponse("The preview answers to its own pages alone.\n", 403, ALWAYS)
        return None
