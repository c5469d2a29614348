"""Checksums in the state's rows: sqlite notices neither a changed byte within a value nor the value of another row."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import msgspec

from generator.store.rows import BrokenStateError

_BYTES = 4
_encode = msgspec.json.Encoder().encode


def seal(name: Any, value: Any) -> bytes:
    """Encode a value, with a checksum before it."""
    return seal_bytes(name, _encode(value))


def seal_bytes(name: Any, data: bytes) -> bytes:
    """Put a checksum of the bytes and of the row's name before them."""
    return crc32(data, _crc(name)).to_bytes(_BYTES, "big") + data


def unseal(name: Any, data: Any) -> memoryview:
    """Return an encoded value. Raises: BrokenStateError if it is not the one that was stored under this name."""
    if not isinstance(data, bytes) or crc32(value := memoryview(data)[_BYTES:], _crc(name)) != int.from_bytes(
        data[:_BYTES], "big"
    ):
        raise BrokenStateError("a value is not what was stored")
    return value


def _crc(name: Any) -> int:
    return crc32(str(name).encode("utf-8", "surrogatepass"))


def seal_digest(name: Any, number: Any, digest: str) -> str:
    """Put a checksum of a key and its number before its digest."""
    return _key_check(name, number) + digest


def open_digest(name: Any, number: Any, digest: Any) -> str:
    """Return a key's digest. Raises: BrokenStateError if the key's name or number is not what was stored."""
    check = _key_check(name, number)
    if not isinstance(digest, str) or not digest.startswith(check):
        raise BrokenStateError("a key is not what was stored")
    return digest[len(check) :]


def _key_check(name: Any, number: Any) -> str:
    return f"{crc32(str(number).encode(), _crc(name)):08x}"
