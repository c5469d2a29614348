"""Names of emoji, `:smile:`, where the old generator turned them into the emoji themselves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from generator.importers.import_model import Note, Topic
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.markup.code_spans import TextPiece, change_outside_code
from generator.markup.emoji import find_emoji

_NAME = re.compile(
    r"(?P<apart><[A-Za-z!/][^<>]*>|https?://\S+|\]\([^()\n]{0,2000}\)|^ {0,3}\[[^\[\]\n]+\]:[^\n]*"
    r"|[\x01{][\x01{%<][^\x01{}\n]*\})"
    r"|(?<![\d:]):(?P<word>[a-z][a-z0-9_+-]{0,60}|[+-]1):(?!:)|(?<![\w:/.]):(?P<number>[0-9]{3,4}):(?!\w)",
    re.MULTILINE,
)
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s")
_RAW = re.compile(r"<(?:pre|code|kbd|script|style)\b", re.IGNORECASE)
_RAW_END = re.compile(r"</(?:pre|code|kbd|script|style)\b", re.IGNORECASE)


def replace_emoji_names(text: str, post: MarkdownPost, notes: list[Note]) -> str:
    """Put emoji in the place of their names, if the post's generator did; unknown names stay and are noted."""
    if not post.project.emoji or ":" not in text:
        return text

    raw = 0
    unknown: set[str] = set()
    indented = [] if post.html else list(_find_indented_code(text))

    def one(match: re.Match[str], start: int) -> str:
        nonlocal raw
        if match["apart"]:
            raw = max(0, raw + (1 if _RAW.match(match[0]) else -1 if _RAW_END.match(match[0]) else 0))
            return match[0]
        name = match["word"] or match["number"]
        at = bisect_right(indented, (start + match.start(), len(text))) - 1
        if raw or (at >= 0 and start + match.start() < indented[at][1]):
            return match[0]
        emoji = find_emoji(name)
        if not emoji:
            unknown.add(name)
        return emoji or match[0]

    def change(piece: TextPiece) -> str:
        return _NAME.sub(lambda match: one(match, piece.start), piece.text)

    made = change(TextPiece(0, text, False)) if post.html else change_outside_code(text, change)
    notes += _list_unknown(unknown, post) if unknown else []
    return made


def _find_indented_code(text: str) -> Iterator[tuple[int, int]]:
    """Find the lines of code that are set off by four spaces: below a blank line, and outside of lists."""
    at, in_list, open_ = 0, False, True
    for line in text.splitlines(keepends=True):
        indented = line.startswith(("    ", "\t"))
        if not line.strip():
            open_ = True
        elif indented and open_ and not in_list:
            yield at, at + len(line)
        else:
            in_list = _ITEM.match(line) is not None or (in_list and (indented or not open_))
            open_ = False
        at += len(line)


def _list_unknown(names: set[str], post: MarkdownPost) -> Iterator[Note]:
    """Note each line of the source that has one of these names."""
    for number, line in enumerate(post.text.split("\n"), post.body_line):
        for match in _NAME.finditer(line) if ":" in line else ():
            name = match["word"] or match["number"]
            if name in names:
                yield Note(Topic.TEMPLATE, f"`:{name}:`", post.origin.path, number)
