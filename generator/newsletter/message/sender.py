"""The sender of the newsletter, and the facts about the list for the headers of every message."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from msgspec import Struct

from generator.config import Config
from generator.config.options import names_reader
from generator.errors import MailError, error
from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.message.headers import format_mailbox

SETTINGS_FILE = "site.toml"
_NAMED = re.compile(r"^(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>$")


class Sender(Struct, frozen=True):
    """Header values that are the same in every issue. All addresses are ASCII and absolute.

    `unsubscribe` is for recipients without a link in the list; `unsubscribe_mail` is a mailto: link in addition to an
    https: one; both may hold `{address}` and `{token}`. With `one_click`, https: links accept a POST. `subscribe` may
    be "". `reply_to` is a formatted mailbox or ""; `bounces` is the envelope sender, with `{hash}` for the recipient,
    or "" for `address`.
    """

    name: str
    address: str
    list_name: str
    list_id: str
    unsubscribe: str
    one_click: bool
    subscribe: str
    archive: str
    help: str
    unsubscribe_mail: str = ""
    reply_to: str = ""
    bounces: str = ""

    def envelope_address(self, recipient_hash: str) -> str:
        """Return the envelope sender (MAIL FROM), which receives delivery reports: with `{hash}`, one per recipient."""
        return self.bounces.replace("{hash}", recipient_hash) or self.address


def make_sender(config: Config, *, shared: bool = False) -> Sender:
    """Make the sender from `[newsletter]`.

    With `shared`, the recipient is a list server's address. Links that would unsubscribe that address are left out,
    because any reader could then unsubscribe the whole list.

    Without `unsubscribe`, readers unsubscribe with a mail to the sender; without `list_id`, the list is named after
    the site's host.

    Raises: MailError if `from` is missing or not ASCII, or an address has no valid host.
    """
    newsletter = config.newsletter
    name, address = parse_mailbox(newsletter.from_, "from")
    links = [_list_url(link, "unsubscribe") for link in newsletter.unsubscribe]
    if shared:
        links = [link for link in links if not names_reader(link)]
    return Sender(
        name=name or config.title,
        address=address,
        list_name=config.title,
        list_id=newsletter.list_id or f"newsletter.{config.host or 'localhost'}",
        unsubscribe=links[0] if links else f"mailto:{quote(address, safe='@')}?subject=unsubscribe",
        one_click=newsletter.one_click and not shared,
        subscribe=_list_url(newsletter.subscribe, "subscribe"),
        archive=f"{config.url}{config.folder[1:]}{'/' if config.folder else ''}newsletter/",
        help=f"mailto:{quote(address, safe='@')}?subject=help",
        unsubscribe_mail=links[1] if len(links) > 1 else "",
        reply_to=format_mailbox(*parse_mailbox(newsletter.reply_to, "reply_to")) if newsletter.reply_to else "",
        bounces=_bounce_address(newsletter.bounces),
    )


def parse_mailbox(text: str, option: str) -> tuple[str, str]:
    """Split `Name <address>`, or an address alone, of `[newsletter]` into name and address.

    Raises: MailError with the option's name.
    """
    if not text:
        message = f"[newsletter] {option} is required, because mails need a sender."
        hint = 'Write, for example: from = "The Office <office@example.org>"'
        raise MailError(error(SETTINGS_FILE, "mail-sender", message, hint))
    match = _NAMED.match(text)
    try:
        address = parse_email_address(match["address"].strip() if match else text)
    except EmailAddressError as refused:
        raise MailError(
            error(SETTINGS_FILE, "mail-sender", f"[newsletter] {option}: {refused.message}", refused.hint)
        ) from None
    if not address.isascii():
        message = f"[newsletter] {option}: {address} has letters before the @ that many servers do not accept."
        raise MailError(
            error(SETTINGS_FILE, "mail-sender", message, "Use an address with only the letters A to Z before the @.")
        )
    return (match["name"].strip(' "') if match else ""), address


def make_ascii_url(url: str) -> str:
    """Convert a web address to ASCII: an international host to its ASCII form, other characters percent-encoded.

    Raises: EmailAddressError if the host is not valid.
    """
    if url.isascii():
        return url
    import idna

    parts = urlsplit(url)
    try:
        host = parts.netloc if parts.netloc.isascii() else idna.encode(parts.netloc, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise EmailAddressError(f'"{url}" has no valid host.', "Write it as https://lists.example.org/leave") from None
    return quote(urlunsplit(parts._replace(netloc=host)), safe="%/:=&?~#+!$,;'@()*[]{}")


def _bounce_address(text: str) -> str:
    """Check the bounce address with a hash filled in, as it is used."""
    if text:
        parse_mailbox(text.replace("{hash}", "0" * 32), "bounces")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}" if text else ""


def _list_url(url: str, option: str) -> str:
    try:
        return make_ascii_url(url)
    except EmailAddressError as refused:
        raise MailError(
            error(SETTINGS_FILE, "mail-sender", f"[newsletter] {option}: {refused.message}", refused.hint)
        ) from None
