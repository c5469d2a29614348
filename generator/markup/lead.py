"""The lead of a body: the plain text that stands for a document in lists, feeds, mails and search results."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from generator.markup.plaintext import LEVELS
from generator.markup.tokens import VOID, Tokens
from generator.patterns import lazy_pattern

LEAST, MOST = 160, 200
"""How long a lead made of paragraphs is, in characters, if there is enough text."""

_SALUTATION_CHARS = 80
_NEAR = 32  # tags
_GREETINGS = 2  # "Dear colleagues," and "Good morning!"
_WORD_CUT = 120  # a space before this place is too early: the text is in a script that writes words together

_STOP = lazy_pattern(r"""[.!?…]["'”’“»)\]]*(?=\s|$)|[。！？｡।॥۔؟።]["”’」』）]*""")
_ABBREVIATED = re.compile(r"(?:\b[A-ZÄÖÜÉ]\w{0,2}|\b\w|\b\d{1,2})\.$")
"""What a full stop belongs to without ending a sentence: "Dr.", "z. B.", "3. Mai"."""

_ABBREVIATION_CHARS = 8
_OPEN_ENDS = (*",،，、", " –", " —", " -")
_CALLS = tuple(":：!！")

Block = tuple[int, str]
"""A block's place in the tokens, and its text."""


def find_lead(tokens: Tokens, blocks: list[Block], excerpt_blocks: int) -> str:
    """Choose the text of a summary: the excerpt's blocks, else the first paragraphs, else any block.

    A paragraph inside another element, such as a quotation, is not used. A salutation before the text is passed over.
    """
    if excerpt_blocks:
        above = _without_headings(tokens, blocks[:excerpt_blocks])
        return " ".join(text for _, text in _after_salutation(tokens, above))
    begun = _after_salutation(tokens, blocks)
    if lead := _gather(text for place, text in begun if _stands_alone(tokens, place)):
        return shorten(lead)
    others = [*_without_headings(tokens, begun), *blocks]
    return shorten(others[0][1]) if others else ""


def shorten(text: str) -> str:
    """Cut a text after 160 to 200 characters, at a sentence's end, else after a word with an ellipsis."""
    if len(text) <= MOST:
        return text
    ends = [end for end in _sentence_ends(text, LEAST - 1, MOST + 1) if LEAST <= end <= MOST]
    return text[: ends[-1]] if ends else f"{_whole_words(text).rstrip(' ,;:–—-([«„“')}…"


def is_salutation(text: str) -> bool:
    """Return True if a paragraph has the shape of a salutation: short, and open at its end: "Dear colleagues,"."""
    if len(text) > _SALUTATION_CHARS:
        return False
    while text and (text[-1].isspace() or unicodedata.category(text[-1]) in ("So", "Sk", "Mn", "Cf")):  # "Hello! 👋"
        text = text[:-1]
    if text.endswith(_CALLS):
        return not any(end < len(text) for end in _sentence_ends(text, 0, len(text)))
    return text.endswith(_OPEN_ENDS)


def _without_headings(tokens: Tokens, blocks: Sequence[Block]) -> list[Block]:
    headings = frozenset(tokens.find(*LEVELS))
    return [block for block in blocks if block[0] not in headings]


def _after_salutation(tokens: Tokens, blocks: Sequence[Block]) -> Sequence[Block]:
    """Leave out the salutations that the text begins with; none if there is nothing else to read."""
    for number, (place, text) in enumerate(blocks):
        if not _stands_alone(tokens, place):
            continue
        rest = blocks[number + 1 :]
        for _ in range(_GREETINGS):
            if not rest or not is_salutation(text) or _introduces(tokens, text, rest[0][0]):
                break
            blocks, (place, text), rest = rest, rest[0], rest[1:]
            if not _stands_alone(tokens, place):
                break
        break
    return blocks


def _introduces(tokens: Tokens, text: str, following: int) -> bool:
    """Return True if a paragraph's colon announces what follows, such as a list: then it is no salutation."""
    return text.endswith((":", "：")) and not _stands_alone(tokens, following)


def _stands_alone(tokens: Tokens, place: int) -> bool:
    """Return True if the tag of a block begins a paragraph that is in no other element."""
    if place < 0 or tokens.names[place] != "p":
        return False
    if place > _NEAR:
        return not tokens.depth(place)
    before = tokens.names[:place]  # most leads are near the beginning, and to count all depths takes longer
    ends = sum(name[0] == "/" for name in before)
    return len(before) - sum(name in VOID for name in before) == 2 * ends


def _gather(paragraphs: Iterator[str]) -> str:
    """Join as many paragraphs as a lead needs."""
    lead = ""
    for paragraph in paragraphs:
        lead = f"{lead} {paragraph}" if lead else paragraph
        if len(lead) >= LEAST:
            break
    return lead


def _sentence_ends(text: str, begin: int, end: int) -> Iterator[int]:
    """List the places after the last sign of each sentence; a full stop in an abbreviation ends none."""
    for found in _STOP.finditer(text, begin, end):
        at = found.end()
        following = text[at : at + 2].lstrip()[:1]
        before = text[max(0, at - _ABBREVIATION_CHARS) : at]
        if not (found[0] == "." and (following.islower() or _ABBREVIATED.search(before))):
            yield at


def _whole_words(text: str) -> str:
    """Cut a long text at the end of a word, with room for an ellipsis; where no spaces are, between letters."""
    cut = text.rfind(" ", 0, MOST)
    if cut < _WORD_CUT and not text[cut + 1 : MOST].isascii():
        cut = MOST - 1
        while cut > 1 and (unicodedata.category(text[cut])[0] == "M" or "\u200d" in text[cut - 1 : cut + 1]):
            cut -= 1
    return text[: cut if cut > 0 else MOST - 1]
