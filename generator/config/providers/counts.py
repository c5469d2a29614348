"""Count the comments of threads at a service: the requests to send, and how to read the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from generator.config.providers.discourse import Discourse
from generator.config.providers.isso import Isso
from generator.config.providers.mastodon import Mastodon
from generator.config.providers.remark42 import Remark42
from generator.config.providers.service import Service, ServiceThread

_AT_ONCE = 100
"""How many threads one request asks for."""


class CountRequest(Struct, frozen=True):
    """A request: a POST of JSON if there is a `body`, else a GET. `threads` are the ids it is about, in order."""

    url: str
    body: bytes
    threads: tuple[str, ...]
    read: Callable[[Any, tuple[str, ...]], Mapping[str, int]]


def count_requests(service: Service | None, threads: Sequence[ServiceThread]) -> tuple[CountRequest, ...]:
    """List the requests that count the comments of these threads; () if the service does not tell without a key."""
    if isinstance(service, Isso):
        return tuple(_isso(service, threads))
    if isinstance(service, Remark42):
        return tuple(_remark42(service, threads))
    if isinstance(service, Mastodon):
        return tuple(_mastodon(service, threads))
    return tuple(_discourse(service, threads)) if isinstance(service, Discourse) else ()


def read_answer(request: CountRequest, answer: bytes) -> Mapping[str, int]:
    """Read an answer: id → number of comments. Raises: ValueError if it is not what the service documents."""
    try:
        counts = request.read(msgspec.json.decode(answer), request.threads)
    except (msgspec.MsgspecError, TypeError, KeyError, AttributeError) as fault:
        raise ValueError("the answer is not a number of comments") from fault
    if not all(type(count) is int and 0 <= count < 10**7 for count in counts.values()):
        raise ValueError("the answer is not a number of comments")
    return counts


def _parts(threads: Sequence[ServiceThread]) -> Iterator[Sequence[ServiceThread]]:
    return (threads[at : at + _AT_ONCE] for at in range(0, len(threads), _AT_ONCE))


def _isso(service: Isso, threads: Sequence[ServiceThread]) -> Iterator[CountRequest]:
    """Source: https://isso-comments.de/docs/reference/server-api/, POST /count: numbers in the order asked."""
    for part in _parts(threads):
        body = msgspec.json.encode([service.name_of(thread) for thread in part])
        ids = tuple(thread.id for thread in part)
        yield CountRequest(
            f"{service.server}/count", body, ids, lambda answer, ids: dict(zip(ids, answer, strict=True))
        )


def _remark42(service: Remark42, threads: Sequence[ServiceThread]) -> Iterator[CountRequest]:
    """Source: https://remark42.com/docs/contributing/api/, POST /api/v1/counts: a list of {url, count}."""
    for part in _parts(threads):
        addresses = {service.name_of(thread): thread.id for thread in part}

        def read(answer: Any, _: tuple[str, ...], addresses: Mapping[str, str] = addresses) -> Mapping[str, int]:
            return {addresses[each["url"]]: each["count"] for each in answer if each["url"] in addresses}

        url = f"{service.server}/api/v1/counts?site={quote(service.site_id, safe='')}"
        yield CountRequest(url, msgspec.json.encode(list(addresses)), tuple(addresses.values()), read)


def _mastodon(service: Mastodon, threads: Sequence[ServiceThread]) -> Iterator[CountRequest]:
    """Source: https://docs.joinmastodon.org/methods/statuses/#get: `replies_count`."""
    for thread in threads:
        number = service.number_of(thread.named)
        if number:
            url = f"{service.server}/api/v1/statuses/{number}"
            yield CountRequest(url, b"", (thread.id,), lambda answer, ids: {ids[0]: answer["replies_count"]})


def _discourse(service: Discourse, threads: Sequence[ServiceThread]) -> Iterator[CountRequest]:
    """Source: https://docs.discourse.org, GET /t/{id}.json: `posts_count`, the topic's first post among them."""
    for thread in threads:
        if thread.named and not service.fault(thread.named)[0]:
            url = f"{service.server}/t/{thread.named}.json"
            yield CountRequest(url, b"", (thread.id,), lambda answer, ids: {ids[0]: max(0, answer["posts_count"] - 1)})
