"""Request the pages of other sites that an issue links to."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from generator import __version__
from generator.errors import Problem, warning

AT_ONCE = 8
_REFUSALS = (401, 403, 405, 429, 999)  # these servers refuse programs, not readers: the page exists
_HINT = "Open it in a browser, then correct or remove the link."


def check_external_links(urls: Iterable[str], path: str, timeout_s: float = 10.0) -> tuple[Problem, ...]:
    """Request each URL, a few at a time; warn about an error status or no reply.

    `path` is the issue's path, for the warnings. Only the response headers are read.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        urls = tuple(dict.fromkeys(urls))
        answers = pool.map(lambda url: _fetch_fault(url, timeout_s), urls)
        return tuple(_problem(path, url, said) for url, said in zip(urls, answers, strict=True) if said)


def _problem(path: str, url: str, said: str) -> Problem:
    return warning(path, "dead-link-elsewhere", f'Broken link: "{url}" ({said}).', _HINT)


def _fetch_fault(url: str, timeout_s: float) -> str:
    """Request a URL; return what is wrong with it, or "" if the page exists."""
    request = Request(url, headers={"User-Agent": f"openletter/{__version__}"})  # noqa: S310 - http(s) only
    try:
        with urlopen(request, timeout=timeout_s):  # noqa: S310 - as above
            return ""
    except HTTPError as failure:
        with failure:
            return "" if failure.code in _REFUSALS else f"HTTP status {failure.code}"
    except URLError as failure:
        return str(getattr(failure.reason, "strerror", None) or failure.reason)
    except (OSError, ValueError) as failure:
        return str(failure) or type(failure).__name__
