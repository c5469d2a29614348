"""Read the title of a source, or make one from its text or file name."""

from __future__ import annotations

import re

from generator.importers.import_model import Topic
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, words
from generator.importers.markdown.source_text import SourceText
from generator.text.short_text import MAX_TITLE_CHARS
from generator.text.tree import Text

_HEADING = re.compile(r"#[ \t]+(?P<text>[^\n]+?)[ \t#]*(?:\n|$)")


def read_title(keys: FrontMatterKeys, read: SourceText, stem: str, *, html: bool) -> tuple[str, str, int]:
    """Return the title, the text below it and its first line number; a missing title becomes the first heading."""
    value = keys.take_one("title")
    title = words(value)
    text, line = read.text, read.body_line
    if not title:
        heading = None if html else _HEADING.match(text)
        title = words(Text(heading["text"], line, 1)) if heading else ""
        if heading and title:
            keys.note(Topic.TITLE, "No title. Openletter uses the first heading of the text.")
            below = text[heading.end() :]
            line += text.count("\n", 0, heading.end()) + len(below) - len(below.lstrip("\n"))
            text = below.lstrip("\n")
        else:
            title = _title_of(stem)
            keys.note(Topic.TITLE, f"No title. Openletter uses {title!r}, from the file name.")
    if len(title) > MAX_TITLE_CHARS:
        keys.note(
            Topic.TITLE,
            f"The title was longer than {MAX_TITLE_CHARS} characters and was cut. The whole title is in extra.",
            value,
        )
        keys.put_back("long_title", Text(title, 1, 1, True))
        title = title[: MAX_TITLE_CHARS - 1].rstrip() + "…"
    return title, text, line


def _title_of(stem: str) -> str:
    spaced = " ".join(re.split(r"[-_\s]+", stem)).strip()
    return spaced[:1].upper() + spaced[1:] or "Untitled"
