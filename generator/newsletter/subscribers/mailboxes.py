"""Read the mails of a mailbox without changing it: an mbox file, a Maildir, or a folder of an IMAP server."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.errors import MailError, error
from generator.newsletter.secrets import KEYRING_SERVICE, find_secret

IMAP_VARIABLE = "OPENLETTER_IMAP_PASSWORD"
_TIMEOUT_S = 30.0
_BATCH = 50


def read_mailbox(source: str) -> Iterator[bytes]:
    """Yield each mail of a mailbox as bytes: `source` is a path, or `imaps://USER@HOST/FOLDER`.

    Raises: MailError if it does not exist or is not a mailbox, or the server refuses.
    """
    if "://" in source:
        yield from _read_imap(source)
        return
    place = Path(source)
    try:
        yield from _read_maildir(place) if place.is_dir() else _read_mbox(place)
    except OSError as failure:
        message = f"The mailbox cannot be read: {failure.strerror or failure}."
        raise MailError(error(source, "mail-mailbox", message, "Check the path.")) from failure


def _read_mbox(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        start = stream.read(5)
    if start and start != b"From ":
        hint = "Export the mailbox from your mail program as mbox, or give its Maildir folder."
        message = 'This is not an mbox file: it does not begin with "From ".'
        raise MailError(error(file.as_posix(), "mail-mailbox", message, hint))
    box = mailbox.mbox(file, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()


def _read_maildir(folder: Path) -> Iterator[bytes]:
    if not (folder / "cur").is_dir() and not (folder / "new").is_dir():
        hint = "Give the folder that contains the folders cur and new."
        raise MailError(error(folder.as_posix(), "mail-mailbox", "This folder is not a Maildir.", hint))
    for file in sorted(each for name in ("cur", "new") for each in (folder / name).glob("*") if each.is_file()):
        yield file.read_bytes()


def _read_imap(url: str) -> Iterator[bytes]:
    parts = urlsplit(url)
    user, host = unquote(parts.username or ""), parts.hostname or ""
    if parts.scheme != "imaps" or not user or not host or parts.password:
        hint = f"Write it as imaps://USER@imap.example.org/INBOX, with %40 for an @ in USER, and set {IMAP_VARIABLE}."
        raise MailError(error("", "mail-mailbox", "This is not a mailbox address.", hint))
    password = find_secret(IMAP_VARIABLE, f"{user}@{host}")
    if not password:
        hint = f'Set {IMAP_VARIABLE}, or store it: keyring set {KEYRING_SERVICE} "{user}@{host}"'
        raise MailError(error("", "mail-mailbox", f"There is no password for {user} at {host}.", hint))
    folder = unquote(parts.path.strip("/")) or "INBOX"
    with _imap_errors(host):
        server = imaplib.IMAP4_SSL(
            host, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT_S
        )
        try:
            server.login(user, password)
            status, answer = server.select(_quote(folder), readonly=True)
            if status != "OK":
                raise imaplib.IMAP4.error(f"{folder}: {_text(answer)}")
            yield from _fetch_all(server)
        finally:
            server.logout()


def _fetch_all(server: imaplib.IMAP4_SSL) -> Iterator[bytes]:
    """Yield all mails of the selected folder; PEEK keeps them unread."""
    _, answer = server.uid("SEARCH", "ALL")
    ids = (answer[0] or b"").split()
    for at in range(0, len(ids), _BATCH):
        batch = b",".join(ids[at : at + _BATCH]).decode("ascii")
        _, parts = server.uid("FETCH", batch, "(BODY.PEEK[]<0.200000>)")
        yield from (part[1] for part in parts if isinstance(part, tuple))


@contextmanager
def _imap_errors(host: str) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, OSError, UnicodeError) as failure:
        message = f"The mails at {host} cannot be read: {_text(failure.args) or failure}."
        raise MailError(
            error("", "mail-mailbox", message, "Check the server, the folder and the password.")
        ) from failure


def _quote(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(answer: object) -> str:
    first = answer[-1] if isinstance(answer, list | tuple) and answer else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
