"""Export an issue for a mail service: a folder with HTML, text and pictures, written whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from generator.clock import Clock
from generator.errors import ConfigError, MailError, Problem, error, has_errors
from generator.model import Letter
from generator.newsletter.checks.preflight import run_preflight
from generator.newsletter.export.pictures import render_letter_pictures
from generator.newsletter.export.service_placeholders import escape_in_html, escape_in_text
from generator.newsletter.export.services import MailService, fill_html, fill_text, pack_files
from generator.newsletter.issue import RenderedIssue, with_rendered_issue
from generator.newsletter.message.reader_name import protect_between

UNSUBSCRIBE_PLACEHOLDER = "{{ unsubscribe }}"
"""The placeholder that most services replace with their unsubscribe link."""
HTML_FILE, TEXT_FILE, ABOUT_FILE, PICTURE_FOLDER = "letter.html", "letter.txt", "about.txt", "pictures"
MARKER = ".openletter-export"
_NO_SENDER = "mail-sender"
_MARK = b"Written by openletter newsletter export; replaced by the next one.\n"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class LetterExport:
    """The files of an export: path in its folder → bytes, and the letter they are made from."""

    slug: str
    files: Mapping[str, bytes]
    letter: Letter | None = None


def check_placeholder(text: str) -> str:
    """Refuse a placeholder that would break the HTML: it is written unescaped into a quoted attribute.

    Raises: ConfigError.
    """
    if not text.strip() or '"' in text or len(text) > 200 or not text.isprintable():
        hint = "Use the placeholder of your mail service, such as *|UNSUB|* or {{ unsubscribe }}."
        raise ConfigError(error("", "option", f'"{text}" cannot be the placeholder of the unsubscribe link.', hint))
    return text


def export_issue(
    root: Path,
    name: str,
    clock: Clock,
    service: MailService,
    *,
    relative: bool = False,
    at: datetime | None = None,
) -> tuple[tuple[Problem, ...], LetterExport | None]:
    """Render an issue and make its export; None if there is an error.

    A missing sender is not an error here, because the mail service sets the sender.

    Raises: as `with_rendered_issue`.
    """

    def use(rendered: RenderedIssue) -> tuple[tuple[Problem, ...], LetterExport | None]:
        problems = tuple(each for each in run_preflight(rendered) if each.code != _NO_SENDER)
        if has_errors(problems):
            return problems, None
        return problems, make_export(rendered, service, relative=relative)

    return with_rendered_issue(root, name, clock, use, at)


def make_export(rendered: RenderedIssue, service: MailService, *, relative: bool = False) -> LetterExport:
    """Make the files of an issue; with `relative`, the HTML shows the folder's pictures, not the site's.

    An archive that holds the letter always shows the pictures in it.
    """
    letter, pictures = rendered.letter, render_letter_pictures(rendered)
    names = _file_names(pictures)
    html = letter.html
    if relative or service.packs_letter:
        for url, name in names.items():
            html = html.replace(f'"{escape(url)}"', f'"{PICTURE_FOLDER}/{name}"')
    subject, preheader = escape_in_text(letter.subject), escape_in_text(letter.preheader)
    about = f"Subject: {subject}\nPreheader: {preheader}\nWeb page: {letter.url}\n"
    html, text = (
        protect_between(written, protect)
        for written, protect in ((html, escape_in_html), (letter.text, escape_in_text))
    )
    postal_address = rendered.site.inputs.config.in_language(letter.language).newsletter.postal_address
    html = fill_html(service, html, letter.url, postal_address)
    text = fill_text(service, text, letter.url, postal_address)
    about += f"Unsubscribe placeholder: {service.unsubscribe_text or service.unsubscribe}\n"
    shown = {f"{PICTURE_FOLDER}/{name}": pictures[url] for url, name in names.items()}
    page = {} if service.text_only else {HTML_FILE: html.encode("utf-8", "replace")}
    files = {
        MARKER: _MARK,
        **page,
        TEXT_FILE: text.encode("utf-8", "replace"),
        ABOUT_FILE: about.encode("utf-8", "replace"),
        **({} if service.text_only else shown),
    }
    if service.packed:
        files[service.packed] = pack_files({**(page if service.packs_letter else {}), **shown})
    return LetterExport(letter.slug, files, letter)


def _file_names(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Name each picture's file after the picture; names differ in more than case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for url in pictures:
        path = PurePosixPath(unquote(urlsplit(url).path))
        stem, suffix = _UNSAFE.sub("-", path.name[: -len(path.suffix)]).strip("-.")[:80] or "picture", path.suffix
        name, number = f"{stem}{suffix}", 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}{suffix}", number + 1
        taken.add(name.lower())
        names[url] = name
    return names


def write_export(folder: Path, exported: LetterExport) -> None:
    """Write an export into `folder`, atomically replacing an older export.

    Raises: MailError if the folder contains anything else or cannot be written.
    """
    if folder.exists() and not _is_ours(folder):
        message = f"{folder} already exists and is not an export of an issue."
        raise MailError(error("", "mail-output", message, "Choose another place with --output."))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".openletter-", dir=folder.parent) as name:
            fresh, old = Path(name) / "new", Path(name) / "old"
            for path, data in exported.files.items():
                file = fresh / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            _swap(folder, fresh, old)
    except OSError as reason:
        message = f"{folder} cannot be written: {reason.strerror or reason}."
        raise MailError(error("", "mail-output", message, "Choose another place with --output.")) from reason


def _is_ours(folder: Path) -> bool:
    try:
        return folder.is_dir() and ((folder / MARKER).read_bytes() == _MARK or not any(folder.iterdir()))
    except OSError:
        return folder.is_dir() and not any(folder.iterdir())


def _swap(folder: Path, fresh: Path, old: Path) -> None:
    """Replace the old folder with the new one; on failure, restore the old one."""
    existed = folder.exists()
    if existed:
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if existed:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
