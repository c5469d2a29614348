"""Find the recipient that a report is about, and whether the report proves it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from generator.newsletter.bounces.report_mail import MailReport
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, RecipientState
from generator.newsletter.message.compose import make_message_id
from generator.newsletter.message.email_address import EmailAddressError, fold_email_address, parse_email_address
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.subscribers.csv_file import read_subscribers

_HASH = re.compile(r"(?=([0-9a-f]{32}))")


class Addressees(Struct, frozen=True):
    """The recipients of one issue who are on the lists: by VERP hash, by Message-ID, and by folded address.

    A hash or a Message-ID proves that the report is about a mail that was sent, because only someone who has that mail
    knows it. An address alone proves nothing.
    """

    by_hash: dict[str, Recipient]
    by_message_id: dict[str, Recipient]
    by_address: dict[str, Recipient]

    def find(self, report: MailReport) -> tuple[Recipient | None, bool]:
        """Return the recipient of the report, None if it is not about this issue, and whether that is proven."""
        for each in _HASH.findall(report.sent_to.lower()):
            if each in self.by_hash:
                return self.by_hash[each], True
        for message_id in report.message_ids:
            if message_id in self.by_message_id:
                return self.by_message_id[message_id], True
        for address in report.addresses:
            found = self.by_address.get(_fold(address))
            if found:
                return found, False
        return None, False


def find_addressees(ledger: LedgerReader, frozen: FrozenIssue, lists: Sequence[Path]) -> Addressees:
    """Match the people on lists, also those who have left, with an issue's ledger.

    Raises: MailError if a list cannot be read.
    """
    known = {id_ for state in RecipientState for id_ in ledger.list_ids(state)}
    by_hash, by_message_id, by_address = {}, {}, {}
    for person in _read_people(lists):
        id_ = ledger.hash_address(person.folded)
        if id_ in known:
            by_hash[id_.hex()] = person
            by_address[person.folded] = person
            by_message_id[make_message_id(*frozen.choose_version(person.language), person, ledger.key)] = person
    return Addressees(by_hash, by_message_id, by_address)


def _read_people(lists: Sequence[Path]) -> Iterable[Recipient]:
    for file in lists:
        found = read_subscribers(file)
        yield from found.people
        yield from (Recipient(folded, path=file.as_posix()) for folded in found.left)


def _fold(address: str) -> str:
    try:
        return fold_email_address(parse_email_address(address.strip(" <>")))
    except EmailAddressError:
        return ""
