"""Turn an extension's errors into problems with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.errors import Problem, error
from generator.registry import RegistrationError

HINT = "Correct it, or remove the extension from use in [extensions]. See docs/extending.md."


def fault(reason: BaseException, files: Mapping[str, str], what: str, otherwise: tuple[str, int]) -> Problem:
    """Make a problem of an exception, at the innermost line of the extension, else at the given place.

    `files` maps the names of files in tracebacks to the paths that problems name.
    """
    path, line = place(reason, files) or otherwise
    return error(path, "extension-failed", f"{what}: {said(reason)}", HINT, line=line)


def place(reason: BaseException, files: Mapping[str, str]) -> tuple[str, int] | None:
    """Find the innermost line of an extension in a traceback: path and line."""
    if isinstance(reason, SyntaxError) and reason.filename and reason.filename in files:
        return files[reason.filename], reason.lineno or 0
    found = None
    traceback = reason.__traceback__
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file in files:
            found = (files[file], traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def said(reason: BaseException) -> str:
    """Write an exception's message as one sentence."""
    try:
        words = reason.msg if isinstance(reason, SyntaxError) else str(reason)
    except Exception:  # its own __str__ fails
        words = ""
    words = words.encode("utf-8", "replace").decode()
    if isinstance(reason, RegistrationError):
        return words
    return f"{type(reason).__name__}: {words.rstrip('.')}." if words else f"{type(reason).__name__}."


def defined(function: Any, files: Mapping[str, str], module: str) -> tuple[str, int]:
    """Return where a function is defined; the extension's module if that is unknown."""
    code = getattr(function, "__code__", None)
    return (files[code.co_filename], code.co_firstlineno) if code and code.co_filename in files else (module, 0)
