"""Ask other sites whether their pages are there: politely, one request at a time for each host.

Answers are kept with their dates under `.openletter/`, so that a second check asks only what has become old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from generator.store.atomic import replace_file

FILE = "links.json"
_GOOD_FOR = timedelta(days=7)
_BAD_FOR = timedelta(hours=12)


class Answer(msgspec.Struct, frozen=True):
    """What a server said of an address, and when.

    `fault` is "" if the page is there or the server refuses programs; `moved` is the new address of a page that has
    moved for good; `doubtful` if there may be a page: the server did not answer in time, or asks programs not to look.
    `unreachable` if there was no answer at all.
    """

    asked: datetime
    fault: str = ""
    moved: str = ""
    doubtful: bool = False
    unreachable: bool = False


Answers = dict[str, Answer]
Ask = Callable[[Iterable[str]], Mapping[str, Answer]]
_decode = msgspec.json.Decoder(Answers).decode


def ask_or_remember(urls: Iterable[str], state: Path, now: datetime, ask: Ask) -> Mapping[str, Answer]:
    """Return the answer for each address: a kept one while it is fresh, else a new one, which is kept.

    An answer is fresh for a week, a fault for half a day. A file of answers that cannot be read is begun again, and one
    that cannot be written costs a repetition.
    """
    wanted = tuple(dict.fromkeys(urls))
    kept = {url: answer for url, answer in _read(state / FILE).items() if _is_fresh(answer, now)}
    new = ask(url for url in wanted if url not in kept)
    answers = kept | dict(new)
    if new:
        _write(state / FILE, answers)
    return {url: answers[url] for url in wanted if url in answers}


def _is_fresh(answer: Answer, now: datetime) -> bool:
    age = now - answer.asked
    return timedelta(0) <= age < (_BAD_FOR if answer.fault else _GOOD_FOR)


def _read(file: Path) -> Answers:
    try:
        return _decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _write(file: Path, answers: Answers) -> None:
    try:
        replace_file(file, msgspec.json.format(msgspec.json.encode(answers, order="sorted"), indent=1))
    except OSError:
        return
