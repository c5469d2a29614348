"""Whom an issue goes to: one address, or the lines of a CSV file."""

from __future__ import annotations

from msgspec import Struct

from generator.config import Config
from generator.errors import Problem
from generator.newsletter.message.email_address import fold_email_address
from generator.newsletter.message.sender import SETTINGS_FILE, parse_mailbox


class Recipient(Struct, frozen=True):
    """One person, or the list's one address: where the message goes, the name, their own unsubscribe address.

    `address` is in normal form (see `parse_email_address`). `path` and `line` say where it was written.
    `unsubscribe_mail` is a second way to unsubscribe, by mail, beside an https one.
    """

    address: str
    name: str = ""
    unsubscribe: str = ""
    path: str = ""
    line: int = 0
    unsubscribe_mail: str = ""

    @property
    def folded(self) -> str:
        """Give what makes two lines one recipient."""
        return fold_email_address(self.address)


class RecipientList(Struct, frozen=True):
    """A list as read: who is on it, in order, each once; how many lines were folded into others; what is wrong.

    A line with a problem is left out. `left` are the folded addresses whose status says that they have left;
    `suppressed` counts those whom `lists/suppressed.csv` took out.
    """

    people: tuple[Recipient, ...]
    duplicates: int = 0
    problems: tuple[Problem, ...] = ()
    left: frozenset[str] = frozenset()
    suppressed: int = 0


def make_default_recipient(config: Config) -> Recipient:
    """Give the list's one address, `[newsletter] to`; without it the sender's own.

    Raises: MailError, when neither is an address.
    """
    option = "to" if config.newsletter.to else "from"
    name, address = parse_mailbox(config.newsletter.to or config.newsletter.from_, option)
    return Recipient(address, name, path=SETTINGS_FILE)
