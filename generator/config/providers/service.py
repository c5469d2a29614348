"""What every provider of comments has in common: the thread it is asked for, and what pages show of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from generator.model import Contact, Purpose
from generator.text.host_names import plain_host
from generator.text.mapping_reader import Check
from generator.text.typed_rules import Settings, plain_setting

_VOWELS = frozenset("aeio")


class ServiceThread(Struct, frozen=True):
    """The conversation about one document, as the site knows it.

    `id` is the document's. `link` is its absolute address now; `address` is an absolute one that follows from the id
    alone and leads there, for services that know a conversation by an address. `named` is the name that front matter
    gives the conversation (`thread`), "" for none.
    """

    id: str
    title: str
    description: str
    link: str
    address: str
    author: str
    language: str
    named: str = ""


class Conversation(Struct, frozen=True):
    """What a page shows of a thread: `url` is a plain link to it, on `host` ("" for e-mail).

    `service` is the name that the page's script knows; "" if there is only the link. On a click, the script loads
    `frame`, or what else the `settings` name, and so asks the `contacts`. `is_closable` is True if pages can show the
    conversation without a way to write.
    """

    url: str
    host: str = ""
    service: str = ""
    is_closable: bool = False
    frame: str = ""
    settings: Mapping[str, str] = {}
    contacts: tuple[Contact, ...] = ()


class Service(Protocol):
    """The options of a provider."""

    @property
    def needs_address(self) -> bool:
        """Return True if the service knows a conversation by `ServiceThread.address`, so that page must exist."""

    def converse(self, thread: ServiceThread) -> Conversation | None:
        """Return what a page shows of a thread; None if this document has none there."""

    def fault(self, named: str) -> tuple[str, str]:
        """Return what is wrong with the `thread` of front matter, and what to write; ("", "") if it is fine."""


class Provided(Struct, frozen=True):
    """The usual answers of a service."""

    @property
    def needs_address(self) -> bool:
        """Return False: most services know a conversation by its id."""
        return False

    def fault(self, named: str) -> tuple[str, str]:
        """Accept any name of a thread."""
        return "", ""


def required(table: Settings, provider: str, key: str, example: str, check: Check | None = None) -> str:
    """Read an option that the chosen provider cannot do without; "" with an error if it is missing."""
    text = table.text(key, "", check)
    value, chosen = table.value(key), table.value("provider")
    is_chosen = chosen is not None and plain_setting(chosen) == provider
    if is_chosen and (value is None or not plain_setting(value)):
        article = "an" if key[0] in _VOWELS else "a"
        message = f'The provider "{provider}" needs {article} {key}.'
        table.error("provider", None, message, f'Add, for example: {key} = "{example}"', "config-missing")
    return text


def contacts(server: str, *purposes: Purpose) -> tuple[Contact, ...]:
    """List the contacts of a server, which pages make on a click only. `server` is an absolute URL."""
    parts = urlsplit(server)
    host = plain_host(parts.netloc)
    return tuple(Contact(host, purpose, on_click=True, scheme=parts.scheme) for purpose in purposes if host)


def host_of(server: str) -> str:
    """Return the host of an absolute URL, as pages name it."""
    return urlsplit(server).hostname or ""
