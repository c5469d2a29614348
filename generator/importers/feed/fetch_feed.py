"""Fetch a feed that the user names by its address."""

from __future__ import annotations

import http.client
from pathlib import Path

from generator.errors import ConfigError, error
from generator.importers.download import Downloads, FetchError, any_address
from generator.importers.import_model import ImportLog

_KINDS = ("application/", "text/")


def fetch_feed(url: str, folder: Path) -> Path:
    """Fetch a feed into a folder. Only its redirects must lead to public addresses: the user named the first one.

    Raises: ConfigError if that fails.
    """
    target = folder / "feed.xml"
    try:
        Downloads(folder, ImportLog(), resolve_first=any_address, kinds=_KINDS).save(url, target)
    except (FetchError, OSError, http.client.HTTPException, ValueError) as fault:
        why = str(fault) if isinstance(fault, FetchError) else "The connection failed."
        hint = "Check the address, or save the feed as a file and import that."
        raise ConfigError(error(url, "option", f"The feed was not fetched. {why}", hint)) from fault
    return target
