"""Read and write `approvals/ISSUE.toml`, which belongs in Git: its history shows who approved what."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from generator.digest import digest
from generator.errors import MailError, error
from generator.newsletter.delivery.approval_values import ApprovalFile, Approver, LetterToApprove
from generator.store.atomic import replace_file

APPROVAL_FOLDER = "approvals"
_NOTE = "# Written by `openletter newsletter approve`. Keep this file in Git, and do not edit it.\n"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class _Stored(msgspec.Struct, frozen=True):
    """The tables of the file."""

    issue: str
    digest: str
    sender: str
    subject: str
    preheader: str
    recipients: int
    list: str
    html: str
    text: str
    approved: tuple[Approver, ...] = ()
    pictures: tuple[dict[str, str], ...] = ()
    translations: tuple[dict[str, str], ...] = ()


def approval_file(root: Path, slug: str) -> Path:
    """Locate the approvals of an issue."""
    return root / APPROVAL_FOLDER / f"{slug}.toml"


def read_approvals(root: Path, slug: str) -> ApprovalFile | None:
    """Read the approvals of an issue; None if there are none.

    Raises: MailError if the file is damaged or was edited: its digest must fit its content.
    """
    file = approval_file(root, slug)
    path = file.relative_to(root).as_posix()
    try:
        stored = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _Stored)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, msgspec.ValidationError) as failure:
        raise MailError(
            error(path, "mail-approval", f"The approvals cannot be read: {failure}.", _RESTORE)
        ) from failure
    pictures = tuple((each.get("url", ""), each.get("digest", "")) for each in stored.pictures)
    letter = LetterToApprove(
        sender=stored.sender,
        subject=stored.subject,
        preheader=stored.preheader,
        recipients=stored.recipients,
        list_digest=stored.list,
        html_digest=stored.html,
        text=stored.text,
        pictures=pictures,
        translations=tuple((each.get("language", ""), each.get("digest", "")) for each in stored.translations),
    )
    if digest(letter) != stored.digest:
        message = "The approvals were edited or damaged: the digest does not fit the letter in the file."
        raise MailError(error(path, "mail-approval", message, _RESTORE))
    return ApprovalFile(stored.issue, letter, stored.approved)


def write_approvals(root: Path, slug: str, content: ApprovalFile) -> Path:
    """Write the approvals of an issue, atomically; return the file.

    Raises: MailError if it cannot be written.
    """
    letter = content.letter
    lines = [
        _pair("issue", content.issue),
        _pair("digest", digest(letter)),
        _pair("sender", letter.sender),
        _pair("subject", letter.subject),
        _pair("preheader", letter.preheader),
        f"recipients = {letter.recipients}\n",
        _pair("list", letter.list_digest),
        _pair("html", letter.html_digest),
        f'text = """\n{_escape_lines(letter.text)}"""\n',
        *(f"\n[[approved]]\n{_pair('by', each.by)}at = {_moment(each.at)}\n" for each in content.approvers),
        *(f"\n[[pictures]]\n{_pair('url', url)}{_pair('digest', value)}" for url, value in letter.pictures),
        *(
            f"\n[[translations]]\n{_pair('language', language)}{_pair('digest', value)}"
            for language, value in letter.translations
        ),
    ]
    file = approval_file(root, slug)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, (_NOTE + "".join(lines)).encode())
    except OSError as failure:
        message = f"The approval cannot be written: {failure.strerror or failure}."
        raise MailError(error(file.relative_to(root).as_posix(), "mail-approval", message)) from failure
    return file


def _pair(name: str, value: Any) -> str:
    """Write one line; JSON's escapes are valid in TOML, except that TOML also escapes DEL."""
    return f"{name} = {json.dumps(value, ensure_ascii=False)}\n".replace("\x7f", "\\u007f")


def _escape_lines(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = f'{escaped[:-1]}\\"' if escaped.endswith('"') else escaped
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


_RESTORE = "Restore the file from Git, or delete it and ask for approval again."
