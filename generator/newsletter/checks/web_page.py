"""Request an issue's web page before sending: every message links to it."""

from __future__ import annotations

from queue import Empty, Queue
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from generator import __version__
from generator.errors import Problem, error, warning

_HINT = "Publish the site first, so that the letter's link works."


def check_web_page(url: str, timeout_s: float = 3.0) -> tuple[Problem, ...]:
    """Request the page: a status other than 200 is an error, no reply within `timeout_s` seconds a warning.

    A redirect is an error too: the letter must link to the page's own address.
    """
    answers: Queue[int | str] = Queue()
    # In a thread: `timeout` limits neither a slow name server nor a page that trickles in.
    Thread(target=_fetch, args=(url, timeout_s, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except Empty:
        answer = f"no reply within {timeout_s:g} seconds"
    if answer == 200:
        return ()
    if isinstance(answer, int):
        return (error("", "mail-page", f"The issue's page is not published: {url} (HTTP status {answer}).", _HINT),)
    return (warning("", "mail-page", f"The issue's page could not be checked: {url} ({answer}).", _HINT),)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect, so that its status is the result."""


def _fetch(url: str, timeout_s: float, answers: Queue[int | str]) -> None:
    request = Request(url, headers={"User-Agent": f"openletter/{__version__}"})  # noqa: S310 - http(s), from site.toml
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout_s) as response:
            answers.put(int(response.status))
    except HTTPError as failure:
        with failure:
            answers.put(failure.code)
    except URLError as failure:
        answers.put(str(getattr(failure.reason, "strerror", None) or failure.reason))
    except (OSError, ValueError) as failure:
        answers.put(str(failure) or type(failure).__name__)
