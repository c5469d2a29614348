"""Find the line of a problem by searching its source: converted HTML has no positions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from generator.content.read import decode_source, read_source
from generator.content.site_files import ContentFile, ContentScan
from generator.engine.text_index import Place, TextIndex
from generator.errors import ContentError
from generator.patterns import lazy_pattern

_FRONT_MATTER = lazy_pattern(
    r"\A\ufeff?\s*(?:---.*?^(?:---|\.\.\.)\s*?$|\+\+\+.*?^\+\+\+\s*?$|\{\n.*?^\}\s*?$)", re.M | re.S
)
_UNREAD = lazy_pattern(
    r"^([ \t>]*)(`{3,}|~{3,}).*?(?:^[ \t>]*\2|\Z)|(?<!`)(`+)(?!`).{1,1000}?(?<!`)\3(?!`)|<!--.*?(?:-->|\Z)", re.M | re.S
)
"""Blocks and spans of code, and comments: what looks like a link there is none. Linear on hostile texts."""
_UNREAD_MARKS = ("`", "~~~", "<!--")
"""Each of them has one of these."""


class _Source:
    """A source: its front matter, and its whole text."""

    def __init__(self, path: str, text: str) -> None:
        found = _FRONT_MATTER.match(text)
        self.path = path
        self.head = TextIndex(found[0] if found else "")
        self.whole = TextIndex(text)

    @cached_property
    def body(self) -> TextIndex:
        """Its body, with blanks for the front matter and for all that is no link."""
        head, text = self.head.text, self.whole.text
        body = " " * len(head) + text[len(head) :]
        return TextIndex(_UNREAD.sub(_blank, body) if any(map(body.__contains__, _UNREAD_MARKS)) else body)


class Locator:
    """Finds words in the sources of a scan: call it for words of the front matter, ask `in_text` for links."""

    def __init__(self, root: Path, found: ContentScan) -> None:
        self._root = root
        self._found = found
        self._last = _Source("", "")

    def __call__(self, path: str, words: str, field: str = "", /) -> Place:
        """Find words in the front matter, after its `field` if one is named; else the field, else any such words.

        A file without front matter, such as one with comments, is searched as a whole.
        """
        source = self._open(path)
        begin = _find_field(source.head.text, field) if field else 0
        at = next(_find_words(source.head, words, max(begin, 0)), begin if field else -1)
        if at < 0:
            at = next(_find_words(source.whole, words, 0), -1)
        return source.whole.place(at)

    def in_text(self, path: str, target: str) -> tuple[Place, ...]:
        """Find all places of a link or picture in the text, at least one: (0, 0) if it is not there.

        `target` is what the author wrote. If no link has it, other words that equal it are found.
        """
        source = self._open(path)
        for find in (source.body.find_links, source.body.find_words, source.whole.find_words):
            found = {at for words in _spellings(target) for at in find(words)}
            if found:
                return tuple(map(source.whole.place, sorted(found)))
        return (source.whole.place(source.whole.text.find(target) if target else -1),)

    def find(self, path: str, pattern: re.Pattern[str]) -> Iterator[Place]:
        """Find all places of a pattern in the text of a source, code and comments excepted."""
        return (place for _, place in self.matches(path, pattern))

    def matches(self, path: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Place]]:
        """Find all matches of a pattern in the text of a source, as `find` does, each with its place."""
        source = self._open(path)
        for found in pattern.finditer(source.body.text):
            yield found, source.whole.place(found.start())

    def prose(self, path: str, fields: Iterable[str]) -> str:
        """Return a source with blanks for all but its words: those of its text and of some fields of front matter.

        Lines and columns stay where they are. Code, comments, tags, addresses and the targets of links are blank.
        """
        source = self._open(path)
        head, body = source.head.text, source.body.text
        wanted = re.compile(rf"(?im)^[\"']?(?:{'|'.join(map(re.escape, fields))})[\"']?[ \t]*[:=](.*)$")
        shown, end = list[str](), 0
        for found in wanted.finditer(head):
            shown += (_blank_lines(head[end : found.start(1)]), found[1])
            end = found.end(1)
        return "".join(shown) + _blank_lines(head[end:]) + _NO_PROSE.sub(_blank, body)[len(head) :]

    def _open(self, path: str) -> _Source:
        """Read a source. Problems come in the order of the sources, so that one is remembered."""
        if self._last.path != path:
            self._last = _Source(path, self._read(path))
        return self._last

    @cached_property
    def _files(self) -> Mapping[str, ContentFile]:
        return self._found.by_path()

    def _read(self, path: str) -> str:
        try:
            return decode_source(path, read_source(self._root / self._files[path].real, path))
        except (ContentError, KeyError):
            return ""


_NO_PROSE = lazy_pattern(
    r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|^ {0,3}\[[^\]\n]+\]:[^\n]*$|<[^<>\n]{1,2000}>"
    r"|\b(?:https?://|www\.)\S+|(?<![^\s()<>])[^\s()<>@]+@\S+|\{[^{}\n]*\}",
    re.M,
)
"""What is no prose: targets of links, tags, addresses and attributes. Linear on hostile texts."""


def _find_field(head: str, field: str) -> int:
    """Find a key of the front matter, "author" also as "authors"; -1 if there is none."""
    found = re.search(rf"^[ \t]*[\"']?({re.escape(field)}s?)[\"']?\s*[:=]", head, re.M | re.I)
    return found.start(1) if found else -1


def _find_words(index: TextIndex, words: str, begin: int) -> Iterator[int]:
    """Find words as they are, or in another spelling of the same: whole words first."""
    for spelling in _spellings(words):
        yield from (at for at in index.find_words(spelling) if at >= begin)
    for spelling in _spellings(words):
        if (at := index.text.find(spelling, begin)) >= 0:
            yield at


def _spellings(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (words, unquote(words), words.replace("&", "&amp;")) if each))


def _blank(found: re.Match[str]) -> str:
    return _blank_lines(found[0])


def _blank_lines(text: str) -> str:
    """Replace every character but line ends with a blank."""
    return re.sub(r"[^\n]", " ", text)
