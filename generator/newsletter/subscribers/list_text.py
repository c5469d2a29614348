"""Read the text of a list in the encodings that spreadsheets use, and recognise other file types."""

from __future__ import annotations

import codecs
from pathlib import Path

from generator.errors import MailError, Problem, error, warning

MAX_BYTES = 100_000_000
_EXCEL = 'In Excel, choose File > Save As > "CSV UTF-8 (Comma delimited)", and give that file to --to.'
_CALC = 'In LibreOffice, choose File > Save As > "Text CSV", and give that file to --to.'
_BINARY = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook", _EXCEL),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", _EXCEL),
    (b"%PDF", "a PDF", "Export the list as a CSV file."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
    (b"SQLite format 3", "a database", "Export the list as a CSV file."),
)
LIST_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".numbers")
_MARKUP = (
    (("<!doctype", "<html", "<?xml", "<table"), "an HTML or XML file", _EXCEL),
    (("begin:vcard",), "a file of contact cards (vCard)", "Export your contacts as CSV instead."),
    (("{", "["), "a JSON file", "Export the list as a CSV file."),
)


def looks_like_list(name: str) -> bool:
    """Return True if a text may name recipients: an e-mail address, or a file with a list."""
    return name.lower().endswith(LIST_SUFFIXES) or ("@" in name and "/" not in name)


def read_list_text(file: Path) -> tuple[str, tuple[Problem, ...]]:
    """Read a list as text: UTF-8, UTF-16 with a byte order mark, else Windows-1252 with a warning.

    Raises: MailError if the file cannot be opened, is not text, or has more than 100,000,000 bytes.
    """
    path = file.as_posix()
    data = _read(file, path)
    for start, kind, hint in _BINARY:
        if data.startswith(start):
            name = _workbook(data) if start.startswith(b"PK") else (kind, hint)
            raise MailError(error(path, "mail-list", f"This is {name[0]}, not a CSV file.", name[1]))
    text, problems = _decode(data, path)
    begins = text[:200].lstrip("\ufeff \t\r\n").casefold()
    for starts, kind, hint in _MARKUP:
        if begins.startswith(starts):
            raise MailError(error(path, "mail-list", f"This is {kind}, not a CSV file.", hint))
    return text, problems


def _nearest(file: Path) -> str:
    """Find the list beside `file` whose name is nearest, capitals aside; "" if none is near."""
    import difflib

    names = {each.name.casefold(): each for each in file.parent.glob("*.[cC][sS][vV]")} if not file.exists() else {}
    near = difflib.get_close_matches(file.name.casefold(), names, 1)
    return names[near[0]].as_posix() if near else ""


def _read(file: Path, path: str) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        reason = failure.strerror or "it cannot be read"
        near = _nearest(file)
        hint = f'Did you mean "{near}"?' if near else "Check the file name after --to."
        raise MailError(error(path, "mail-list", f"The list cannot be opened: {reason}.", hint)) from failure
    if len(data) > MAX_BYTES:
        raise MailError(
            error(path, "mail-list", f"The list is larger than {MAX_BYTES:,} bytes.", "Split it into several lists.")
        )
    return data


def _workbook(data: bytes) -> tuple[str, str]:
    """Distinguish kinds of zip file by their first bytes."""
    head = data[:4_000]
    if b"opendocument.spreadsheet" in head:
        return "a LibreOffice workbook (.ods)", _CALC
    if b"xl/" in data or b"[Content_Types].xml" in head:
        return "an Excel workbook (.xlsx)", _EXCEL
    return "a zip file", "Unpack it first, and give the CSV file inside to --to."


def _decode(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        hint = 'Save the list in your spreadsheet program as "CSV UTF-8".'
        try:
            text = data.decode("cp1252") if encoding == "utf-8-sig" else "\0"
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise MailError(error(path, "mail-list", "The list is not UTF-8 text.", hint, line=line)) from failure
        message = (
            "The list is not UTF-8 text. Openletter read it as Windows-1252, Excel's older encoding: check the names."
        )
        return text, (warning(path, "mail-encoding", message, hint, line=line),)
    if "\0" in text:
        raise MailError(error(path, "mail-list", "This is not a text file.", "Export the list as a CSV file."))
    return text, ()
