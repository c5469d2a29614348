"""Find the line of a problem by searching its source: converted HTML has no positions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import tee
from pathlib import Path
from urllib.parse import unquote

from generator.content.read import decode_source, read_source
from generator.content.site_files import ContentFile, ContentScan
from generator.errors import ContentError
from generator.text.places import places

Place = tuple[int, int]
"""A line and a column, both from 1; (0, 0) if they are not known."""

_FRONT_MATTER = re.compile(
    r"\A\ufeff?\s*(?:---.*?^(?:---|\.\.\.)\s*?$|\+\+\+.*?^\+\+\+\s*?$|\{\n.*?^\}\s*?$)", re.M | re.S
)
_UNREAD = re.compile(
    r"^([ \t>]*)(`{3,}|~{3,}).*?(?:^[ \t>]*\2|\Z)|(?<!`)(`+)(?!`).{1,1000}?(?<!`)\3(?!`)|<!--.*?(?:-->|\Z)", re.M | re.S
)
"""Blocks and spans of code, and comments: what looks like a link there is none. Linear on hostile texts."""


class Locator:
    """Finds words in the sources of a scan: call it for words of the front matter, ask `in_text` for links."""

    def __init__(self, root: Path, found: ContentScan) -> None:
        self._root = root
        self._found = found
        self._last = ("", "", "", "")

    def __call__(self, path: str, words: str, field: str = "", /) -> Place:
        """Find words in the front matter, after its `field` if one is named; else the field, else any such words.

        A file without front matter, such as one with comments, is searched as a whole.
        """
        head, _, text = self._parts(path)
        begin = _find_field(head, field) if field else 0
        at = next(_find_words(head, words, max(begin, 0)), begin if field else -1)
        if at < 0:
            at = next(_find_words(text, words, 0), -1)
        return _place(text, at)

    def in_text(self, path: str, target: str) -> tuple[Place, ...]:
        """Find all places of a link or picture in the text, at least one: (0, 0) if it is not there.

        `target` is what the author wrote. If no link has it, other words that equal it are found.
        """
        _, body, text = self._parts(path)
        for searched, pattern in ((body, _LINK), (body, _WORDS), (text, _WORDS)):
            found = {at for words in _spellings(target) for at in _matches(pattern, searched, words)}
            if found:
                return tuple(_place(text, at) for at in sorted(found))
        return (_place(text, text.find(target) if target else -1),)

    def find(self, path: str, pattern: re.Pattern[str]) -> Iterator[Place]:
        """Find all places of a pattern in the text of a source, code and comments excepted."""
        return (place for _, place in self.matches(path, pattern))

    def matches(self, path: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Place]]:
        """Find all matches of a pattern in the text of a source, as `find` does, each with its place."""
        _, body, text = self._parts(path)
        counted, found = tee(pattern.finditer(body))
        yield from zip(found, places(text, (each.start() for each in counted)), strict=True)

    def prose(self, path: str, fields: Iterable[str]) -> str:
        """Return a source with blanks for all but its words: those of its text and of some fields of front matter.

        Lines and columns stay where they are. Code, comments, tags, addresses and the targets of links are blank.
        """
        head, body, _ = self._parts(path)
        wanted = re.compile(rf"(?im)^[\"']?(?:{'|'.join(map(re.escape, fields))})[\"']?[ \t]*[:=](.*)$")
        shown, end = list[str](), 0
        for found in wanted.finditer(head):
            shown += (_blank_lines(head[end : found.start(1)]), found[1])
            end = found.end(1)
        return "".join(shown) + _blank_lines(head[end:]) + _NO_PROSE.sub(_blank, body)[len(head) :]

    def _parts(self, path: str) -> tuple[str, str, str]:
        """Return a source's front matter, its body with blanks for all that is no link, and its whole text.

        Problems come in the order of the sources, so that one is remembered.
        """
        if self._last[0] != path:
            text = self._read(path)
            found = _FRONT_MATTER.match(text)
            head = found[0] if found else ""
            self._last = (path, head, _UNREAD.sub(_blank, " " * len(head) + text[len(head) :]), text)
        return self._last[1:]

    @cached_property
    def _files(self) -> Mapping[str, ContentFile]:
        return self._found.by_path()

    def _read(self, path: str) -> str:
        try:
            return decode_source(path, read_source(self._root / self._files[path].real, path))
        except (ContentError, KeyError):
            return ""


_NO_PROSE = re.compile(
    r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|^ {0,3}\[[^\]\n]+\]:[^\n]*$|<[^<>\n]{1,2000}>"
    r"|\b(?:https?://|www\.)\S+|(?<![^\s()<>])[^\s()<>@]+@\S+|\{[^{}\n]*\}",
    re.M,
)
"""What is no prose: targets of links, tags, addresses and attributes. Linear on hostile texts."""
_LINK = r"(?:\]\(\s*<?|\]:\s*<?|=\s*[\"']?)({})(?=[\s>)\"']|$)"
_WORDS = r"(?<![\w./-])({})(?![\w/-])"


def _matches(pattern: str, text: str, words: str) -> Iterator[int]:
    for found in re.finditer(pattern.format(re.escape(words)), text):
        yield found.start(1)


def _find_field(head: str, field: str) -> int:
    """Find a key of the front matter, "author" also as "authors"; -1 if there is none."""
    found = re.search(rf"^[ \t]*[\"']?({re.escape(field)}s?)[\"']?\s*[:=]", head, re.M | re.I)
    return found.start(1) if found else -1


def _find_words(text: str, words: str, begin: int) -> Iterator[int]:
    """Find words as they are, or in another spelling of the same: whole words first."""
    for spelling in _spellings(words):
        yield from (at for at in _matches(_WORDS, text, spelling) if at >= begin)
    for spelling in _spellings(words):
        if (at := text.find(spelling, begin)) >= 0:
            yield at


def _spellings(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (words, unquote(words), words.replace("&", "&amp;")) if each))


def _blank(found: re.Match[str]) -> str:
    return _blank_lines(found[0])


def _blank_lines(text: str) -> str:
    """Replace every character but line ends with a blank."""
    return re.sub(r"[^\n]", " ", text)


def _place(text: str, at: int) -> Place:
    return (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (0, 0)
