"""Unsubscribe people who ask by mail: add them to `lists/suppressed.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct

from generator.config import load_config
from generator.errors import Problem, warning
from generator.newsletter.subscribers.csv_file import read_subscribers
from generator.newsletter.subscribers.list_key import make_token, require_list_key
from generator.newsletter.subscribers.mailboxes import read_mailbox
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, add_suppressed
from generator.newsletter.subscribers.unsubscribe_request import RequestKind, read_request

_UNVERIFIED = {
    RequestKind.NO_TOKEN: "{} asks to unsubscribe without a token.",
    RequestKind.BAD_TOKEN: "{} asks to unsubscribe with a token that does not belong to that address.",
}


class UnsubscribeReport(Struct, frozen=True):
    """The result of reading a mailbox: the number of mails, who left now, who had left before, the problems."""

    mails: int
    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def unsubscribe_from_mailbox(
    root: Path, source: str, today: date, *, lists: Sequence[Path] = (), trust_senders: bool = False
) -> UnsubscribeReport:
    """Read a mailbox, and add the people who ask to unsubscribe to `lists/suppressed.csv`.

    `lists` are for finding a token's owner who writes from another address. `trust_senders` also accepts mails without
    a token, by their From address, which anyone can forge. A second run changes nothing.

    Raises: MailError if the mailbox, a list or the suppression file cannot be used, or there is no list key.
    """
    config, _ = load_config(root)
    key = require_list_key(config, f"It is required to check tokens and to write {SUPPRESSION_FILE}.")
    people = [person for file in lists for person in read_subscribers(file).people]
    tokens = {make_token(key, person.address): person.address for person in people}
    read = partial(read_request, key=key, known=tokens)
    requests = [read(data) for data in read_mailbox(source)]
    taken, problems = [], []
    for request in requests:
        trusted = trust_senders and request.kind is RequestKind.NO_TOKEN and request.address
        if request.kind is RequestKind.VALID or trusted:
            taken.append(request.address)
        elif request.kind in _UNVERIFIED:
            problems.append(_unverified(request.kind, request.address))
    new, known = add_suppressed(root, config, dict.fromkeys(taken), "unsubscribed", today)
    return UnsubscribeReport(len(requests), tuple(new), tuple(known), tuple(dict.fromkeys(problems)))


def _unverified(kind: RequestKind, address: str) -> Problem:
    hint = (
        "Ask the sender, because anyone can forge such a mail. If they write from another address, add --list list.csv."
    )
    if kind is RequestKind.NO_TOKEN:
        hint = "Ask the sender, because anyone can forge such a mail. To accept all of them, add --trust-senders."
    return warning("", "mail-unsubscribe-request", _UNVERIFIED[kind].format(address or "Someone"), hint)
