"""Handle requests of our own pages that change something; refuse all others."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from generator.preview.editor import open_source
from generator.preview.file_response import COMMON_HEADERS
from generator.preview.hosts import is_own_page
from generator.preview.session import ViewChanges
from generator.preview.state import PreviewState


@dataclass(frozen=True, slots=True)
class PageActions:
    """The handlers. `show` changes parts of the view, `editor` is the command that opens a source."""

    root: Path
    state: PreviewState
    show: Callable[[ViewChanges], None]
    editor: Sequence[str] | None = None

    async def change_view(self, request: Request) -> Response:
        """Change what all browsers are shown: drafts, scheduled posts, the moment, or only some of them.

        A page sends only what was changed in it: what it shows of the others may be older than the last choice.
        """
        body = await self._read_body(request)
        if isinstance(body, Response):
            return body
        changes = _read_changes(body)
        if not changes:
            return PlainTextResponse("This view is not valid.\n", 400, COMMON_HEADERS)
        self.show(changes)
        return Response(status_code=204, headers=COMMON_HEADERS)

    async def open_editor(self, request: Request) -> Response:
        """Open a source in the editor on this computer; only for browsers on this computer."""
        body = await self._read_body(request)
        if isinstance(body, Response):
            return body
        path, line = body.get("path"), body.get("line", 1)
        client = request.client.host if request.client else ""
        if client not in ("127.0.0.1", "::1") or not isinstance(path, str) or not isinstance(line, int):
            return PlainTextResponse("This works only on the computer that runs the preview.\n", 403, COMMON_HEADERS)
        reason = await asyncio.to_thread(open_source, self.root, path, line, self.editor)
        return PlainTextResponse(reason, 409 if reason else 200, COMMON_HEADERS)

    async def _read_body(self, request: Request) -> dict[str, Any] | Response:
        """Read the JSON object that one of our own pages sent; refuse requests of other pages."""
        token = request.headers.get("x-openletter-token", "")
        ours = secrets.compare_digest(token.encode(), self.state.token.encode())
        if not ours or not is_own_page(request.headers, request.headers.get("host", "")):
            return PlainTextResponse("Only the preview's own pages may do this.\n", 403, COMMON_HEADERS)
        try:
            body = await request.json()
        except ValueError:
            body = None
        return (
            body if isinstance(body, dict) else PlainTextResponse("This request is not valid.\n", 400, COMMON_HEADERS)
        )


def _read_changes(body: Mapping[str, Any]) -> ViewChanges:
    """Read the parts of a view; empty if one of them is not valid."""
    changes: ViewChanges = {}
    for name, value in body.items():
        if name == "at" and isinstance(value, str):
            try:
                changes["at"] = datetime.fromisoformat(value) if value else None
            except ValueError:
                return {}
        elif name == "drafts" and isinstance(value, bool):
            changes["drafts"] = value
        elif name == "future" and isinstance(value, bool):
            changes["future"] = value
        else:
            return {}
    return changes
