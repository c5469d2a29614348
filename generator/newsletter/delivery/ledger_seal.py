"""Seals for a ledger's rows: sqlite notices a damaged page structure, but not a changed byte within a value.

Each row carries a hash of itself under the ledger's key, and one fact holds the XOR of all recipients' seals with
their number. A changed, lost, doubled or older row breaks one or the other. While nobody sends, the whole file has a
seal too, so that a byte that holds nothing is noticed as well: whatever changed it may change others.
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
    """XOR seals: in any order, and a seal that comes twice is taken out again."""
    number = int.from_bytes(first, "big")
    for other in others:
        number ^= int.from_bytes(other, "big")
    return number.to_bytes(SEAL_BYTES, "big")


def seal_file(data: bytes) -> int:
    """Hash a database's file to a number from 1 to 2³¹-1, which sqlite keeps in its head as `user_version`.

    Bytes of the head that storing the number changes are left out: the number, and the counters of changes.
    Source: sqlite.org/fileformat.html, section 1.3.
    """
    parts = (data[:24], data[28:60], data[64:92], data[96:])
    number = int.from_bytes(_hash(b"", parts)[:4], "big") & 0x7FFFFFFF
    return number or 1


def is_sealed_with(data: bytes, number: int) -> bool:
    """Return True if a file is as it was when the number was stored in it; both counters of changes are equal then."""
    return seal_file(data) == number and data[24:28] == data[92:96]


def _hash(key: bytes, parts: Iterable[bytes]) -> bytes:
    state = hashlib.blake2b(key=key, digest_size=SEAL_BYTES)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))  # so that no byte moves from one value to the next unseen
        state.update(part)
    return state.digest()
