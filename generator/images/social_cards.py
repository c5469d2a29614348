"""Draw the card of a post for link previews: masthead, title, author and accent on 1200 by 630 pixels."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.images.faces import SetText
from generator.images.wrapping import cut_off, fit_block
from generator.model import CardColours

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 630
_MARGIN = 88
_ROOM = WIDTH - 2 * _MARGIN
_BAR = 18
_MASTHEAD_SIZE, _MASTHEAD_BASELINE = 36, 96
_RULES = ((118, 6), (130, 2), (530, 2))  # from the top: where, and how thick
_TITLE_TOP, _TITLE_BOTTOM = 160, 508
_TITLE_SIZES = (92, 84, 76, 70, 64, 58, 52, 46)
_AUTHOR_SIZE, _AUTHOR_BASELINE = 34, 582
_MARK = 18
_LEVELS = 20  # between the paper and a colour: three colours of 21 steps each and the paper are 64
_FAINT = 255 // (2 * _LEVELS)
_COMPRESSION = 7  # 12 ms for a long title; level 9 takes 100 ms to save 6 %


class CardDrawing(Struct, frozen=True):
    """What a card shows."""

    masthead: SetText
    title: SetText
    author: SetText | None
    colours: CardColours


def draw_card(card: CardDrawing) -> bytes:
    """Draw a card as a PNG of 64 colours. The bytes depend on the arguments, the fonts and the libraries alone.

    Raises: OSError if a font cannot be read.
    """
    from PIL import Image, ImageDraw

    layers = {name: Image.new("L", (WIDTH, HEIGHT), 0) for name in ("ink", "muted", "accent")}
    pens = {name: ImageDraw.Draw(layer) for name, layer in layers.items()}
    pens["accent"].rectangle((0, 0, WIDTH, _BAR - 1), fill=255)
    for top, thickness in _RULES:
        pens["ink"].rectangle((_MARGIN, top, WIDTH - _MARGIN - 1, top + thickness - 1), fill=255)
    _draw_line(pens["ink"], card.masthead, card.masthead.text, _MASTHEAD_SIZE, _MASTHEAD_BASELINE)
    _draw_title(pens["ink"], card.title)
    if card.author:
        _draw_line(pens["muted"], card.author, card.author.text, _AUTHOR_SIZE, _AUTHOR_BASELINE, _ROOM - 3 * _MARK)
    _draw_mark(pens["accent"], at_left=(card.author or card.title).is_rtl)
    return _encoded(layers, card.colours)


def _draw_title(pen: ImageDraw.ImageDraw, title: SetText) -> None:
    """Draw the title in its box, in the middle between the rules."""
    room = _TITLE_BOTTOM - _TITLE_TOP
    block = fit_block(title, _ROOM, room, _TITLE_SIZES)
    ascent = round(block.size * 0.72)  # of the capitals, about: what the eye sees as the top of a line
    free = room - (len(block.lines) - 1) * block.leading - ascent
    for number, line in enumerate(block.lines):
        baseline = _TITLE_TOP + free // 2 + ascent + number * block.leading
        _draw_line(pen, title, line, block.size, baseline)


def _draw_line(
    pen: ImageDraw.ImageDraw, words: SetText, line: str, size: int, baseline: int, width: int = _ROOM
) -> None:
    """Draw a line at the margin at which its script begins."""
    line = cut_off(words, line, size, width)
    side, edge = ("rs", WIDTH - _MARGIN) if words.is_rtl else ("ls", _MARGIN)
    direction = ("rtl" if words.is_rtl else "ltr") if words.face.layout == "raqm" else None
    pen.text((edge, baseline), line, fill=255, font=words.face.at(size), anchor=side, direction=direction)


def _draw_mark(pen: ImageDraw.ImageDraw, *, at_left: bool) -> None:
    """Draw the small square that ends a letter, across from the author."""
    left = _MARGIN if at_left else WIDTH - _MARGIN - _MARK
    pen.rectangle((left, _AUTHOR_BASELINE - _MARK, left + _MARK - 1, _AUTHOR_BASELINE - 1), fill=255)


def _encoded(layers: dict[str, Image.Image], colours: CardColours) -> bytes:
    """Write the layers, which do not meet, as one picture with a palette: no colour has to be searched for."""
    from PIL import Image, ImageChops

    paper = _rgb(colours.paper)
    palette = [*paper]
    whole = Image.new("L", (WIDTH, HEIGHT), 0)
    for number, (name, layer) in enumerate(layers.items()):
        base = 1 + number * (_LEVELS + 1)
        steps = [0 if value <= _FAINT else base + round(value * _LEVELS / 255) for value in range(256)]
        whole = ImageChops.lighter(whole, layer.point(steps))
        ink = _rgb(getattr(colours, name))
        for level in range(_LEVELS + 1):
            palette += [round(a + (b - a) * level / _LEVELS) for a, b in zip(paper, ink, strict=True)]
    picture = Image.new("P", (WIDTH, HEIGHT))
    picture.frombytes(whole.tobytes())
    picture.putpalette(palette)
    result = BytesIO()
    picture.save(result, "PNG", compress_level=_COMPRESSION)
    return result.getvalue()


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
