"""AVIF: overwrite metadata with zeros in place, so that no offset moves and the picture does not change.

Saving again would lose quality and take seconds per picture. Rotation stays, because it is part of the format (`irot`,
`imir`) and every browser applies it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct

from generator.images.picture import DamagedError, Stripped

_PICTURES = frozenset({b"av01", b"grid", b"iden", b"iovl", b"tmap"})
_STRUCTURE = frozenset({b"hdlr", b"pitm", b"iloc", b"iinf", b"iref", b"iprp", b"idat", b"dinf", b"grpl"})
_BLANK = b"none"


def is_avif(data: bytes) -> bool:
    """Return True if the brands in the head are those of an AVIF."""
    return data[4:8] == b"ftyp" and any(brand in _brands(data) for brand in (b"avif", b"avis"))


def is_sequence(data: bytes) -> bool:
    """Return True if an AVIF is animated."""
    return any(name == b"moov" for name, _, _ in _boxes(data, 0, len(data)))


def strip(data: bytes) -> Stripped:
    """Blank EXIF, XMP, thumbnails and unknown items; the returned size is that after rotation.

    Raises: DamagedError. Source: ISO/IEC 14496-12, 8.11; AV1 Image File Format 1.1.
    """
    from generator.images.pixels import size_of_avif

    clean = bytearray(data)
    try:
        for name, start, end in list(_boxes(data, 0, len(data))):
            if name == b"meta":
                _blank_items(data, clean, start + 4, end)
            elif name not in (b"ftyp", b"mdat"):
                clean[start:end] = bytes(end - start)
    except struct.error:
        raise DamagedError("the file is cut off") from None
    width, height = size_of_avif(bytes(clean))
    return Stripped(bytes(clean), width, height)


def _brands(data: bytes) -> list[bytes]:
    end = min(int.from_bytes(data[:4], "big"), len(data), 256)
    return [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Walk boxes: (type, start of the content, end)."""
    while at < end:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        start = at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        size = size or end - at
        if at + size > end or at + size < start:
            raise DamagedError("the file is cut off")
        yield name, start, at + size
        at += size


class _Item(Struct, frozen=True):
    """An `infe` entry: the offset of its type in the file, and of the end of its names."""

    type_at: int
    end: int


def _blank_items(data: bytes, clean: bytearray, start: int, end: int) -> None:
    boxes = {name: (first, last) for name, first, last in _boxes(data, start, end)}
    items = dict(_items(data, *boxes[b"iinf"])) if b"iinf" in boxes else {}
    thumbnails = set(_thumbnails(data, *boxes[b"iref"])) if b"iref" in boxes else set()
    for name, (first, last) in boxes.items():
        if name not in _STRUCTURE:
            clean[first:last] = bytes(last - first)
    unwanted = {
        key
        for key, item in items.items()
        if data[item.type_at : item.type_at + 4] not in _PICTURES or key in thumbnails
    }
    for key in unwanted:
        item = items[key]
        clean[item.type_at : item.end] = _BLANK + bytes(item.end - item.type_at - 4)
    idat = boxes.get(b"idat", (0, 0))[0]
    for key, first, size in _extents(data, *boxes[b"iloc"], idat) if b"iloc" in boxes else ():
        if key in unwanted:
            if first + size > len(data):
                raise DamagedError("the file is cut off")
            clean[first : first + size] = bytes(size)


def _items(data: bytes, start: int, end: int) -> Iterator[tuple[int, _Item]]:
    entries = start + (6 if data[start] == 0 else 8)
    for name, first, last in _boxes(data, entries, end):
        if name == b"infe" and data[first] in (2, 3):
            wide = data[first] == 3
            (key,) = struct.unpack_from(">I" if wide else ">H", data, first + 4)
            yield key, _Item(first + (10 if wide else 8), last)


def _thumbnails(data: bytes, start: int, end: int) -> Iterator[int]:
    for name, first, _ in _boxes(data, start + 4, end):
        if name == b"thmb":
            yield struct.unpack_from(">I" if data[start] else ">H", data, first)[0]


def _extents(data: bytes, start: int, end: int, idat: int) -> Iterator[tuple[int, int, int]]:
    """Walk the places of items' data: (item, first byte in the file, size in bytes)."""
    version, sizes = data[start], int.from_bytes(data[start + 4 : start + 6], "big")
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    at = start + 6

    def take(count: int) -> int:
        nonlocal at
        at += count
        if at > end:
            raise DamagedError("the file is cut off")
        return int.from_bytes(data[at - count : at], "big")

    for _ in range(take(4 if version == 2 else 2)):
        key = take(4 if version == 2 else 2)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(base_size) + (idat if method == 1 else 0)
        for _ in range(take(2)):
            take(index_size if version else 0)
            yield key, base + take(offset_size), take(length_size)
