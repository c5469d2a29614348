"""Read a source as its generator would: front matter in any form, Pelican's headers, duplicate keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from generator.content.front_matter import Front, read_front
from generator.content.read import decode_source, read_source
from generator.errors import ContentError
from generator.importers.import_model import Note, Origin, Topic
from generator.text.tree import DuplicateKeyError, Table, Text, Value

_HEADER = re.compile(r"[A-Za-z][\w -]{0,40}:(?:[ \t]|$)")
_KEY = re.compile(r"([\w.-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?=\s|$)")
_MAX_HEADER_LINES = 100
_MAX_TWICE = 50


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source as read. `mark` shows the form of its front matter: `-`, `+` or `{`, `:` for headers, "" for none."""

    table: Table
    text: str
    body_line: int
    mark: str
    notes: tuple[Note, ...] = ()


def read_text(origin: Origin) -> SourceText:
    """Read a source. Raises: ContentError with its path if it cannot be read or decoded."""
    text = decode_source(origin.path, read_source(origin.file, origin.path))
    try:
        front = read_front(origin.path, text)
    except DuplicateKeyError as refusal:
        return _without_twins(origin, text, refusal)
    except ContentError as refusal:
        if {problem.code for problem in refusal.problems} == {"no-front-matter"}:
            return _headers(text) or SourceText(Table({}, 1, 1), text.lstrip("\n"), 1 + _lead(text), "")
        raise
    return _made(front, text)


def _made(front: Front, text: str, notes: tuple[Note, ...] = ()) -> SourceText:
    return SourceText(front.table, front.text, front.body_line, text.lstrip()[:1], notes)


def _headers(text: str) -> SourceText | None:
    """Read Pelican's headers (`Title: …` on the first lines) as Python-Markdown's `meta` extension does."""
    from markdown import Markdown
    from markdown.extensions.meta import MetaPreprocessor

    lead = _lead(text)
    lines = text.split("\n")[lead : lead + _MAX_HEADER_LINES]
    if not lines or not _HEADER.match(lines[0]):
        return None
    converter = Markdown()
    left = MetaPreprocessor(converter).run(list(lines))
    meta: dict[str, list[str]] = getattr(converter, "Meta", {})
    if "title" not in meta or len(left) == len(lines):
        return None
    entries: dict[str, tuple[Text, Value]] = {}
    for key, values in meta.items():
        line = next((n for n, line in enumerate(lines, lead + 1) if line.lower().startswith(f"{key}:")), lead + 1)
        value = _join(key, values) if key in ("tags", "authors") else " ".join(values).strip()
        entries[key] = (Text(key, line, 1), Text(value, line, 1, True))
    begin = lead + len(lines) - len(left)
    body = "\n".join(text.split("\n")[begin:])
    return SourceText(Table(entries, lead + 1, 1), body.lstrip("\n"), begin + 1 + _lead(body), ":")


def _join(key: str, lines: list[str]) -> str:
    """Join the lines of a list. A comma may be part of a name where a semicolon is, or where authors have lines."""
    written = [line.rstrip(",; ") for line in lines if line.strip(",; ")]
    apart = any(";" in unescape(line) for line in lines) or (key == "authors" and len(written) > 1)
    return ("; " if apart else ", ").join(written) + (";" if apart else "")


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


def _without_twins(origin: Origin, text: str, refusal: DuplicateKeyError) -> SourceText:
    """Read again without the first of each duplicate key, because the old generator used the last one."""
    if any(problem.column != 1 for problem in refusal.problems):  # below the top level, it is unclear which counts
        raise refusal
    lines = text.split("\n")
    notes: list[Note] = []
    for at in _lines_to_drop(refusal):
        match = _KEY.match(lines[at])
        if match is None:
            raise refusal
        end = at + 1
        while end < len(lines) and lines[end].startswith((" ", "\t", "- ")):
            end += 1
        lost = " ".join(" ".join(lines[at:end])[match.end() :].split())[:200]
        words = f"{match[1]} occurs twice. Openletter uses the last one. Removed: {lost or 'nothing'}."
        notes.append(Note(Topic.DUPLICATE, words, origin.path, at + 1))
        lines[at:end] = ["# " + line for line in lines[at:end]]
    mended = "\n".join(lines)
    return _made(read_front(origin.path, mended), mended, tuple(notes))


def _lines_to_drop(refusal: DuplicateKeyError) -> list[int]:
    """List the places of the keys that are set again further down, as indexes of lines."""
    places: dict[int, list[int]] = {}
    for line, first in sorted(refusal.first_lines.items())[:_MAX_TWICE]:
        places.setdefault(first, [first]).append(line)
    return sorted(line - 1 for lines in places.values() for line in lines[:-1])
