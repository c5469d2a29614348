"""Zip packages (Office, OpenDocument, EPUB, plain): open them within limits, and write them in a fixed form."""

from __future__ import annotations

import errno
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.media.edits import UnreadableMediaError

MAX_MEMBERS = 20_000
MAX_UNPACKED_BYTES = 2_000_000_000
MAX_RATIO = 250
_SMALL_BYTES = 10_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@contextmanager
def open_package(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file that can be unpacked safely: no bomb, no encryption, no name twice.

    Raises: UnreadableMediaError, also for damage found while it is open; OSError.
    """
    try:
        with zipfile.ZipFile(file) as package:
            _check(package)
            yield package
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        ValueError,
        EOFError,
        RuntimeError,
    ) as reason:
        raise UnreadableMediaError("its compression is damaged or of a rare kind") from reason
    except OSError as failure:
        if failure.errno != errno.EINVAL:
            raise
        raise UnreadableMediaError(
            "its compression is damaged"
        ) from failure  # a place before the beginning of the file
    except Exception as failure:
        if type(failure).__module__ in ("zlib", "lzma", "_lzma"):  # each decompressor raises its own exception
            raise UnreadableMediaError("its compression is damaged") from failure
        raise


def _check(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    unpacked, packed = (sum(each) for each in ([m.file_size for m in members], [m.compress_size for m in members]))
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableMediaError("it holds too much")
    if unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * packed:
        raise UnreadableMediaError("it holds far more than its size allows")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableMediaError("it is encrypted")
    if len({member.filename for member in members}) < len(members):
        raise UnreadableMediaError("it holds two files with the same name")


def has_notes(package: zipfile.ZipFile) -> bool:
    """Return True if the package has comments, or extra fields with times and users."""
    return bool(package.comment or any(member.comment or member.extra for member in package.infolist()))


def read_member(package: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Read a member whole.

    Raises: UnreadableMediaError if it is larger than `limit` bytes.
    """
    if package.getinfo(name).file_size > limit:
        raise UnreadableMediaError(f"its part {name} is too large")
    return package.read(name)


def write_package(package: zipfile.ZipFile, target: Path, changed: Mapping[str, bytes | Path | None]) -> None:
    """Write a package again, its members in their order, without times, comments and extra fields.

    `changed` maps a member's name to its new content: bytes, a file, or None to leave it out.

    Raises: OSError.
    """
    with zipfile.ZipFile(target, "w") as new:
        for member in package.infolist():
            content = changed.get(member.filename, b"")
            if member.filename in changed and content is None:
                continue
            head = zipfile.ZipInfo(member.filename, _EPOCH)
            head.compress_type = zipfile.ZIP_STORED if member.compress_type == 0 else zipfile.ZIP_DEFLATED
            head.create_system = 0
            head.external_attr = 0x10 if member.is_dir() else 0
            head.file_size = member.file_size
            with new.open(head, "w") as stream:
                if member.filename not in changed:
                    with package.open(member) as old:
                        shutil.copyfileobj(old, stream, 1 << 20)
                elif isinstance(content, Path):
                    with content.open("rb") as old:
                        shutil.copyfileobj(old, stream, 1 << 20)
                elif content:
                    stream.write(content)
