"""Request pages of other sites: HEAD first, GET where HEAD is refused, robots.txt obeyed, busy servers waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from generator import __version__
from generator.checks.link_answers import Answer

if TYPE_CHECKING:
    import httpx

AGENT = f"openletter/{__version__}"
HOSTS_AT_ONCE = 12
_PAUSE_S = 0.2
_TRIES = 3
_MAX_WAIT_S = 10.0
_NOT_FOR_PROGRAMS = frozenset({401, 402, 403, 407, 418, 451, 999})
"""These servers refuse programs, not readers: the page exists."""
_HEAD_REFUSED = frozenset({400, 403, 404, 405, 406, 410, 500, 501, 503})
_BUSY = frozenset({429, 503})
_FOR_GOOD = frozenset({301, 308})


def ask_all(urls: Iterable[str], now: datetime, timeout_s: float = 10.0) -> Mapping[str, Answer]:
    """Ask for every address: several hosts at once, each host one request after the other. Needs `httpx`."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[urlsplit(url).netloc.lower()].append(url)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        answered = pool.map(lambda group: _ask_host(group, now, timeout_s), by_host.values())
        return {url: answer for found in answered for url, answer in found.items()}


def _ask_host(urls: list[str], now: datetime, timeout_s: float) -> Mapping[str, Answer]:
    import httpx

    found: dict[str, Answer] = {}
    with httpx.Client(headers={"User-Agent": AGENT}, timeout=timeout_s, follow_redirects=True) as client:
        rules = _robots(client, urls[0])
        for number, url in enumerate(urls):
            if number:
                sleep(_PAUSE_S)
            if rules.can_fetch("openletter", url):
                found[url] = _ask(client, url, now)
            else:
                found[url] = Answer(now, "the site asks programs not to look", doubtful=True)
    return found


def _robots(client: httpx.Client, url: str) -> RobotFileParser:
    """Read a host's robots.txt; without one, everything is allowed."""
    import httpx

    parts, rules = urlsplit(url), RobotFileParser()
    lines: list[str] = []
    try:
        answer = client.get(f"{parts.scheme}://{parts.netloc}/robots.txt")
        lines = answer.text[:500_000].splitlines() if answer.status_code == 200 else []
    except (httpx.HTTPError, ValueError):
        pass
    rules.parse(lines)
    return rules


def _ask(client: httpx.Client, url: str, now: datetime) -> Answer:
    """Ask for one address, again after an error that may pass."""
    import httpx

    for attempt in range(_TRIES):
        last = attempt == _TRIES - 1
        try:
            status, moved, wait = _request(client, url)
        except httpx.TooManyRedirects:
            return Answer(now, "it leads in a circle")
        except httpx.TimeoutException:
            if last:
                return Answer(now, "no answer in time", doubtful=True, unreachable=True)
            continue
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as failure:
            if last or not isinstance(failure, httpx.TransportError):
                return Answer(now, _words(failure), unreachable=isinstance(failure, httpx.TransportError))
            continue
        if status in _BUSY and not last:
            sleep(wait)
            continue
        if status in _BUSY:
            return Answer(now, f"HTTP status {status}", doubtful=True)
        gone = status >= 400 and status not in _NOT_FOR_PROGRAMS
        return Answer(now, f"HTTP status {status}" if gone else "", moved)
    raise AssertionError("the last attempt returns")


def _request(client: httpx.Client, url: str) -> tuple[int, str, float]:
    """Return the status, the new address of a page that has moved for good, and how long a busy server asks to wait."""
    answer = client.head(url)
    if answer.status_code in _HEAD_REFUSED:
        with client.stream("GET", url) as got:  # its body is not read
            answer = got
    first = next(iter(answer.history), None)
    moved = str(answer.url) if first is not None and first.status_code in _FOR_GOOD else ""
    after = answer.headers.get("Retry-After", "")
    return answer.status_code, moved, min(float(after), _MAX_WAIT_S) if after.isdigit() else 1.0


def _words(failure: Exception) -> str:
    """Say in one line what went wrong, as the system says it."""
    reason: BaseException = failure
    while reason.__cause__ is not None:
        reason = reason.__cause__
    return " ".join((getattr(reason, "strerror", None) or str(reason) or type(reason).__name__).split())
