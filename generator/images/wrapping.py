"""Break a text into lines of pixels: the largest size that fits, lines of like length, three dots as a last resort."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from generator.images.faces import SetText

_LEADING = 1.12
_CLOSING = "、。，．：；！？）」』】〉》〕…ー々"
_OPENING = "（「『【〈《〔"


class Block(Struct, frozen=True):
    """Lines of one size in pixels, and the distance from one line to the next."""

    lines: tuple[str, ...]
    size: int
    leading: int


class _Token(Struct, frozen=True):
    """A piece that is not broken, unless it is wider than a line; `space` says whether a space comes before it."""

    text: str
    space: bool


def fit_block(words: SetText, width: int, height: int, sizes: Sequence[int]) -> Block:
    """Set a text in a box: in the first of `sizes` (the largest first) that holds it, else cut off in the last one."""
    tokens = list(_tokens(words.text))
    for size in sizes:
        ruler = _Ruler(words, size)
        most = max(1, int(height / (size * _LEADING)))
        if all(ruler.width(token.text) <= width for token in tokens):
            lines = _wrap(tokens, ruler, width)
            if len(lines) <= most:
                return Block(tuple(_balance(tokens, ruler, width, len(lines))), size, round(size * _LEADING))
    lines = _wrap([piece for token in tokens for piece in _split(token, ruler, width)], ruler, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], cut_off(words, " ".join(lines[most - 1 :]), size, width)]
    return Block(tuple(lines), size, round(size * _LEADING))


def cut_off(words: SetText, text: str, size: int, width: int) -> str:
    """Shorten a text to a width, with three dots at its end; it stays whole if it fits."""
    ruler = _Ruler(words, size)
    if ruler.width(text) <= width:
        return text
    short, long = 0, len(text)
    while short < long:
        middle = (short + long + 1) // 2
        short, long = (middle, long) if ruler.width(_dotted(text, middle)) <= width else (short, middle - 1)
    return _dotted(text, short)


def _dotted(text: str, length: int) -> str:
    return text[:length].rstrip(" \u00a0,;:–—-") + "…"


class _Ruler:
    """Measures texts of one face and size."""

    def __init__(self, words: SetText, size: int) -> None:
        self._font = words.face.at(size)
        self._known: dict[str, float] = {}
        self.space = self.width("\u00a0")

    def width(self, text: str) -> float:
        if text not in self._known:
            self._known[text] = self._font.getlength(text)
        return self._known[text]


def _tokens(text: str) -> Iterator[_Token]:
    """Break a text at spaces, after hyphens and slashes, and between the characters of Chinese and Japanese."""
    for word in text.split(" "):
        space = True
        for piece in _pieces(word):
            yield _Token(piece, space)
            space = False


def _pieces(word: str) -> Iterator[str]:
    piece = ""
    for character in word:
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING:
        return False
    if before in "-–/" and after.isalnum():
        return True
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W" and not "\uac00" <= character <= "\ud7a3"  # Korean has spaces


def _split(token: _Token, ruler: _Ruler, width: int) -> Iterator[_Token]:
    """Break a piece that is wider than a line wherever the line ends."""
    rest, space = token.text, token.space
    while ruler.width(rest) > width:
        short, long = 1, len(rest)
        while short < long:
            middle = (short + long + 1) // 2
            short, long = (middle, long) if ruler.width(rest[:middle]) <= width else (short, middle - 1)
        yield _Token(rest[:short], space)
        rest, space = rest[short:], False
    yield _Token(rest, space)


def _wrap(tokens: Sequence[_Token], ruler: _Ruler, width: float) -> list[str]:
    """Fill lines one after the other."""
    lines: list[str] = []
    line, used = "", 0.0
    for token in tokens:
        glue = " " if token.space and line else ""
        more = ruler.width(token.text) + (ruler.space if glue else 0.0)
        if line and used + more > width:
            lines.append(line)
            line, used = token.text, ruler.width(token.text)
        else:
            line, used = line + glue + token.text, used + more
    return [*lines, line]


def _balance(tokens: Sequence[_Token], ruler: _Ruler, width: int, count: int) -> list[str]:
    """Fill as many lines, each as short as it can be, so that the last one is not a single word."""
    narrow, wide = width // 2, width
    wrap = partial(_wrap, tokens, ruler)
    while narrow < wide:
        middle = (narrow + wide) // 2
        if len(wrap(middle)) <= count and all(ruler.width(token.text) <= middle for token in tokens):
            wide = middle
        else:
            narrow = middle + 1
    return wrap(wide)
