"""Compute seals for a ledger's rows: sqlite detects a damaged page structure, but not a changed byte in a value.

Each row has a hash of itself under the ledger's key, and one fact holds the XOR of all recipients' seals with
their number. A changed, lost, duplicated or outdated row breaks one of the two. Between sendings the whole file has a
seal too. It detects changes in unused bytes: what changed those may change others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeAlias

SEAL_BYTES = 8
NO_ROWS = bytes(SEAL_BYTES)
RecipientRow: TypeAlias = tuple[bytes, int, str, str]
"""id, place in the list, state, reason."""


def seal_fact(key: bytes, name: str, value: bytes) -> bytes:
    """Hash a fact."""
    return _hash(key, (b"fact", name.encode(), value))


def seal_recipient(key: bytes, row: RecipientRow) -> bytes:
    """Hash a recipient's row."""
    id_, place, state, reason = row
    return _hash(key, (b"recipient", id_, str(place).encode(), state.encode(), reason.encode()))


def combine_seals(first: bytes, *others: bytes) -> bytes:
    """XOR two seals. The order does not matter, and adding a seal twice removes it."""
    number = int.from_bytes(first, "big")
    for other in others:
        number ^= int.from_bytes(other, "big")
    return number.to_bytes(SEAL_BYTES, "big")


def seal_file(data: bytes) -> int:
    """Hash a database file to a number from 1 to 2³¹-1, which sqlite keeps in its header as `user_version`.

    Skips the header bytes that storing the number changes: the number itself and the change counters.
    Source: sqlite.org/fileformat.html, section 1.3.
    """
    parts = (data[:24], data[28:60], data[64:92], data[96:])
    number = int.from_bytes(_hash(b"", parts)[:4], "big") & 0x7FFFFFFF
    return number or 1


def is_sealed_with(data: bytes, number: int) -> bool:
    """Return True if a file is unchanged since the number was stored in it; its two change counters are then equal."""
    return seal_file(data) == number and data[24:28] == data[92:96]


def _hash(key: bytes, parts: Iterable[bytes]) -> bytes:
    state = hashlib.blake2b(key=key, digest_size=SEAL_BYTES)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))  # or a byte could move from one value to the next undetected
        state.update(part)
    return state.digest()
