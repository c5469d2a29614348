"""Headings: levels that fit below a post's title, ids, and the contents."""

from __future__ import annotations

import re

from generator.markup.characters import CLOSE, MORE, OPEN
from generator.markup.draft import BodyFacts
from generator.markup.plaintext import LEVELS, without_marks
from generator.markup.tokens import Tokens
from generator.model import Heading
from generator.slugs import slugify

_NOT_IN_IDS = re.compile(r"[\s\"'<>&`]+")


def clean_id(name: str) -> str:
    """Remove characters from an id that are not allowed or could end an attribute."""
    return _NOT_IN_IDS.sub("", name)


def mark_ids(tokens: Tokens, found: BodyFacts) -> None:
    """Replace every id of the body with a unique placeholder: the author's ids first, because links name them."""
    for place in sorted({*tokens.having("id"), *tokens.having("name")}):
        older = tokens.take(place, "name")
        name = clean_id(tokens.take(place, "id") or older)
        if name:
            tokens.mark(place, f"A{found.claim(name)}")


def mark_headings(tokens: Tokens, found: BodyFacts) -> None:
    """Move the headings below the level of the post's title, give each an id, and collect the table of contents.

    Levels follow from the order alone: a heading is one level below the nearest earlier heading that its author made
    higher; the highest level is 2. So no level is skipped: WCAG 1.3.1 requires this, and the Nu validator checks it.
    Headings inside quotations are not part of the contents.
    """
    above: list[int] = []
    texts = without_marks(tokens, "sup")
    for start in tokens.find(*LEVELS):
        end = tokens.end_of(start)
        text = " ".join("".join(texts[start + 1 : end + 1]).replace(MORE, "").split())
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
    """Return the id in a tag's placeholder; "" if there is none."""
    _, marked, rest = tag.partition(f"{OPEN}A")
    return rest.partition(CLOSE)[0] if marked else ""
