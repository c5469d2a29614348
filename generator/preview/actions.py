"""The requests of our own pages that change something; all others are refused."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from generator.preview.editor import open_source
from generator.preview.file_response import COMMON_HEADERS
from generator.preview.hosts import is_own_page
from generator.preview.session import ViewOptions
from generator.preview.state import PreviewState


@dataclass(frozen=True, slots=True)
class PageActions:
    """The answers to such requests. `show` changes the view, `editor` is the command that opens a source."""

    root: Path
    state: PreviewState
    show: Callable[[ViewOptions], None]
    editor: Sequence[str] | None = None

    async def change_view(self, request: Request) -> Response:
        """Change what is shown, for all who look: drafts, scheduled posts, the moment."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        try:
            at = datetime.fromisoformat(asked["at"]) if asked.get("at") else None
            view = ViewOptions(drafts=asked["drafts"] is True, future=asked["future"] is True, at=at)
        except (KeyError, TypeError, ValueError):
            return PlainTextResponse("This is no view.\n", 400, COMMON_HEADERS)
        self.show(view)
        return Response(status_code=204, headers=COMMON_HEADERS)

    async def open_editor(self, request: Request) -> Response:
        """Open a source in the editor of whoever started the preview; only for this machine's own browsers."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        path, line = asked.get("path"), asked.get("line", 1)
        client = request.client.host if request.client else ""
        if client not in ("127.0.0.1", "::1") or not isinstance(path, str) or not isinstance(line, int):
            return PlainTextResponse("Only from the machine that the preview runs on.\n", 403, COMMON_HEADERS)
        said = await asyncio.to_thread(open_source, self.root, path, line, self.editor)
        return PlainTextResponse(said, 409 if said else 200, COMMON_HEADERS)

    async def _asked(self, request: Request) -> dict[str, Any] | Response:
        """Read what a page of ours asks for; everybody else is refused."""
        token = request.headers.get("x-openletter-token", "")
        ours = secrets.compare_digest(token.encode(), self.state.token.encode())
        if not ours or not is_own_page(request.headers, request.headers.get("host", "")):
            return PlainTextResponse("Only pages of the preview may ask for this.\n", 403, COMMON_HEADERS)
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        return asked if isinstance(asked, dict) else PlainTextResponse("This is no request.\n", 400, COMMON_HEADERS)
