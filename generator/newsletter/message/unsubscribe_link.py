"""Each recipient's own way to unsubscribe: the list's addresses with the recipient's address and token in them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from msgspec.structs import replace

from generator.config.options import names_reader
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import Sender


def needs_tokens(sender: Sender) -> bool:
    """Return True if the list's addresses to unsubscribe at hold `{token}`."""
    return "{token}" in f"{sender.unsubscribe} {sender.unsubscribe_mail}"


def personalize_recipient(sender: Sender, recipient: Recipient, make_token: Callable[[str], str]) -> Recipient:
    """Give a recipient the list's addresses to unsubscribe at, filled in; one that the list names stays.

    `make_token` returns the token of an address.
    """

    def fill(link: str) -> str:
        if not names_reader(link):
            return ""
        link = link.replace("{address}", quote(recipient.address, safe=""))
        return link.replace("{token}", make_token(recipient.address)) if "{token}" in link else link

    link = recipient.unsubscribe or fill(sender.unsubscribe)
    mail = "" if link.startswith("mailto:") else fill(sender.unsubscribe_mail)
    return replace(recipient, unsubscribe=link, unsubscribe_mail=mail)


def unsubscribe_links(sender: Sender, recipient: Recipient) -> tuple[str, ...]:
    """List where a recipient unsubscribes; the first is the one that the letter shows."""
    link = recipient.unsubscribe or sender.unsubscribe
    mail = recipient.unsubscribe_mail or sender.unsubscribe_mail
    return (link,) if not mail or link.startswith("mailto:") else (link, mail)
