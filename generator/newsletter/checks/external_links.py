"""Request the pages of other sites that an issue links to."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from generator import __version__
from generator.errors import Problem, warning

AT_ONCE = 8
_REFUSALS = (401, 403, 405, 429, 999)  # an answer to programs, not to readers: the page is there
_HINT = "Open it in a browser, and correct or remove the link."


def check_external_links(urls: Iterable[str], path: str, timeout_s: float = 10.0) -> tuple[Problem, ...]:
    """Request each URL, a few at once; an error status or no answer is a warning.

    `path` is the issue's, which the warnings name. Nothing is read but the head of the answer.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        urls = tuple(dict.fromkeys(urls))
        answers = pool.map(lambda url: _fetch_fault(url, timeout_s), urls)
        return tuple(_problem(path, url, said) for url, said in zip(urls, answers, strict=True) if said)


def _problem(path: str, url: str, said: str) -> Problem:
    return warning(path, "dead-link-elsewhere", f'The link "{url}" leads to nothing: {said}.', _HINT)


def _fetch_fault(url: str, timeout_s: float) -> str:
    """Request a URL; return what is wrong with it, "" if a page answers."""
    request = Request(url, headers={"User-Agent": f"openletter/{__version__}"})  # noqa: S310 - http(s) alone
    try:
        with urlopen(request, timeout=timeout_s):  # noqa: S310 - as above
            return ""
    except HTTPError as failure:
        with failure:
            return "" if failure.code in _REFUSALS else f"the answer was {failure.code}"
    except URLError as failure:
        return str(getattr(failure.reason, "strerror", None) or failure.reason)
    except (OSError, ValueError) as failure:
        return str(failure) or type(failure).__name__
