"""Files as HTTP responses: entity tags, ranges, HEAD, and no browser cache."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from generator.digest import digest_bytes

WHOLE_BYTES = 1_000_000  # files up to this size are read at once, larger ones as they are sent
_PIECE_BYTES = 256 * 1024
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")

COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # These files are not public yet, so no other site may embed them.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}
"""The headers of every response."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as it was between two builds: its bytes, or an open file if it is large."""

    data: bytes | BinaryIO
    size: int
    tag: str


def load_file(file: Path) -> LoadedFile:
    """Read a small file, open a large one: later reads still return the present bytes. Raises: OSError."""
    stream = file.open("rb")
    try:
        status = os.fstat(stream.fileno())
        if status.st_size > WHOLE_BYTES:
            return LoadedFile(stream, status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}"')
        data = stream.read()
    except BaseException:
        stream.close()
        raise
    stream.close()
    return wrap_bytes(data)


def wrap_bytes(data: bytes) -> LoadedFile:
    """Wrap bytes as a loaded file."""
    return LoadedFile(data, len(data), f'"{digest_bytes(data)[:20]}"')


def make_response(
    loaded: LoadedFile, kind: str, request_headers: Mapping[str, str], *, head: bool, status: int = 200
) -> Response:
    """Respond with a file, a part of it, or 304 if it has not changed. Source: RFC 9110 §13, §14."""
    headers = {**COMMON_HEADERS, "ETag": loaded.tag, "Accept-Ranges": "bytes"}
    if status == 200 and _matches_tag(request_headers.get("if-none-match", ""), loaded.tag):
        _close_file(loaded)
        return Response(status_code=304, headers=headers)
    part = _parse_range(request_headers, loaded) if status == 200 else None
    if part is None:
        first, last = 0, loaded.size - 1
    elif not part:
        _close_file(loaded)
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{loaded.size}"})
    else:
        first, last = part
        status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{loaded.size}"
    headers["Content-Type"] = kind
    headers["Content-Length"] = str(last + 1 - first)
    if isinstance(loaded.data, bytes):
        return Response(b"" if head else loaded.data[first : last + 1], status, headers)
    if head:
        _close_file(loaded)
        return Response(b"", status, headers)
    return StreamingResponse(_stream_part(loaded.data, first, last + 1 - first), status, headers)


def _matches_tag(written: str, tag: str) -> bool:
    """Compare If-None-Match weakly, as §13.1.2 requires."""
    return bool(written) and (
        written.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in written.split(","))
    )


def _parse_range(headers: Mapping[str, str], loaded: LoadedFile) -> tuple[int, int] | tuple[()] | None:
    """Parse Range: first and last byte; () if it cannot be satisfied, None to send the whole file."""
    found = _RANGE.match(headers.get("range", "").strip().replace(" ", ""))
    if not found or not any(found.groups()) or headers.get("if-range", loaded.tag) != loaded.tag:
        return None  # a request for several ranges may get the whole file (§14.2)
    first, last = found.groups()
    if not first:
        length = min(int(last), loaded.size)
        return (loaded.size - length, loaded.size - 1) if length else ()
    if int(first) >= loaded.size:
        return ()
    end = min(int(last), loaded.size - 1) if last else loaded.size - 1
    return (int(first), end) if end >= int(first) else None


async def _stream_part(stream: BinaryIO, first: int, length: int) -> AsyncIterator[bytes]:
    with stream:
        await run_in_threadpool(stream.seek, first)
        while length > 0:
            piece = await run_in_threadpool(stream.read, min(_PIECE_BYTES, length))
            if not piece:
                return
            length -= len(piece)
            yield piece


def _close_file(loaded: LoadedFile) -> None:
    if not isinstance(loaded.data, bytes):
        loaded.data.close()
