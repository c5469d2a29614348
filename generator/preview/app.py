"""The checks before every response, and the routes."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from generator.preview.browser_files import OWN_PREFIX
from generator.preview.file_response import COMMON_HEADERS
from generator.preview.hosts import is_cross_site, parse_host
from generator.preview.letter_page import LETTER_PICTURES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from generator.preview.actions import PageActions
    from generator.preview.event_streams import EventStreams
    from generator.preview.site_pages import SitePages


def make_app(
    pages: SitePages, streams: EventStreams, actions: PageActions, hosts: frozenset[str], say: Callable[[str], None]
) -> ASGIApp:
    """Make the app: the routes behind the checks."""
    routes = [
        Route(f"{OWN_PREFIX}files/{{version}}/{{name}}", pages.tool),
        Route(f"{OWN_PREFIX}events", streams.events, methods=["GET"]),
        Route(f"{OWN_PREFIX}mail/{{name:path}}", pages.letter, methods=["GET"]),
        Route(f"{LETTER_PICTURES}{{name}}", pages.letter_picture, methods=["GET"]),
        Route(f"{OWN_PREFIX}phone", pages.phone),
        Route(f"{OWN_PREFIX}page", pages.page_source),
        Route(f"{OWN_PREFIX}view", actions.change_view, methods=["POST"]),
        Route(f"{OWN_PREFIX}edit", actions.open_editor, methods=["POST"]),
        Route(f"{OWN_PREFIX}{{rest:path}}", _nothing),
        Route("/{path:path}", pages.page, methods=None),
    ]
    routes[-1].methods = None  # the page itself answers other methods
    return RequestGuard(Starlette(routes=routes), hosts, say)


async def _nothing(_: object) -> PlainTextResponse:
    return PlainTextResponse("There is nothing at this address.\n", 404, COMMON_HEADERS)


class RequestGuard:
    """Refuse requests for other hosts and from other sites' pages; report a failure in one sentence."""

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
        host = parse_host(headers.get("host", ""))
        local = (scope.get("server") or ("", 0))[0]
        if host not in self._hosts and host != local:
            text = "The preview does not answer for this host. Start it with --host to reach it under another name.\n"
            return PlainTextResponse(text, 421, COMMON_HEADERS)
        if is_cross_site(headers):
            return PlainTextResponse("The preview answers only its own pages.\n", 403, COMMON_HEADERS)
        return None
