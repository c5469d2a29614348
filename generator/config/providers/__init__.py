"""The services where readers comment: one module each, with its options and the addresses that follow from them.

`PROVIDERS` is the table. CONTRIBUTING.md has the recipe for another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.config.providers import (
    discourse,
    disqus,
    giscus,
    isso,
    link,
    mailto,
    mastodon,
    remark42,
    utterances,
    webmention,
)
from generator.config.providers.service import Conversation, Service, ServiceThread
from generator.text.typed_rules import Settings

__all__ = ["PROVIDERS", "Conversation", "Service", "ServiceThread"]

PROVIDERS: Mapping[str, Callable[[Settings], Service]] = MappingProxyType(
    {
        "link": link.read,
        "mailto": mailto.read,
        "giscus": giscus.read,
        "utterances": utterances.read,
        "isso": isso.read,
        "remark42": remark42.read,
        "disqus": disqus.read,
        "discourse": discourse.read,
        "mastodon": mastodon.read,
        "webmention": webmention.read,
    }
)
"""Every provider's name in site.toml, and what reads its options in `[comments]`."""
