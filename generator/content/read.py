"""Open sources and decode them: UTF-8 and nothing else, said by name where it is not."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from generator.errors import ContentError, Problem, ProblemCollector, error, warning

MAX_SOURCE_BYTES = 8_000_000
"""The largest Markdown or comments file that is read; a long book chapter has 0.2 MB."""

_PIECE_BYTES = 65_536

# XML 1.0 §2.2 forbids them, so no feed could carry them; tab and line breaks stay. NUL is refused before.
_CONTROLS = bytes(n for n in range(1, 32) if n not in (9, 10, 13)) + b"\x7f"
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_MARKS = tuple(mark for mark, _ in _BYTE_ORDER_MARKS)
_SAVE_AS_UTF8 = "Save it again as UTF-8 (in most editors: Save As, Encoding, UTF-8)."


def read_source(file: Path | str, path: str) -> bytes:
    """Read a source's bytes. Raises ContentError, naming `path`, where the system refuses or the file is too large."""
    try:
        with FileIO(file) as stream:
            data = _bounded(stream)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ContentError(
            error(
                path,
                "unreadable",
                f"The file cannot be read: {reason}.",
                "Check that you may read it.",
            )
        ) from problem
    if len(data) > MAX_SOURCE_BYTES:
        what = f"The file is larger than {MAX_SOURCE_BYTES // 1_000_000} MB."
        raise ContentError(error(path, "too-large", what, "Split it, or move it to content/static."))
    return data


def _bounded(stream: FileIO) -> bytes:
    """Read to the end, or past the bound, piece by piece: to ask for 8 MB at once takes ten times as long."""
    pieces: list[bytes] = []
    size = 0
    while size <= MAX_SOURCE_BYTES and (piece := stream.read(_PIECE_BYTES)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def decode_source(path: str, data: bytes, problems: ProblemCollector | None = None) -> str:
    r"""Decode a source: UTF-8 with or without a byte order mark, every line ending as `\n`.

    Control characters that no feed may carry are removed, with a warning among the problems. Raises ContentError with
    the line and the byte for another encoding, and for NUL, which no text holds.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    _refuse_utf16(path, data)
    if b"\0" in data:
        raise _refused(path, "nul", data, data.index(b"\0"), "is a NUL character: the file is damaged or not text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        what = f"(0x{data[problem.start]:02X}) is not UTF-8. The file is probably Latin-1 or Windows-1252"
        raise _refused(path, "not-utf8", data, problem.start, what) from None
    if len(clean := data.translate(None, _CONTROLS)) != len(data):
        text = clean.decode("utf-8")
        if problems is not None:
            at = next(n for n, byte in enumerate(data) if byte in _CONTROLS)
            problems.add(control_removed(path, *_place(data, at)))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffe" in text or "\uffff" in text:
        text = text.replace("\ufffe", "").replace("\uffff", "")
    return text


def control_removed(path: str, line: int, column: int) -> Problem:
    """Make the warning about a control character that was removed."""
    what = "There is a control character here, which nobody can see. Openletter removes it."
    return warning(path, "control-character", what, "Delete it, or type the line again.", line=line, column=column)


def _place(data: bytes, at: int) -> tuple[int, int]:
    return data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)


def _refuse_utf16(path: str, data: bytes) -> None:
    name = None
    if data.startswith(_MARKS):
        name = next(name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark))
    elif data[:4].count(b"\0") >= 2:
        name = "UTF-16 or UTF-32"
    if name:
        raise ContentError(error(path, "not-utf8", f"The file is written in {name}, not UTF-8.", _SAVE_AS_UTF8, line=1))


def _refused(path: str, code: str, data: bytes, at: int, what: str) -> ContentError:
    line, column = _place(data, at)
    return ContentError(
        error(path, code, f"Byte {at + 1} of the file {what}.", _SAVE_AS_UTF8, line=line, column=column)
    )
