"""Request an issue's web page before the issue is sent: the message links to it."""

from __future__ import annotations

from queue import Empty, Queue
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from generator import __version__
from generator.errors import Problem, error, warning

_HINT = "Publish the site first, so that the link to the issue leads somewhere."


def check_web_page(url: str, timeout_s: float = 3.0) -> tuple[Problem, ...]:
    """Request the page: an answer other than 200 is an error, none within `timeout_s` seconds a warning.

    A redirection is such an answer: the address in the letter is meant to be the page's own.
    """
    answers: Queue[int | str] = Queue()
    # In a thread: neither a slow name server nor a page that trickles keeps the sender.
    Thread(target=_fetch, args=(url, timeout_s, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except Empty:
        answer = f"there was no answer in {timeout_s:g} seconds"
    if answer == 200:
        return ()
    if isinstance(answer, int):
        return (error("", "mail-page", f"the issue's page {url} is not there: the answer was {answer}.", _HINT),)
    return (warning("", "mail-page", f"nobody knows whether the issue's page {url} is there: {answer}.", _HINT),)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Leave a redirection as the answer it is."""


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
