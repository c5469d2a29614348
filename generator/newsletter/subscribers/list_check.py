"""Check lists before they are used: invalid rows, people on two lists, misspelt domains, role addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from msgspec import Struct

from generator.errors import Problem, note, warning
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.subscribers.csv_file import read_subscribers
from generator.newsletter.subscribers.misspelt_domains import find_misspelt_domains
from generator.text.counts import format_count

_UNREAD = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "bounce", "bounces"})
_ROLE_NAMES = """
    abuse accounts admin administrator billing contact enquiries feedback hello help hostmaster hr info it jobs
    kontakt mail marketing media news newsletter office postmaster press registrar root sales security service
    spam staff support team webmaster
"""
_ROLES = frozenset(_ROLE_NAMES.split())
"""Source: RFC 2142, and the names that mail services reject as role-based."""


class CheckedList(Struct, frozen=True):
    """One list: its path, the people who would get mail, those who have left, repeated and invalid rows."""

    path: str
    people: int
    left: int
    duplicates: int
    invalid: int


class ListCheck(Struct, frozen=True):
    """The result for all lists: each list, the number of different people, and the problems in order."""

    lists: tuple[CheckedList, ...]
    people: int
    problems: tuple[Problem, ...]


def check_lists(files: Sequence[Path]) -> ListCheck:
    """Check lists, each alone and against the others.

    Raises: MailError if a list cannot be read.
    """
    read = [(file.as_posix(), read_subscribers(file)) for file in files]
    people = [person for _, each in read for person in each.people]
    problems = [
        *(problem for _, each in read for problem in each.problems),
        *_find_misspelt(people),
        *_find_roles(people),
        *_compare(read),
    ]
    different = len({person.folded for person in people})
    return ListCheck(tuple(_summarize(path, each) for path, each in read), different, tuple(sorted(set(problems))))


def _summarize(path: str, found: RecipientList) -> CheckedList:
    invalid = sum(problem.code == "mail-address" for problem in found.problems)
    return CheckedList(path, len(found.people), len(found.left), found.duplicates, invalid)


def _find_misspelt(people: Sequence[Recipient]) -> Iterator[Problem]:
    meant = find_misspelt_domains(person.address.rpartition("@")[2] for person in people)
    for person in people:
        local, _, domain = person.address.rpartition("@")
        if domain in meant:
            message = f'"{person.address}" may be misspelt.'
            hint = f"Did you mean {local}@{meant[domain]}?"
            yield warning(person.path, "mail-misspelt", message, hint, line=person.line)


def _find_roles(people: Sequence[Recipient]) -> Iterator[Problem]:
    for person in people:
        name = person.folded.partition("@")[0].partition("+")[0]
        if name in _UNREAD:
            message = f"{person.address} is an address that no one reads."
            yield warning(person.path, "mail-role", message, "Delete the row.", line=person.line)
        elif name in _ROLES:
            message = f"{person.address} belongs to a role, not to a person: several people may read it."
            hint = "Ask for a person's address, because anyone who reads it may unsubscribe or complain."
            yield note(person.path, "mail-role", message, hint, line=person.line)


def _compare(read: Sequence[tuple[str, RecipientList]]) -> Iterator[Problem]:
    """Compare each pair of lists: who is on both, and who has left one of them."""
    for (path, one), (other_path, other) in combinations(read, 2):
        lines = {person.folded: person for person in one.people}
        both = [person for person in other.people if person.folded in lines]
        if both:
            count = format_count(len(both), "person is", "people are")
            message = f"{count} on {path} too, such as {both[0].address} (line {lines[both[0].folded].line})."
            hint = "If you send to both lists, each gets one mail."
            yield note(other_path, "mail-duplicate", message, hint, line=both[0].line)
        yield from _find_left(path, one, other_path, other)
        yield from _find_left(other_path, other, path, one)


def _find_left(path: str, one: RecipientList, other_path: str, other: RecipientList) -> Iterator[Problem]:
    gone = [person for person in one.people if person.folded in other.left]
    if gone:
        count = format_count(len(gone), "person", "people")
        message = f"{count} on this list left according to {other_path}, such as {gone[0].address}."
        hint = "Mark them as unsubscribed here too, because a send to this list alone reaches them."
        yield warning(path, "mail-left-elsewhere", message, hint, line=gone[0].line)
