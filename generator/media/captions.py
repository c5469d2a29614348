"""Check captions of films: WebVTT files, which browsers ignore as a whole, or a cue at a time, if they are damaged."""

from __future__ import annotations

import re
from pathlib import Path

from generator.errors import Problem, warning

MAX_BYTES = 10_000_000
_TIME = r"(?:[0-9]{2,}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_WRONG_ARROW = re.compile(r"[ \t]*[0-9:.,]+[ \t]*(?:-{1,2}[ \t]*>|[-–—]+>|[→⟶➔]|={1,2}>)[ \t]*[0-9:.,]+[ \t]*")
_CUE = re.compile(rf"[ \t]*({_TIME})[ \t]+-->[ \t]+({_TIME})(?:[ \t].*)?")


def check_captions(path: str, file: Path) -> tuple[Problem, ...]:
    """Check a file whose name ends in .vtt: its encoding, its first line, the times of its cues.

    Reports the first mistake alone. Raises: OSError. Source: W3C WebVTT, 4.1 and 6.1.
    """
    if not path.lower().endswith(".vtt"):
        return ()
    if file.stat().st_size > MAX_BYTES:
        return (_problem(path, 0, "They are larger than 10 MB.", "Check whether this is a file of captions."),)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        before = file.read_bytes()[: reason.start]
        return (_problem(path, before.count(b"\n") + 1, "They are not UTF-8.", "Save the file as UTF-8."),)
    return _check_lines(path, re.split("\r\n|\n|\r", text))


def _check_lines(path: str, lines: list[str]) -> tuple[Problem, ...]:
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        hint = "Begin the file with the line WEBVTT and an empty line."
        return (_problem(path, 1, "The first line is not WEBVTT, so browsers ignore the whole file.", hint),)
    if len(lines) > 1 and lines[1].strip() and "-->" in lines[1]:
        return (_problem(path, 2, "There is no empty line after WEBVTT.", "Add one below the first line."),)
    for number, line in enumerate(lines, 1):
        if "-->" not in line and not _WRONG_ARROW.fullmatch(line):
            continue
        match = _CUE.fullmatch(line)
        if match is None:
            hint = "Write it as 00:01.000 --> 00:04.000: three digits after a full stop, and --> between spaces."
            return (_problem(path, number, f'"{line.strip()[:80]}" has no times that browsers can read.', hint),)
        if _seconds(match[1]) >= _seconds(match[2]):
            hint = "Correct one of the two times."
            return (_problem(path, number, f"The caption ends at {match[2]}, before it begins.", hint),)
    return ()


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.split(":"):
        total = total * 60 + float(part)
    return total


def _problem(path: str, line: int, message: str, hint: str) -> Problem:
    return warning(path, "captions-broken", f"These captions are damaged. {message}", hint, line=line)
