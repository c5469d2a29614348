"""Read an XML file as repaired text, a piece at a time, and remember where it was wrong.

Exports contain bytes that XML forbids: control characters, `&` that begins no reference, HTML's names of characters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from pathlib import Path

_CHUNK_BYTES = 1 << 18
_MAX_MARKUP_CHARS = 1 << 16
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TOKEN = re.compile(
    r"(?P<bad>[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ufffd\ud800-\udfff])"
    r"|(?P<cdata><!\[CDATA\[)|(?P<note><!--)"
    r"|&(?P<known>(?:amp|lt|gt|quot|apos);)|&(?P<number>#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});)"
    r"|&(?P<name>[A-Za-z][A-Za-z0-9]{1,30};)|(?P<and>&)"
)
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ufffd\ud800-\udfff]")
_KINDS = {"bad": "a character that XML does not allow", "and": 'an "&" that should be "&amp;"'}
_KINDS["name"] = "the name of a character that XML does not know"
_KINDS["number"] = _KINDS["bad"]


@dataclass(slots=True)
class Repairs:
    """What was repaired: what it was → the line and column of the first, and how many there were."""

    found: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def add(self, kind: str, line: int, column: int) -> None:
        """Count one more repair."""
        words = _KINDS[kind]
        first = self.found.get(words, (line, column, 0))
        self.found[words] = (first[0], first[1], first[2] + 1)


@dataclass(slots=True)
class XmlText:
    """The text of a file, in repaired pieces."""

    file: Path
    repairs: Repairs = field(default_factory=Repairs)
    read_bytes: int = 0
    _line: int = 1
    _column: int = 1
    _within: str = ""

    def pieces(self) -> Iterator[str]:
        """Yield the repaired text; a piece never ends inside a reference or a mark of CDATA. Raises: OSError."""
        with self.file.open("rb") as stream:
            head = stream.read(_CHUNK_BYTES)
            decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
            rest, first = "", True
            while head:
                self.read_bytes += len(head)
                text = rest + decoder.decode(head)
                text = re.sub(r"^\s*(?:<\?xml[^>]*\?>)?", _blank, text, count=1) if first else text
                first = False
                cut = _safe_end(text)
                yield self._repair(text[:cut])
                rest = text[cut:]
                head = stream.read(_CHUNK_BYTES)
            yield self._repair(rest + decoder.decode(b"", final=True))

    def _repair(self, text: str) -> str:
        out: list[str] = []
        at = 0
        while at < len(text):
            if self._within:
                end = text.find(self._within, at)
                stop = len(text) if end < 0 else end + len(self._within)
                out.append(_BAD.sub(lambda match: self._drop(text, match), text[at:stop]))
                self._within = "" if end >= 0 else self._within
                at = stop
                continue
            match = _TOKEN.search(text, at)
            if match is None:
                break
            out += [text[at : match.start()], self._token(text, match)]
            at = match.end()
        else:
            at = len(text)
        if not self._within:
            out.append(text[at:])
        self._advance(text)
        return "".join(out)

    def _token(self, text: str, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind in ("cdata", "note"):
            self._within = "]]>" if kind == "cdata" else "-->"
            return match[0]
        if kind == "known" or (kind == "number" and _allowed(match["number"])):
            return match[0]
        self.repairs.add(kind, *self._place(text, match.start()))
        if kind == "name" and match["name"] in html5:
            return html5[match["name"]].replace("&", "&amp;").replace("<", "&lt;")
        return "" if kind in ("bad", "number") else f"&amp;{match[0][1:]}"

    def _drop(self, text: str, match: re.Match[str]) -> str:
        self.repairs.add("bad", *self._place(text, text.find(match[0])))
        return ""

    def _place(self, text: str, at: int) -> tuple[int, int]:
        lines = text.count("\n", 0, at)
        column = at - text.rfind("\n", 0, at) if lines else self._column + at
        return self._line + lines, column

    def _advance(self, text: str) -> None:
        self._line, self._column = self._place(text, len(text))


def _encoding(head: bytes) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    declared = _DECLARED.match(head)
    try:
        return codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        return "utf-8"


def _blank(match: re.Match[str]) -> str:
    """Keep the lines of the declaration, so that places stay true."""
    return "\n" * match[0].count("\n")


def _allowed(number: str) -> bool:
    code = int(number[2:-1], 16) if number[1] == "x" else int(number[1:-1])
    return code in (9, 10, 13) or (32 <= code < 0xFFFE and not 0xD800 <= code < 0xE000) or 0x10000 <= code < 0x110000


def _safe_end(text: str) -> int:
    """Return the end of a text without a reference, a mark of CDATA or a comment that it may have cut."""
    end = len(text)
    for sign, longest in (("&", 40), ("<", 10), ("]", 3), ("-", 3)):
        at = text.rfind(sign, max(0, end - longest))
        while at >= 0 and at == end - 1 and sign in "]-" and at > len(text) - 3:
            end = at
            at = text.rfind(sign, max(0, end - 1), end)
        if at >= 0 and sign in "&<" and ";" not in text[at:end] and ">" not in text[at:end]:
            end = min(end, at)
    return end
