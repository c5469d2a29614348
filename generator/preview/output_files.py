"""Find the file for an address that a browser asks for; it is never outside the preview's folder."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

_OURS = ".openletter"  # the marker of the folder, files that are being written
_NOT_ON_WINDOWS = frozenset('<>:"|?*')


@dataclass(frozen=True, slots=True)
class ServedOutput:
    """The target of an address: a file, or another address (`redirect`). `path` is below the output folder.

    If there is no file, `path` is where the file would have to be.
    """

    path: str
    file: Path | None = None
    redirect: str = ""


NO_OUTPUT = ServedOutput("")
NOT_FOUND = "404.html"


def find_output(raw_path: bytes, base_path: str, output: Path) -> ServedOutput:
    """Find the file for a path as the browser sent it (percent-encoded, without the query).

    Clean addresses: `/a/` is `a/index.html`; `/a` redirects to `/a/`, or is `a.html` if that file exists.
    """
    text = _decode_path(raw_path)
    if text is None:
        return NO_OUTPUT
    if not text.startswith(base_path):
        return ServedOutput("", redirect=quote(base_path)) if text in ("/", base_path.rstrip("/")) else NO_OUTPUT
    path = text[len(base_path) :]
    if not is_safe(path.removesuffix("/")):
        return NO_OUTPUT
    if not path or path.endswith("/"):
        return _find_file(path + "index.html", output)
    plain = _find_file(path, output)
    if plain.file is not None:
        return plain
    if _find_file(path + "/index.html", output).file is not None:
        return ServedOutput(path + "/index.html", redirect=quote(text) + "/")
    page = _find_file(path + ".html", output)
    return page if page.file is not None else plain


def list_needed(raw_path: bytes, base_path: str, output: Path) -> tuple[str, ...]:
    """List the outputs that decide the answer to a request: those at its address, and the 404 page if there are none.

    An output that is not there yet counts too, because the answer will be another one when it is.
    """
    place = find_output(raw_path, base_path, output)
    text = (_decode_path(raw_path) or "")[len(base_path) :]
    needed = (place.path,) if not text or text.endswith("/") else (text, f"{text}/index.html", f"{text}.html")
    return needed if place.file is not None or place.redirect else (*needed, NOT_FOUND)


def is_safe(path: str) -> bool:
    """Return True if a relative path stays inside a folder and is not one of the generator's own files."""
    parts = path.split("/")
    if path and any(part in ("", ".", "..") or part.startswith(_OURS) for part in parts):
        return False
    return not (os.name == "nt" and any(not _NOT_ON_WINDOWS.isdisjoint(part) for part in parts))


def _decode_path(raw_path: bytes) -> str | None:
    try:
        text = unquote_to_bytes(raw_path).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.startswith("/") or "\\" in text or any(sign < " " or sign == "\x7f" for sign in text):
        return None
    return text


def _find_file(path: str, output: Path) -> ServedOutput:
    """Find a regular file that is in the output folder after links are resolved."""
    try:
        file = (output / path).resolve(strict=True)
        if file.is_relative_to(output.resolve()) and stat.S_ISREG(file.stat().st_mode):
            return ServedOutput(path, file)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a link to itself, before Python 3.13
        pass
    return ServedOutput(path)
