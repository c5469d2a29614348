"""Convert kramdown's attribute lists: keep ids of headings; remove and note the rest (classes, targets, contents)."""

from __future__ import annotations

import re

from generator.importers.import_model import Note, Topic
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.markup.code_spans import TextPiece, change_outside_code

_LIST = re.compile(r"(?P<before>\n?[ \t>]{0,20})?\{:(?P<inner>[^{}\n]{0,300})\}(?P<after>[ \t]*(?=\n|$))?")
_ATTRIBUTE = re.compile(r"""\s*(?:[.#][\w:-]+|[\w-]+\s*=\s*(?:"[^"]*"|'[^']*')|toc\b|no_toc\b|footnotes\b)""")
_HEADING_ID = re.compile(
    r"^(?P<heading>#{1,6} [^\n]*?)(?:[ \t]*\n[ \t]*|[ \t]+)\{:[ \t]*#(?P<id>[\w:-]+)[^{}\n]*\}", re.M
)
_CONTENTS = re.compile(r"^[ \t]*(?:[*+-]|1\.)[ \t]+\w[^\n]*\n[ \t]*\{:\s*toc\b[^{}\n]*\}[ \t]*\n?", re.M | re.I)
_WITH_MARKDOWN = re.compile(r"""(<[a-z]+(?: [^<>\n]*)? markdown=["']?(?:1|block)["']?[^<>\n]*>)[ \t]*\n(?!\n)""")
_EXTENSION = re.compile(r"\{:(?:/|:/?)\w*[^{}\n]*\}")
_COMMENT = re.compile(r"(?<!`)\{::comment\}.*?\{:/(?:comment)?\}", re.DOTALL)


def drop_attributes(text: str, post: MarkdownPost, notes: list[Note]) -> str:
    """Remove kramdown's attribute lists from a post's text, except in code.

    Adds a blank line before Markdown in an HTML block (`markdown="1"`), as CommonMark requires.
    """
    if post.html or not post.dialect.attribute_lists:
        return text
    text = _WITH_MARKDOWN.sub(r"\1\n\n", text) if "markdown=" in text else text
    if "{:" not in text:
        return text

    if "{::comment}" in text:
        notes.append(Note(Topic.ATTRIBUTE, "A comment of kramdown.", post.origin.path))
        text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)

    def gone(what: str) -> str:
        notes.append(Note(Topic.ATTRIBUTE, f"`{what.strip()[:60]}` was removed.", post.origin.path))
        return ""

    def one(match: re.Match[str]) -> str:
        rest = match["inner"].strip()
        at = 0
        while found := _ATTRIBUTE.match(rest, at):
            at = found.end()
        if at < len(rest) or not rest:
            return match[0]
        return gone(f"{{:{match['inner']}}}") + ("" if match["after"] is not None else (match["before"] or ""))

    def change(piece: TextPiece) -> str:
        kept = _CONTENTS.sub(lambda match: gone("{:toc}"), piece.text)
        kept = _HEADING_ID.sub(r"\g<heading> {#\g<id>}", kept)
        return _LIST.sub(one, _EXTENSION.sub(lambda match: gone(match[0]), kept))

    return change_outside_code(text, change)
