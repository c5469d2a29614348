"""Headings: levels that fit below a post's title, ids, and the contents."""

from __future__ import annotations

import re

from generator.markup.characters import CLOSE, OPEN
from generator.markup.draft import BodyFacts
from generator.markup.plaintext import LEVELS, without_marks
from generator.markup.tokens import Tokens
from generator.model import Heading
from generator.slugs import slugify

_NOT_IN_IDS = re.compile(r"[\s\"'<>&`]+")


def clean_id(name: str) -> str:
    """Take out of an id what it may not hold, or what could end an attribute."""
    return _NOT_IN_IDS.sub("", name)


def mark_ids(tokens: Tokens, found: BodyFacts) -> None:
    """Make every id of the body a placeholder, unique in it: the written ones first, as links are meant for them."""
    for place in sorted({*tokens.having("id"), *tokens.having("name")}):
        older = tokens.take(place, "name")
        name = clean_id(tokens.take(place, "id") or older)
        if name:
            tokens.mark(place, f"A{found.claim(name)}")


def mark_headings(tokens: Tokens, found: BodyFacts) -> None:
    """Shift the headings below the post's title, give an id to each, and gather the contents.

    Levels follow from the order alone: a heading stands one below the nearest earlier one that its author made
    greater, the greatest at 2. So no level is skipped, which WCAG 1.3.1 asks and the Nu validator holds for an error.
    Headings inside quotations are not part of the contents.
    """
    above: list[int] = []
    texts = without_marks(tokens, "sup")
    for start in tokens.find(*LEVELS):
        end = tokens.end_of(start)
        text = " ".join("".join(texts[start + 1 : end + 1]).split())
        if not text and "img" not in tokens.names[start:end]:
            tokens.remove(start, end)
            continue
        written = int(tokens.names[start][1])
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        level = min(len(above) + 1, 6)
        tokens.rename(start, end, f"h{level}")
        name = _marked_id(tokens.tags[start])
        if not name:
            name = found.claim(slugify(text) or "section")
            tokens.mark(start, f"A{name}")
        if text and not tokens.inside(start, "blockquote"):
            found.headings.append(Heading(level, name, text))


def _marked_id(tag: str) -> str:
    """Return the id that a tag is marked with, "" for none."""
    _, marked, rest = tag.partition(f"{OPEN}A")
    return rest.partition(CLOSE)[0] if marked else ""
