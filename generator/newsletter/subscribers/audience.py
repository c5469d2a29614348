"""Gather the recipients of an issue from all lists and addresses, without people who have left."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from generator.config import Config
from generator.errors import MailError, Problem, error
from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.message.recipients import Recipient, RecipientList, make_default_recipient
from generator.newsletter.subscribers.csv_file import read_subscribers
from generator.newsletter.subscribers.list_text import LIST_SUFFIXES
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, read_suppression


def gather_recipients(root: Path, config: Config, to: Sequence[str]) -> tuple[RecipientList, bool]:
    """Read the lists and addresses of `to`, in order, else `[newsletter] to`; each person occurs once.

    Skips people who have left according to the status in any list, or to `lists/suppressed.csv`. Also returns
    whether the one recipient is the address of a list server, which stands for many people.

    Raises: MailError if a list or the suppression file cannot be read, or there are no recipients.
    """
    read = [_read_one(root, each) for each in to] or [_default_list(config)]
    merged = _drop_suppressed(root, config, _merge(read))
    if not merged.people:
        raise MailError([_nobody(", ".join(to), merged), *merged.problems])
    shared = len(to) <= 1 and len(merged.people) == 1 and not merged.people[0].line
    return merged, shared


def parse_recipient(text: str) -> Recipient:
    """Parse an address given on the command line.

    Raises: MailError.
    """
    try:
        return Recipient(parse_email_address(text.strip()))
    except EmailAddressError as refused:
        raise MailError(error("", "mail-address", refused.message, refused.hint)) from None


def _read_one(root: Path, to: str) -> RecipientList:
    file = Path(to)
    if file.exists() and file.suffix.lower() != ".md":
        return read_subscribers(file)
    if "@" in to and not to.lower().endswith(LIST_SUFFIXES) and "/" not in to:
        return RecipientList((parse_recipient(to),))
    if file.suffix.lower() == ".md" or any((root / "content/newsletters").glob(f"*{glob.escape(to)}.md")):
        message = f'"{to}" is a newsletter issue, not a list of recipients.'
        raise MailError(error("", "mail-list", message, f"Write: openletter newsletter send {to} --to list.csv"))
    return read_subscribers(file)


def _default_list(config: Config) -> RecipientList:
    if config.newsletter.to:
        return RecipientList((make_default_recipient(config),))
    hint = 'Add --to list.csv, or set the address of a list server in site.toml: to = "staff@lists.example.org"'
    raise MailError(error("site.toml", "mail-list", "No recipients.", hint))


def _merge(lists: Sequence[RecipientList]) -> RecipientList:
    left = frozenset().union(*(each.left for each in lists))
    people: dict[str, Recipient] = {}
    problems: list[Problem] = []
    duplicates = 0
    for each in lists:
        duplicates += each.duplicates
        problems += each.problems
        for person in each.people:
            duplicates += person.folded in people
            people.setdefault(person.folded, person)
    kept = tuple(person for folded, person in people.items() if folded not in left)
    return RecipientList(kept, duplicates, tuple(problems), left)


def _drop_suppressed(root: Path, config: Config, recipients: RecipientList) -> RecipientList:
    suppressed = read_suppression(root, config)
    kept = tuple(person for person in recipients.people if not suppressed.holds(person.address))
    return replace(recipients, people=kept, suppressed=len(recipients.people) - len(kept))


def _nobody(path: str, recipients: RecipientList) -> Problem:
    message, hint = "No recipients: the list is empty.", "Begin the list with the line: address,name"
    if recipients.left or recipients.suppressed:
        message = "No recipients: everyone on the list has left."
        hint = f"Check the list's status column and {SUPPRESSION_FILE}."
    return error(path, "mail-list", message, hint)
