"""Links to other sites: those that answer with an error, and those that have moved for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from generator.checks.link_answers import Answer, ask_or_remember
from generator.checks.link_client import ask_all
from generator.checks.link_texts import links_of
from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note, warning
from generator.text.counts import format_count

_MANY_HOSTS = 3
"""So many sites are not down at the same moment: it is this computer that is not connected."""


def links_elsewhere(site: BuiltSite, state: Path) -> Iterator[Problem]:
    """Ask for every page of another site that a document links to, and name each faulty link at all its places.

    A doubtful answer is a note: the page may be there, or come back.
    """
    sources = _sources(site)
    answers = ask_or_remember(sources, state, site.now, lambda urls: _ask_unless_offline(urls, site.now))
    if not_asked := [url for url in sources if url not in answers]:
        message = f"No other site answered, so {format_count(len(not_asked), 'link')} could not be checked."
        yield warning("", "links-not-checked", message, "Connect this computer to the internet, and check again.")
    for url, places in sources.items():
        answer = answers.get(url)
        for path, written in places if answer is not None and (answer.fault or answer.moved) else ():
            for line, column in site.locate.in_text(path, written):
                yield _say(path, url, answer, line, column)


def _ask_unless_offline(urls: Iterable[str], now: datetime) -> Mapping[str, Answer]:
    """Ask; return no answers if they only say that this computer is not connected, as they would be kept for hours."""
    answers = ask_all(urls, now)
    hosts = {urlsplit(url).netloc for url in answers}
    offline = len(hosts) >= _MANY_HOSTS and all(answer.unreachable for answer in answers.values())
    return {} if offline else answers


def _sources(site: BuiltSite) -> Mapping[str, list[tuple[str, str]]]:
    """Map each address of another site to the documents that link to it, with the address as each wrote it."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, card in site.index.cards.items():
        body = site.body(path)
        links = [link.get("href", "") for link in links_of(body.html)] if body else []
        links += [card.action.url] if card.action else []
        for written in dict.fromkeys(links):
            if _is_elsewhere(written, site.config.host):
                found[written.partition("#")[0]].append((path, written))
    return found


def _is_elsewhere(url: str, host: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address: a build says so
        return False
    return parts.scheme in ("http", "https") and parts.hostname not in (None, host)


def _say(path: str, url: str, answer: Answer | None, line: int, column: int) -> Problem:
    assert answer is not None
    day = f"Asked on {answer.asked.day} {answer.asked:%B %Y}."
    if answer.fault:
        make, hint = (note if answer.doubtful else warning), f"Open it in a browser, then correct or remove it. {day}"
        return make(path, "dead-link-elsewhere", f'"{url}": {answer.fault}.', hint, line=line, column=column)
    return note(
        path, "link-moved", f'"{url}" has moved for good.', f"Write {answer.moved} · {day}", line=line, column=column
    )
