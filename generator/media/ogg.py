"""Ogg (Vorbis, Opus, FLAC, Theora, Speex): empty the comments; pages keep their size and order."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct, field

from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError

MAGIC = b"OggS"
_HEAD_BYTES = 27
_CRC_AT = 22
_CONTINUED, FIRST = 1, 2
_MAX_PACKET_BYTES = 32_000_000
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
# The beginning of a stream's first packet → the bytes before the comments in the packet of comments.
_COMMENTS_AFTER: Mapping[bytes, bytes] = MappingProxyType(
    {b"\x01vorbis": b"\x03vorbis", b"OpusHead": b"OpusTags", b"\x80theora": b"\x81theora", b"Speex   ": b""}
)
_FLAC = b"\x7fFLAC"
_FLAC_COMMENTS, _FLAC_PADDING = 4, 1


class Page(Struct, frozen=True):
    """A page: where it begins and ends, its flags, its stream's number, and the sizes of its segments."""

    at: int
    end: int
    flags: int
    serial: int
    lacing: bytes


class _Stream(Struct):
    """One stream while its headers are read; `pieces` of the current packet are (page, first byte, bytes)."""

    codec: bytes = b""
    packets: int = 0
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    done: bool = False


def find_edits(source: ByteSource) -> Findings:
    """Find the comments of all streams, including covers; bytes after the last page are removed.

    Raises: UnreadableMediaError. Source: RFC 3533; RFC 7845, 5.2; Vorbis I, 5; RFC 9639, 10.1.
    """
    return _Cleaner(source).clean_file()


class _Cleaner:
    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._changed: dict[int, bytearray] = {}
        self._left: list[str] = []

    def clean_file(self) -> Findings:
        streams: dict[int, _Stream] = {}
        end = 0
        for page in pages(self._source):
            end = page.end
            if page.flags & FIRST:
                streams[page.serial] = _Stream()
            stream = streams.get(page.serial)
            if stream is not None and not stream.done:
                self._read_packets(page, stream)
        if not streams:
            raise UnreadableMediaError("it holds no stream")
        edits = [Edit(at, at + len(page), _signed(page)) for at, page in self._changed.items()]
        return Findings(
            (*edits, *([Edit(end, self._source.size, b"")] if end < self._source.size else [])), tuple(self._left)
        )

    def _read_packets(self, page: Page, stream: _Stream) -> None:
        at, size = page.at + _HEAD_BYTES + len(page.lacing), 0
        for lace in page.lacing:
            size += lace
            if lace == 255:
                continue
            stream.pieces.append((page.at, at - page.at, size))
            self._end_packet(stream)
            at, size = at + size, 0
            if stream.done:
                return
        if size:
            stream.pieces.append((page.at, at - page.at, size))

    def _end_packet(self, stream: _Stream) -> None:
        pieces, stream.pieces = stream.pieces, []
        if sum(size for _, _, size in pieces) > _MAX_PACKET_BYTES:
            raise UnreadableMediaError("it has too many or too large parts")
        packet = b"".join(self._source.read(page + at, size) for page, at, size in pieces)
        stream.packets += 1
        if stream.packets == 1:
            stream.codec = next((name for name in (*_COMMENTS_AFTER, _FLAC) if packet.startswith(name)), b"")
            if not stream.codec:
                stream.done = True
                self._left.append("a stream of an unknown kind")
            return
        emptied, stream.done = _empty(stream.codec, packet)
        for page, at, size in pieces if emptied != packet else ():
            self._page(page)[at : at + size] = emptied[:size]
            emptied = emptied[size:]

    def _page(self, at: int) -> bytearray:
        if at not in self._changed:
            lacing = self._source.read(at + _HEAD_BYTES, self._source.read(at + 26, 1)[0])
            self._changed[at] = bytearray(self._source.read(at, _HEAD_BYTES + len(lacing) + sum(lacing)))
        return self._changed[at]


def _empty(codec: bytes, packet: bytes) -> tuple[bytes, bool]:
    """Empty a packet of headers without changing its size; returns True if it was the last with comments."""
    if codec == _FLAC:
        if len(packet) < 12 or packet[0] == 0xFF:
            return packet, True
        kind, is_last = packet[0] & 0x7F, bool(packet[0] & 0x80)
        if kind == _FLAC_COMMENTS:
            vendor = len(packet) - 12
            return packet[:4] + vendor.to_bytes(4, "little") + b" " * vendor + bytes(4), is_last
        is_kept = kind in (0, 3)
        return packet if is_kept else bytes([packet[0] & 0x80 | _FLAC_PADDING]) + packet[1:4] + bytes(
            len(packet) - 4
        ), is_last
    head = _COMMENTS_AFTER[codec]
    if not packet.startswith(head) or len(packet) < len(head) + 8:
        raise UnreadableMediaError("its comments are damaged")
    # No vendor, no comments, and the bit that Vorbis requires after them; readers skip the rest.
    emptied = head + bytes(8) + (b"\1" if codec == b"\x01vorbis" else b"")
    return emptied[: len(packet)] + bytes(max(0, len(packet) - len(emptied))), True


def _signed(page: bytearray) -> bytes:
    """Return a page with its check sum. Source: RFC 3533, 6: CRC-32 of the polynomial 04C11DB7, not mirrored."""
    page[_CRC_AT : _CRC_AT + 4] = bytes(4)
    mirrored = zlib.crc32(bytes(page).translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    page[_CRC_AT : _CRC_AT + 4] = int(f"{mirrored:032b}"[::-1], 2).to_bytes(4, "little")
    return bytes(page)


def pages(source: ByteSource) -> Iterator[Page]:
    """Walk the pages of a file. Raises: UnreadableMediaError if the last one is cut off."""
    at = 0
    while True:
        head = source.peek(at, _HEAD_BYTES)
        if len(head) < _HEAD_BYTES or not head.startswith(MAGIC):
            return
        lacing = source.read(at + _HEAD_BYTES, head[26])
        end = at + _HEAD_BYTES + len(lacing) + sum(lacing)
        if end > source.size:
            raise UnreadableMediaError("it is cut off")
        yield Page(at, end, head[5], int.from_bytes(head[14:18], "little"), lacing)
        at = end
