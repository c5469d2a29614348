"""Gather the recipients of an issue from all lists and addresses, without people who have left."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.config import Config
from generator.digest import digest
from generator.errors import MailError, Problem, error
from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.message.recipients import Recipient, RecipientList, make_default_recipient
from generator.newsletter.subscribers.csv_file import read_subscribers
from generator.newsletter.subscribers.list_names import find_list
from generator.newsletter.subscribers.list_text import LIST_SUFFIXES
from generator.newsletter.subscribers.row_conditions import RowCondition, parse_condition
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, read_suppression


class Selection(Struct, frozen=True, kw_only=True):
    """The recipients to choose.

    `to` are lists and addresses, () for `[newsletter] to`. Rows must meet all conditions of `only`. The people on the
    lists of `except_` are left out.
    """

    to: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()


def gather_recipients(root: Path, config: Config, wanted: Selection) -> tuple[RecipientList, bool]:
    """Read the lists and addresses of a selection, in order; each person occurs once.

    Skips people who have left according to the status in any list, or to `lists/suppressed.csv`. Also returns
    whether the only recipient is the address of a list server, behind which there are many people.

    Raises: MailError if a list or the suppression file cannot be read, or there are no recipients; ConfigError for an
    invalid condition.
    """
    only = [parse_condition(each) for each in wanted.only]
    read = [_read_one(root, each, only) for each in wanted.to] or [_default_list(config, only)]
    chosen = _leave_out(root, _merge(read), wanted.except_)
    chosen = replace(chosen, approved_as=digest(sorted(person.folded for person in chosen.people)))
    merged = _drop_suppressed(root, config, chosen)
    if not merged.people:
        raise MailError([_nobody(", ".join(wanted.to), merged), *merged.problems])
    shared = len(wanted.to) <= 1 and len(merged.people) == 1 and not merged.people[0].line
    return merged, shared


def parse_recipient(text: str) -> Recipient:
    """Parse an address given on the command line.

    Raises: MailError.
    """
    try:
        return Recipient(parse_email_address(text.strip()))
    except EmailAddressError as refused:
        raise MailError(error("", "mail-address", refused.message, refused.hint)) from None


def _read_one(root: Path, to: str, only: Sequence[RowCondition]) -> RecipientList:
    file = Path(to)
    if file.exists() and file.suffix.lower() != ".md":
        return read_subscribers(file, only)
    if "@" in to and not to.lower().endswith(LIST_SUFFIXES) and "/" not in to:
        _refuse_conditions(to, only)
        return RecipientList((parse_recipient(to),))
    is_issue = any((root / "content/newsletters").glob(f"*{glob.escape(to)}.md"))
    if file.suffix.lower() == ".md" or (is_issue and not (root / "lists" / f"{to}.csv").is_file()):
        message = f'"{to}" is a newsletter issue, not a list of recipients.'
        raise MailError(error("", "mail-list", message, f"Write: openletter newsletter send {to} --to list.csv"))
    return read_subscribers(find_list(root, to), only)


def _default_list(config: Config, only: Sequence[RowCondition]) -> RecipientList:
    if config.newsletter.to:
        _refuse_conditions(config.newsletter.to, only)
        return RecipientList((make_default_recipient(config),))
    hint = 'Add --to list.csv, or set the address of a list server in site.toml: to = "staff@lists.example.org"'
    raise MailError(error("site.toml", "mail-list", "No recipients.", hint))


def _refuse_conditions(to: str, only: Sequence[RowCondition]) -> None:
    if only:
        message = f"--only chooses rows of a list, but {to} is an address."
        raise MailError(error("", "mail-list", message, "Add --to with a list, or remove --only."))


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
    return RecipientList(kept, duplicates, tuple(problems), left, excluded=sum(each.excluded for each in lists))


def _leave_out(root: Path, recipients: RecipientList, names: Sequence[str]) -> RecipientList:
    """Leave out everyone who is on one of the lists, also people who have left them."""
    listed: set[str] = set()
    problems = list(recipients.problems)
    for name in names:
        people = read_subscribers(find_list(root, name))
        listed |= people.left | {person.folded for person in people.people}
        problems += people.problems
    kept = tuple(person for person in recipients.people if person.folded not in listed)
    excluded = recipients.excluded + len(recipients.people) - len(kept)
    return replace(recipients, people=kept, problems=tuple(problems), excluded=excluded)


def _drop_suppressed(root: Path, config: Config, recipients: RecipientList) -> RecipientList:
    suppressed = read_suppression(root, config)
    kept = tuple(person for person in recipients.people if not suppressed.holds(person.address))
    return replace(recipients, people=kept, suppressed=len(recipients.people) - len(kept))


def _nobody(path: str, recipients: RecipientList) -> Problem:
    message, hint = "No recipients: the list is empty.", "Begin the list with the line: address,name"
    if recipients.excluded:
        message, hint = "No recipients: --only and --except leave out everyone.", "Check the values in the list."
    elif recipients.left or recipients.suppressed:
        message = "No recipients: everyone on the list has left."
        hint = f"Check the list's status column and {SUPPRESSION_FILE}."
    return error(path, "mail-list", message, hint)
