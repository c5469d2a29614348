"""The addresses that public builds have published, kept beside the state: they outlive a deleted state.

One JSON file. It is never needed to build: if it is missing or damaged, a build starts a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from generator.errors import OutputError, error
from generator.store.atomic import replace_file

PUBLISHED = "published.json"


class PublishedPage(msgspec.Struct, frozen=True):
    """The document that was published at an address: its id, the path of its source, its title."""

    id: str
    path: str
    title: str


PUBLISHED_FEED = PublishedPage("", "", "")
"""What stands at the address of a feed."""
_decode = msgspec.json.Decoder(dict[str, PublishedPage]).decode


def load_published(state: Path) -> dict[str, PublishedPage]:
    """Read what was published: address → document. Empty if nothing was, or the file is unusable."""
    try:
        return _decode((state / PUBLISHED).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def save_published(state: Path, published: Mapping[str, PublishedPage]) -> None:
    """Write what was published. Raises: OutputError if the file cannot be written."""
    try:
        replace_file(state / PUBLISHED, msgspec.json.format(msgspec.json.encode(published, order="sorted"), indent=1))
    except OSError as reason:
        message = f"{state / PUBLISHED} cannot be written: {reason.strerror or reason}."
        hint = "Free some disk space, or give this account permission to write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason
