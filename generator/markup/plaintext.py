"""The plain text of a body: for search, for mail, for summaries."""

from __future__ import annotations

from generator.markup.sanitise import BLOCK
from generator.markup.tokens import Tokens

LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_STOPS = frozenset(name for block in BLOCK - {"td", "th"} for name in (block, f"/{block}"))
_FOOTNOTE_MARKS = (' class="footnote-ref"', ' class="footnote-backref"')


def without_marks(tokens: Tokens, *elements: str) -> list[str]:
    """List the texts of a body, with empty texts for footnote marks made of these elements."""
    if ' class="footnote-' not in tokens.said:
        return tokens.texts
    texts = tokens.texts.copy()
    for n in tokens.find(*elements):
        if any(sign in tokens.tags[n] for sign in _FOOTNOTE_MARKS):
            end = tokens.end_of(n) + 1
            texts[n + 1 : end] = [""] * (end - n - 1)
    return texts


def block_texts(tokens: Tokens) -> list[tuple[int, str]]:
    """List (place, text) of every block that has text, in order.

    The place is that of the tag before the text: of its block, or of another block's end. Runs of white space are one
    space, except in `pre`. The cells of a row are one text. Footnote marks are left out.
    """
    names, texts = tokens.names, without_marks(tokens, "sup", "a")
    if "br" in tokens.places or "td" in tokens.places or "th" in tokens.places:
        texts = _spaced(tokens, texts)
    blocks, begun = [], -1
    for n, name in enumerate(names):
        if name in _STOPS and (name[0] != "/" or texts[n + 1].strip()) and tokens.tags[n]:
            blocks.append((begun, "".join(texts[begun + 1 : n + 1])))
            begun = n
    blocks.append((begun, "".join(texts[begun + 1 :])))
    code = frozenset(tokens.places.get("pre", ()))
    told = [(n, text.strip("\n").rstrip() if n in code else single_spaced(text)) for n, text in blocks]
    return [block for block in told if block[1]]


def _spaced(tokens: Tokens, texts: list[str]) -> list[str]:
    """Replace each line break with a space, and put a bar between the cells of a row."""
    texts = texts.copy()
    for n in tokens.find("br"):
        texts[n + 1] = f" {texts[n + 1]}"
    for n in tokens.find("/td", "/th"):
        if not tokens.names[n + 1].startswith("/"):
            texts[n + 1] = " | "
    return texts


def single_spaced(text: str) -> str:
    """Replace every run of white space with one space; remove it at the ends.

    All other white space is unprintable, and that check takes a fifth of the time of splitting the words.
    """
    text = text.strip().replace("\n", " ")
    return text if text.isprintable() and "  " not in text else " ".join(text.split())
