"""Tell hubs and search engines what has changed, after it is published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from generator.config.targets.options import TargetConfig
from generator.errors import Problem, warning
from generator.publish.live_check import address_of
from generator.publish.plan import PublishPlan
from generator.publish.stages import is_page
from generator.publish.web import WebAnswer, post

INDEXNOW = "https://api.indexnow.org/indexnow"
FEEDS = ("feed.xml", "atom.xml", "feed.json")
"""The names of the feeds; they are in the folder of what they list."""
_MOST_URLS = 10_000  # of one request, as IndexNow allows


def announce(url: str, plan: PublishPlan, chosen: TargetConfig, indexnow: str = INDEXNOW) -> tuple[Problem, ...]:
    """Tell the hubs which feeds have changed, and IndexNow which pages have; the site is published in any case."""
    return (*_tell_hubs(url, plan, chosen), *_tell_indexnow(url, plan, chosen, indexnow))


def _tell_hubs(url: str, plan: PublishPlan, chosen: TargetConfig) -> Iterator[Problem]:
    """Ping each hub, once for each feed. Source: https://www.w3.org/TR/websub/, and what its hubs accept."""
    feeds = [path for path in (*plan.added, *plan.changed) if path.split("/")[-1] in FEEDS]
    for hub in chosen.websub:
        for path in feeds:
            form = urlencode(
                {"hub.mode": "publish", "hub.topic": address_of(url, path), "hub.url": address_of(url, path)}
            )
            answer = post(hub, form.encode(), "application/x-www-form-urlencoded")
            if not 200 <= answer.status < 300:
                yield _untold(f"The hub {hub}", answer)
                break


def _tell_indexnow(url: str, plan: PublishPlan, chosen: TargetConfig, service: str) -> Iterator[Problem]:
    """Send the addresses of new, changed and deleted pages. Source: https://www.indexnow.org/documentation."""
    pages = [path for path in (*plan.added, *plan.changed, *plan.deleted) if is_page(path) and path != "404.html"]
    if not (chosen.indexnow and pages):
        return
    facts = {
        "host": urlsplit(url).netloc,
        "key": chosen.indexnow,
        "keyLocation": f"{url}{chosen.indexnow}.txt",
        "urlList": [address_of(url, path) for path in pages[:_MOST_URLS]],
    }
    answer = post(service, json.dumps(facts).encode(), "application/json; charset=utf-8")
    if not 200 <= answer.status < 300:
        yield _untold("IndexNow", answer)


def _untold(who: str, answer: WebAnswer) -> Problem:
    words = answer.words or f"it answers {answer.status}"
    hint = "The site is published. The next publication tells again."
    return warning("", "publish-announce", f"{who} was not told of the changes: {words}.", hint)
