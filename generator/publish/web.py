"""Ask the live site, and tell others of it, over HTTP."""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from msgspec import Struct

from generator import __version__

_AGENT = f"Openletter/{__version__}"
_TIMEOUT_S = 20.0
_MOST_BYTES = 64_000_000


class WebAnswer(Struct, frozen=True):
    """An answer: its status, 0 if there was none, with its bytes or the words of the failure.

    `url` is the address that answered, after all redirects.
    """

    status: int
    data: bytes = b""
    words: str = ""
    url: str = ""


def get(url: str) -> WebAnswer:
    """Get an address as it is now, past the caches on the way."""
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
    return _ask(Request(url, headers=headers))  # noqa: S310 it was checked with the settings


def post(url: str, data: bytes, content_type: str) -> WebAnswer:
    """Post data to a service."""
    headers = {"User-Agent": _AGENT, "Content-Type": content_type}
    return _ask(Request(url, data, headers))  # noqa: S310 likewise


def _ask(request: Request) -> WebAnswer:
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 likewise
            return WebAnswer(answer.status, answer.read(_MOST_BYTES), url=answer.url)
    except HTTPError as refusal:
        with refusal:
            return WebAnswer(refusal.code, words=f"it answers {refusal.code}")
    except (OSError, HTTPException, ValueError) as reason:
        return WebAnswer(0, words=f"it does not answer: {getattr(reason, 'reason', None) or reason}")
