"""Open a source in an editor that has its own window."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.preview.problem_json import find_source_file

_VARIABLES = ("OPENLETTER_EDITOR", "VISUAL", "EDITOR")
_IN_A_TERMINAL = frozenset({"vi", "vim", "nvim", "nano", "pico", "emacs", "hx", "helix", "kak", "micro", "ed", "joe"})
_AT_A_LINE = {
    "code": ("--goto", "{file}:{line}"),
    "codium": ("--goto", "{file}:{line}"),
    "cursor": ("--goto", "{file}:{line}"),
    "subl": ("{file}:{line}",),
    "zed": ("{file}:{line}",),
    "mate": ("--line", "{line}", "{file}"),
    "gedit": ("{file}", "+{line}"),
    "kate": ("--line", "{line}", "{file}"),
}


def open_source(root: Path, path: str, line: int, command: Sequence[str] | None = None) -> str:
    """Open the file that a problem or a page names; returns "" if the editor started, else the reason."""
    file = find_source_file(path, root)
    if file is None:
        return "This site has no such file."
    chosen = list(command) if command else find_editor()
    if not chosen:
        return "No editor was found. Start the preview with --editor, or set OPENLETTER_EDITOR."
    words = [word.replace("{file}", str(file)).replace("{line}", str(max(1, line))) for word in chosen]
    try:
        subprocess.Popen(  # noqa: S603 - the command is the user's own, no shell reads it
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root
        )
    except OSError as reason:
        return f"The editor {words[0]} could not be started: {reason.strerror or reason}."
    return ""


def find_editor() -> list[str]:
    """Find an editor as a command with {file} and {line}: the user's, a well-known one, or the system's default."""
    for variable in _VARIABLES:
        command = parse_editor(os.environ.get(variable, ""))
        if command and (variable == "OPENLETTER_EDITOR" or Path(command[0]).stem not in _IN_A_TERMINAL):
            return command
    known = next((name for name in _AT_A_LINE if shutil.which(name)), None)
    if known:
        return [known, *_AT_A_LINE[known]]
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    return [opener, "{file}"] if shutil.which(opener) else []


def parse_editor(text: str) -> list[str]:
    """Split a command like a shell; without {file}, the file is added at the end."""
    try:
        words = shlex.split(text, posix=os.name != "nt")
    except ValueError:
        return []
    if not words or any("{file}" in word for word in words):
        return words
    return [*words, *_AT_A_LINE.get(Path(words[0]).stem, ("{file}",))]
