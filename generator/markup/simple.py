"""Tell which bodies need no tree: nearly all that engines make of Markdown without HTML, footnotes, notes and figures.

Such a body holds nothing that the steps of `rework` change, and stands in the form that a tree would be written in.
What is not certain gets a tree, so every rule here errs on that side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from generator.markup.characters import MORE
from generator.markup.tokens import Tokens

_INLINE_WORDS = "a abbr b cite code del em i ins kbd mark s samp small span strong sub sup u"
_INLINE = _INLINE_WORDS.split()
_VOID = ["br", "img"]
_LEAVES = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"]
_BOXES = ["blockquote", "li", "td", "th"]
_ROWS = {"thead": ["tr"], "tbody": ["tr"], "tr": ["td", "th"]}
_INSIDE = {"ul": ["li"], "ol": ["li"], "table": ["thead", "tbody"]} | _ROWS
"""What may stand in the elements that hold no text."""

_SIGNS = ("[ ] ", "[x] ", "[X] ", "[!")
"""Of task lists, of notes and pull quotes."""

_VALUE = '"[^"<>]+"'
_COMMON = f" (?:class|id|lang|hreflang|aria-label)={_VALUE}"
_TAG = re.compile(
    f"<(?:(?:{'|'.join([*_INLINE, *_LEAVES, 'ul', 'ol', 'li', 'blockquote'])})(?:{_COMMON}| (?:title|href)={_VALUE})+"
    f'|img(?:{_COMMON}| (?:src|width|height)={_VALUE}| alt="[^"<>]*")+'
    '|ol start="(?:0|[1-9][0-9]{0,8})"'
    '|t[hd] align="(?:left|center|right)")>'
)
"""The tags with attributes, of which none is changed but by steps that need no tree."""


def _ends(names: Iterable[str]) -> list[str]:
    return [f"/{name}" for name in names]


_FLOW = [*_LEAVES, "ul", "ol", "blockquote", "hr", "table"]
_FIRST = frozenset([*_INLINE, *_VOID, *_FLOW])


def _pairs() -> Iterator[tuple[list[str], list[str]]]:
    """Return which tags may follow which: as every element is closed, that says what may stand in what.

    No block stands in what is inline, for nothing inline may follow a block's end, not even the end of what is inline.
    """
    words = [*_INLINE, *_VOID]
    yield _INLINE, [*words, *_ends(_INLINE)]
    yield [*_ends(_INLINE), *_VOID], [*words, *_ends(_INLINE), *_FLOW, *_ends(_LEAVES), *_ends(_BOXES)]
    yield [*_ends(_FLOW), "hr"], [*_FLOW, *_ends(_BOXES)]
    for name in _LEAVES:
        yield [name], [*words, f"/{name}"]
    for name in _BOXES:
        yield [name], [*words, *_FLOW, f"/{name}"]
    for name, inner in _INSIDE.items():
        yield [name, *_ends(inner)], [*inner, f"/{name}"]


_PAIRS = frozenset(pair for before, after in _pairs() for pair in product(before, after))
_TEXTLESS = frozenset([*_INSIDE, *(end for inner in _INSIDE.values() for end in _ends(inner))])


def is_simple(tokens: Tokens, html: str) -> bool:
    """Return True if a sanitised body needs no tree."""
    if ("[" in html and any(sign in html for sign in _SIGNS)) or "\r" in html or MORE in html:
        return False
    if not all(map(_TAG.fullmatch, tokens.special)):
        return False
    names = tokens.names
    if names and (names[0] not in _FIRST or not _PAIRS.issuperset(pairwise(names))):
        return False
    bare = [tokens.texts[n + 1] for name in _TEXTLESS & tokens.places.keys() for n in tokens.places[name]]
    return not "".join(bare).strip()
