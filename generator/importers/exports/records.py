"""Read an export in XML record by record, in memory that does not grow with the file.

A record is an element such as `item` with all that is in it. Where the file is damaged, reading goes on at the next
record. A file that declares entities is refused, so no entity is ever expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from xml.parsers import expat

from generator.errors import Problem, error
from generator.importers.exports.names import canonical_name, namespaces_of
from generator.importers.exports.xml_text import XmlText

MAX_RECORD_CHARS = 64_000_000
MAX_DEPTH = 100
_AGAIN = "again"
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "source", "wbr"))


@dataclass(slots=True)
class Node:
    """An element: its name (`wp:post_id`), attributes, the texts and elements in it; `line` is where it begins."""

    name: str
    attributes: dict[str, str]
    line: int = 0
    parts: list[str | Node] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        """Return the elements in it."""
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def text(self) -> str:
        """Return its own text."""
        return "".join(part for part in self.parts if isinstance(part, str)).strip()

    def all(self, name: str) -> Iterator[Node]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)

    def get(self, name: str) -> str:
        """Return the text of the first child of a name, "" if there is none."""
        return next((child.text for child in self.all(name)), "")

    def html(self, name: str) -> str:
        """Return the HTML in the first child of a name, whether it was written as text or as elements."""
        child = next(self.all(name), None)
        if child is None:
            return ""
        return child.inner() if child.children else child.text

    def inner(self) -> str:
        """Write what is in it as HTML."""
        return "".join(
            escape(part, quote=False) if isinstance(part, str) else f"{part.start()}{part.inner()}{part.end()}"
            for part in self.parts
        )

    def start(self) -> str:
        """Write its start tag."""
        values = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        return f"<{self.name.rpartition(':')[2].lstrip('?')}{values}>"

    def end(self) -> str:
        """Write its end tag, "" if HTML has none for it."""
        name = self.name.rpartition(":")[2].lstrip("?")
        return "" if name in _VOID else f"</{name}>"


@dataclass(slots=True)
class RecordFile:
    """A file of records: `entries` are the names of the large ones, `facts` those of others to read outside of them.

    After reading, `problems` tells where the file was damaged, and `root` the name of its first element.
    """

    file: Path
    shown: str
    entries: frozenset[str]
    facts: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    root: str = ""

    def records(self) -> Iterator[Node]:
        """Yield the records in the file's order. Raises: OSError."""
        text = XmlText(self.file)
        reading = _Reading(self)
        for piece in text.pieces():
            yield from reading.feed(piece)
        yield from reading.close()
        if reading.refused:
            return
        if not self.root:
            what = "This is not an XML file." if self.file.stat().st_size else "This file is empty."
            hint = "Give the XML file that you exported."
            self.problems = [error(self.shown, "import-kind", what, hint, line=1, column=1)]
            return
        for prefix, (line, column) in reading.undeclared.items():
            message = f'The prefix "{prefix}:" is not declared. Openletter took it for what it usually is.'
            self.add(message, "Compare the entry there with the original.", line, column)
        for words, (line, column, count) in text.repairs.found.items():
            more = f" There are {count:,} in the file." if count > 1 else ""
            message = f"Here is {words}.{more} Openletter repaired it and imported the entry."
            self.add(message, "Compare the entry there with the original.", line, column)

    def add(self, message: str, hint: str, line: int, column: int) -> None:
        """Add a problem of the file."""
        self.problems.append(error(self.shown, "import-damaged", message, hint, line=line, column=column))


class _RefusedError(Exception):
    """The file declares entities."""


class _Reading:
    """The parser of a file, which starts again after damage. `_line` is the line at the start of the next piece."""

    def __init__(self, source: RecordFile) -> None:
        self._source = source
        self._next = re.compile("<(?:" + "|".join(map(re.escape, sorted(source.entries))) + r")(?=[\s>/])")
        self._spaces: dict[str, str] = {}
        self.undeclared: dict[str, tuple[int, int]] = {}
        self._line = 1
        self._looking = False
        self._tail = ""
        self.refused = self._restarted = False
        self._start()

    def _start(self) -> None:
        """Make a parser; after damage, one that knows the namespaces of the file's first elements."""
        parser: Any = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._shut
        parser.CharacterDataHandler = self._say
        parser.EntityDeclHandler = self._refuse
        self._parser = parser
        self._stack: list[Node] = []
        self._done: list[Node] = []
        self._scopes: list[dict[str, str]] = [self._spaces]
        self._skipped = self._size = self._fed = 0
        self._offset = self._line - 1

    def feed(self, piece: str) -> Iterator[Node]:
        """Parse a piece of the file; yield the records that it completes."""
        while piece and not self.refused:
            if self._looking:
                piece = self._find_next(piece)
                continue
            data = piece.encode()
            rest = self._parse(data)
            yield from self._give()
            self._line += piece.count("\n") - rest.count("\n")
            piece = rest

    def close(self) -> Iterator[Node]:
        """End the file. A record that is cut off is reported."""
        if not (self.refused or self._looking):
            try:
                self._parser.Parse(b"", True)
            except expat.ExpatError as fault:
                if not self._restarted or self._stack:
                    self._report(fault)
        yield from self._give()

    def _give(self) -> list[Node]:
        done, self._done = self._done, []
        return done

    def _parse(self, data: bytes) -> str:
        """Parse bytes; after damage, return the text behind it."""
        try:
            self._parser.Parse(data, False)
        except expat.ExpatError as fault:
            if (
                not self._restarted or self._stack
            ):  # a parser that began at a record does not know the end tags around it
                self._report(fault)
            self._looking, self._tail = True, ""
            behind = max(self._parser.ErrorByteIndex - self._fed, 0) + 1
            return data[behind:].decode("utf-8", "ignore")
        except _RefusedError:
            self.refused = True
            what = "The file declares entities (<!ENTITY …>). No export needs them, so Openletter did not read it."
            self._source.add(what, "Export the blog again.", self._parser.CurrentLineNumber, 1)
        self._fed += len(data)
        return ""

    def _find_next(self, piece: str) -> str:
        """Look for the next record after damage; return the text from there, "" if the piece has none."""
        text = self._tail + piece
        match = self._next.search(text)
        if match is None:
            self._line += piece.count("\n")
            self._tail = text[-40:]
            return ""
        self._line += text.count("\n", 0, match.start()) - self._tail.count("\n")
        self._looking, self._tail, self._restarted = False, "", True
        self._start()
        head = f"<{_AGAIN}>".encode()
        self._parser.Parse(head, False)
        self._fed = len(head)
        return text[match.start() :]

    def _report(self, fault: expat.ExpatError) -> None:
        words = expat.ErrorString(fault.code) or "not XML"
        lost = ""
        if self._stack:
            cut = self._stack[0]
            title = next((each.text for each in cut.children if each.name == "title"), "")
            named = f' "{title[:80]}"' if title else ""
            lost = f" The entry{named} that begins on line {cut.line} was not imported."
        message = f"The file is damaged here ({words}).{lost} Openletter imported everything else that it could read."
        hint = "Export the blog again, or repair the file at this place."
        self._source.add(message, hint, self._offset + fault.lineno, fault.offset + 1)

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        declared = namespaces_of(attributes)
        self._scopes.append({**self._scopes[-1], **declared} if declared else self._scopes[-1])
        named = canonical_name(name, self._scopes[-1])
        prefix = name.rpartition(":")[0]
        if prefix and prefix not in self._scopes[-1] and prefix not in self.undeclared:
            self.undeclared[prefix] = (
                self._parser.CurrentLineNumber + self._offset,
                self._parser.CurrentColumnNumber + 1,
            )
        if name != _AGAIN:
            self._source.root = self._source.root or named
        if not self._stack and named not in self._source.entries and named not in self._source.facts:
            self._spaces = {**self._spaces, **declared}
            return
        if len(self._stack) >= MAX_DEPTH:
            self._skipped += 1
            return
        node = Node(named, attributes, self._parser.CurrentLineNumber + self._offset)
        if self._stack:
            self._stack[-1].parts.append(node)
        self._stack.append(node)

    def _shut(self, _: str) -> None:
        self._scopes.pop()
        if self._skipped:
            self._skipped -= 1
        elif self._stack:
            node = self._stack.pop()
            if not self._stack:
                self._size = 0
                self._done.append(node)

    def _say(self, text: str) -> None:
        if self._stack:
            self._size += len(text)
            if self._size <= MAX_RECORD_CHARS:
                self._stack[-1].parts.append(text)
