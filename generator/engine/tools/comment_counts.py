"""Ask the site's comment service how many comments the posts have there, for `build --fetch-counts`.

The answers are kept below `.openletter`, for a build whose service is away. No other build reads them.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from generator.clock import Clock
from generator.config import Config, load_config
from generator.config.providers import ServiceThread
from generator.config.providers.counts import CountRequest, count_requests, read_answer
from generator.engine.folders import STATE
from generator.engine.tools.front_matter import read_metas
from generator.errors import Problem, note
from generator.model import CommentMode, Meta
from generator.site.addresses import absolute, root_relative
from generator.site.discussion import thread_address
from generator.site.publication import meta_state
from generator.store.atomic import replace_file

TIMEOUT_S = 5.0
ALL_TIMEOUT_S = 30.0
"""How long all requests may take together; what was not asked by then keeps its last count."""
MAX_ANSWER_BYTES = 1_000_000
_FILE = "comment-counts.json"


def fetch_counts(root: Path, at: datetime | None = None) -> tuple[Mapping[str, int], tuple[Problem, ...]]:
    """Ask for the counts of all public documents with comments: id → number; a note if the service did not answer.

    Raises: ConfigError.
    """
    config, _ = load_config(root)
    now = at or Clock.system().now
    now = now if now.tzinfo else now.replace(tzinfo=config.zone)
    file = root / STATE / _FILE
    counts = dict(_read(file))
    metas = [meta for _, meta, _ in read_metas(root, config) if meta is not None and not meta_state(meta, now)]
    threads = [_thread(meta, config) for meta in metas if meta.comments is not CommentMode.NONE]
    problems = _ask_all(count_requests(config.comments.service, threads), counts)
    known = {thread.id for thread in threads}
    counts = {name: count for name, count in sorted(counts.items()) if name in known}
    file.parent.mkdir(exist_ok=True)
    replace_file(file, msgspec.json.format(msgspec.json.encode(counts)))
    return counts, problems


def _read(file: Path) -> Mapping[str, int]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return {}


def _thread(meta: Meta, config: Config) -> ServiceThread:
    """Name a thread by what its count depends on; its title and address are of no use here."""
    address = absolute(config, root_relative(config, thread_address(meta.id)))
    return ServiceThread(meta.id, "", "", "", address, "", "", meta.thread)


def _ask_all(requests: Iterable[CountRequest], counts: dict[str, int]) -> tuple[Problem, ...]:
    """Put the answers into `counts`; stop at the first request that fails: the next would fail alike."""
    end = time.monotonic() + ALL_TIMEOUT_S
    for request in requests:
        try:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("it took too long")
            counts.update(read_answer(request, _ask(request, min(TIMEOUT_S, left))))
        except (OSError, ValueError) as fault:
            reason = getattr(fault, "reason", None) or fault
            message = f"The number of comments could not be fetched from {request.url}: {reason}."
            return (note("site.toml", "comment-counts", message, "The last known numbers are shown."),)
    return ()


def _ask(request: CountRequest, timeout_s: float) -> bytes:
    headers = {"User-Agent": "openletter", "Accept": "application/json", "Content-Type": "application/json"}
    asked = urllib.request.Request(request.url, data=request.body or None, headers=headers)  # noqa: S310 http(s) only
    with urllib.request.urlopen(asked, timeout=timeout_s) as answer:  # noqa: S310
        data: bytes = answer.read(MAX_ANSWER_BYTES + 1)
    if len(data) > MAX_ANSWER_BYTES:
        raise ValueError("the answer is too long")
    return data
