"""The services where readers comment: one module each, with its options and the addresses that follow from them.

`PROVIDERS` lists them. CONTRIBUTING.md has the recipe for another one.
"""

from __future__ import annotations

from importlib import import_module

from generator.config.providers.service import Conversation, Service, ServiceThread
from generator.text.typed_rules import Settings

__all__ = ["PROVIDERS", "Conversation", "Service", "ServiceThread", "read_service"]

PROVIDERS = (
    "link",
    "mailto",
    "giscus",
    "utterances",
    "isso",
    "remark42",
    "disqus",
    "discourse",
    "mastodon",
    "webmention",
)
"""Every provider's name in site.toml; each is in the module of its name, which is imported when it is used."""


def read_service(provider: str, table: Settings) -> Service:
    """Read the options of a provider in `[comments]`."""
    service: Service = import_module(f"{__name__}.{provider}").read(table)
    return service
