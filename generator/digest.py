"""Canonical bytes and 128-bit hashes: the only way to compare values between builds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

try:
    from _blake2 import blake2b  # importing it from hashlib also loads OpenSSL: 2 ms
except ImportError:
    from hashlib import blake2b

_encode = msgspec.json.Encoder(order="deterministic").encode

SIZE_BYTES = 16


def digest_bytes(data: bytes | memoryview) -> str:
    """Hash bytes: 32 lower-case hexadecimal digits of BLAKE2b-128 (RFC 7693)."""
    return blake2b(data, digest_size=SIZE_BYTES).hexdigest()


def digest_file(file: Path) -> str:
    """Hash a file's bytes as `digest_bytes` does, without loading the whole file into memory. Raises: OSError."""
    import hashlib

    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: blake2b(digest_size=SIZE_BYTES)).hexdigest()


def digest_files(files: Iterable[tuple[str, str]]) -> str:
    """Hash many small files together, in order, each as (name, file), with their names and sizes. Raises: OSError."""
    hasher = blake2b(digest_size=SIZE_BYTES)
    sizes = []
    for name, file in files:
        with open(file, "rb", buffering=0) as source:  # noqa: PTH123 (a `Path` doubles the time)
            data = source.read()
        hasher.update(data)
        sizes.append((name, len(data)))
    return digest(hasher.hexdigest(), sizes)


def encode_canonical(value: Any) -> bytes:
    """Encode a frozen value as JSON with sorted keys and sets, the same in every process and on every machine."""
    return _encode(value)


def digest(*values: Any) -> str:
    """Hash any frozen values together, in order."""
    return digest_bytes(encode_canonical(values))
