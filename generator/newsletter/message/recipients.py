"""The recipients of an issue: one address, or the rows of a CSV file."""

from __future__ import annotations

from msgspec import Struct

from generator.config import Config
from generator.errors import Problem
from generator.newsletter.message.email_address import fold_email_address
from generator.newsletter.message.sender import SETTINGS_FILE, parse_mailbox


class Recipient(Struct, frozen=True):
    """One person, or the address of a list server, with their own unsubscribe link.

    `address` is in normal form (see `parse_email_address`). `path` and `line` are its place in the list.
    `unsubscribe_mail` is a mailto: link in addition to an https: one. `language` is their language as the list has it.
    """

    address: str
    name: str = ""
    unsubscribe: str = ""
    path: str = ""
    line: int = 0
    unsubscribe_mail: str = ""
    language: str = ""

    @property
    def folded(self) -> str:
        """Return the folded address, equal for two rows of the same person."""
        return fold_email_address(self.address)


class RecipientList(Struct, frozen=True):
    """A list as read: its people in order, each once, the number of duplicate rows, and the problems.

    A row with an invalid address is skipped. `left` are the folded addresses of people with a status such as
    unsubscribed; `suppressed` counts people removed because of `lists/suppressed.csv`; `excluded` counts those that
    `--only` or `--except` leaves out. `approved_as` is the digest of everyone chosen, before `lists/suppressed.csv`
    removes people, so that someone who unsubscribes does not change it.
    """

    people: tuple[Recipient, ...]
    duplicates: int = 0
    problems: tuple[Problem, ...] = ()
    left: frozenset[str] = frozenset()
    suppressed: int = 0
    excluded: int = 0
    approved_as: str = ""


def make_default_recipient(config: Config) -> Recipient:
    """Return the address in `[newsletter] to`, else the sender's.

    Raises: MailError if neither is an address.
    """
    option = "to" if config.newsletter.to else "from"
    name, address = parse_mailbox(config.newsletter.to or config.newsletter.from_, option)
    return Recipient(address, name, path=SETTINGS_FILE)
