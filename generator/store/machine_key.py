"""Seal files with a secret of this account on this machine: what it opens is our own work, not brought from elsewhere.

The state may come from elsewhere, such as a CI cache or a colleague's copy of the site, so what could run code is read
from it only with this seal. See docs/decisions/0026-compiled-templates.md.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

SIZE_BYTES = 32
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def key_file() -> Path | None:
    """Return where the secret is: in the account's own folder for programs' data; None if there is no such folder."""
    try:
        if sys.platform == "win32":
            folder = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            folder = Path.home() / "Library" / "Application Support"
        else:
            named = Path(os.environ.get("XDG_STATE_HOME", ""))
            folder = named if named.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return folder / "openletter" / "key" if folder.is_absolute() else None


def fetch_key(*foreign: Path) -> bytes | None:
    """Fetch the secret, or make one; None if it cannot be trusted, or not be kept.

    It is not used if it is within one of the `foreign` folders, belongs to another account, or others can read it.
    """
    file = key_file()
    try:
        if file is None or any(file.resolve().is_relative_to(folder.resolve()) for folder in foreign):
            return None
        return _read(file) or _make(file)
    except (OSError, RuntimeError):
        return None


def seal_with(key: bytes, data: bytes) -> bytes:
    """Put a code before bytes that only this key gives."""
    return _code(key, data) + data


def open_with(key: bytes, sealed: bytes) -> bytes | None:
    """Return the bytes that were sealed with this key; None if these were not."""
    import hmac

    code, data = sealed[:SIZE_BYTES], sealed[SIZE_BYTES:]
    return data if hmac.compare_digest(code, _code(key, data)) else None


def _code(key: bytes, data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, key=key, digest_size=SIZE_BYTES, person=b"openletter").digest()


def _read(file: Path) -> bytes | None:
    """Read the secret; None if there is none, or not a whole one. Raises: PermissionError if others have access."""
    try:
        handle = os.open(file, _READ)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise PermissionError(f"{file} is not a file")
        if sys.platform != "win32" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
            raise PermissionError(f"{file} is open to others")
        key = stream.read(SIZE_BYTES + 1)
    return key if len(key) == SIZE_BYTES else None


def _make(file: Path) -> bytes:
    """Make a secret. If two processes do so at once, the last one wins, and what the other has sealed is made again."""
    key = os.urandom(SIZE_BYTES)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}-{os.getpid()}")
    with suppress(FileNotFoundError):
        part.unlink()
    with os.fdopen(os.open(part, _NEW, 0o600), "wb") as stream:
        stream.write(key)
    part.replace(file)
    return key
