"""Make each recipient's own unsubscribe links: the list's, with the recipient's address and token filled in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from msgspec.structs import replace

from generator.config.options import names_reader
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import Sender


def needs_tokens(sender: Sender) -> bool:
    """Return True if the list's unsubscribe links hold `{token}`."""
    return "{token}" in f"{sender.unsubscribe} {sender.unsubscribe_mail}"


def personalize_recipient(sender: Sender, recipient: Recipient, make_token: Callable[[str], str]) -> Recipient:
    """Return a recipient with the list's unsubscribe links filled in; a link from the CSV file takes precedence.

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
    """List a recipient's unsubscribe links; the letter shows the first one."""
    link = recipient.unsubscribe or sender.unsubscribe
    mail = recipient.unsubscribe_mail or sender.unsubscribe_mail
    return (link,) if not mail or link.startswith("mailto:") else (link, mail)
