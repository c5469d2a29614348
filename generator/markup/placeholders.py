"""Placeholders: gaps in a stored body that are filled in for each page, listing, feed and mail.

A placeholder is U+FDD0, a code, U+FDD1: noncharacters that no text can contain (see `characters`).

| code | stands for | resolved to |
|---|---|---|
| `L3` | link 3's attribute | ` href="…"`; only the words if the link is broken |
| `S3`, `P3` | a player's file, its still picture (numbered as links) | ` src="…"`, ` poster="…"` |
| `I2|300||…` | picture 2, width and height as its author gave them, attributes | `<img …>`, or a link with the host |
| `J2|||…` | the same inside a link | `<img …>`, or its text |
| `V4` | the player of film or sound 4 | `<video …>` or `<audio …>`, only on the page |
| `O4`, `W4` | the beginning and end of its caption | a link to it, its length and size |
| `E0` | film 0 on another host | attributes for the script that loads it on a click, only on the page |
| `Q0` | fenced block 0, such as figures | what the page, mail or text shows of it |
| `Aname` | an id | ` id="name"`, only on the page |
| `Ffn-x-1`, `Gfn-x-1` | a footnote's id, a link to one | ` id="…"`, ` href="#…"`, with `key` before it |
| `Tlabel`, `K` | the role of a table, of code | ` role="group" tabindex="0" aria-label="…"`, not in feeds and mails |
| `D`, `Dx` | the name of a task's box, still to do or done | ` aria-label="…"` |
| `B1-2` | the name of a footnote's way back | ` aria-label="…"` |
| `Nwarning` | the title of a note without one | the word of its kind, such as `Warning` |

Words are looked up when a body is shown, so a stored body is the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from generator.markup.characters import CAPTION, CLOSE, OPEN
from generator.model import Body
from generator.patterns import lazy_pattern
from generator.words import ENGLISH, Words

_PICTURE = lazy_pattern(f"{OPEN}[IJ]([0-9]+)")
_TITLE = lazy_pattern(f"{OPEN}N([a-z]+){CLOSE}")
_LEVEL = lazy_pattern(r"(</?h)([2-6])(?=[ >])")
_DEAD = f"{OPEN}X{CLOSE}"
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*?"""
_LINK_TAG = lazy_pattern(f"<a((?:[ {OPEN}]{_ATTRIBUTES})?)>|</a>")
_ID = lazy_pattern(r"\bid=")
_REPEATED = lazy_pattern(f' alt="{CAPTION}[^"]*"')
_ALT = lazy_pattern(r""" alt=(?:"([^"]*)"|'([^']*)')""")


class Context(StrEnum):
    """The context of a body. Only PAGE keeps ids; FEED and MAIL leave out features that their readers lack."""

    PAGE = "page"
    LISTING = "listing"
    FEED = "feed"
    MAIL = "mail"


class Source(Struct, frozen=True):
    """A picture in a further format: its media type, and its files as HTML's `srcset` names them."""

    type: str
    srcset: str


class Shown(Struct, frozen=True):
    """A picture as one context shows it.

    `src` is ready for that context (not yet escaped); `width` and `height` are the file's own, 0 unknown. A
    picture with a `host` is on another host and is shown as a link with its name. `srcset` names the picture's other
    sizes, `sizes` how wide it is on the page, `sources` the same in other formats.
    """

    src: str
    width: int = 0
    height: int = 0
    host: str = ""
    srcset: str = ""
    sizes: str = ""
    sources: tuple[Source, ...] = ()


class ShownPlayer(Struct, frozen=True):
    """A film or sound as one context shows it: HTML before its caption, and at the caption's beginning and end."""

    player: str = ""
    opening: str = ""
    closing: str = ""


def pictures_for_mail(body: Body, *, whole: bool) -> tuple[str, ...]:
    """List the addresses, as written, of the pictures in a body's excerpt, or in the `whole` of it; each once."""
    if not body.images:
        return ()
    shown = body.html if whole else body.excerpt
    numbers = sorted(int(number) for number in _PICTURE.findall(shown))
    return tuple(dict.fromkeys(body.images[number].src for number in numbers))


def resolve(
    html: str,
    context: Context,
    *,
    links: Sequence[str | None],
    images: Sequence[Shown | None],
    players: Sequence[ShownPlayer] = (),
    frames: Sequence[str] = (),
    fences: Sequence[str] = (),
    words: Words = ENGLISH,
    shift: int = 0,
    key: str = "",
) -> str:
    """Fill in the placeholders of a body's `html` or `excerpt` for one context.

    `links` and `images` answer `body.links` and `body.images`, number by number: an address ready for the context
    (not yet escaped), or None where there is nothing: a dead link becomes its text, a missing picture leaves its alt
    text, marked as a picture's. `players` and `frames` answer `body.players` and `body.frames`; a frame's answer are
    attributes, escaped. `fences` are the HTML of the fenced blocks. `words` are those of the body's language. `shift`
    is added to the levels of headings (at most 6); `key`, a short text of letters and digits, goes before footnote ids
    where several bodies meet.
    Costs about 0.4 µs a placeholder.
    """
    first, *rest = html.split(OPEN)
    pieces = [first]
    on_page, dead = context is Context.PAGE, False
    for part in rest:
        code, _, text = part.partition(CLOSE)
        kind = code[0]
        if kind == "L":
            address = links[int(code[1:])]
            dead = dead or address is None
            pieces.append(_DEAD if address is None else f' href="{escape(address)}"')
        elif kind == "A":
            pieces.append(f' id="{code[1:]}"' if on_page else "")
        elif kind in "IJ":
            pieces.append(_picture(code, context, images, words))
        elif kind in "VOW":
            player = players[int(code[1:])]
            pieces.append({"V": player.player, "O": player.opening, "W": player.closing}[kind])
        elif kind == "Q":
            pieces.append(fences[int(code[1:])] if fences else "")
        elif kind == "E":
            pieces.append(frames[int(code[1:])] if on_page else "")
        else:
            pieces.append(_other(code, context, links, words, key))
        pieces.append(text)
    resolved = _without_dead_links("".join(pieces)) if dead else "".join(pieces)
    return _LEVEL.sub(lambda match: f"{match[1]}{min(int(match[2]) + shift, 6)}", resolved) if shift else resolved


def _without_dead_links(html: str) -> str:
    """Leave only the words of links that lead nowhere. One with an id stays, because other links may lead to it.

    HTML does not allow a link in a link, but a sanitised body can have one.
    """
    open_: list[bool] = []

    def keep(tag: re.Match[str]) -> str:
        if tag[0] == "</a>":
            return "" if open_ and not open_.pop() else tag[0]
        attributes = tag[1].replace(_DEAD, "")
        open_.append(_DEAD not in tag[1] or _ID.search(attributes) is not None)
        return f"<a{attributes}>" if open_[-1] else ""

    return _LINK_TAG.sub(keep, html)


def note_titles(gettext: Callable[[str], str]) -> dict[str, str]:
    """Return the default titles of notes in a language, by kind."""
    return {
        "note": gettext("Note"),
        "info": gettext("Info"),
        "important": gettext("Important"),
        "abstract": gettext("Abstract"),
        "quote": gettext("Quote"),
        "example": gettext("Example"),
        "tip": gettext("Tip"),
        "hint": gettext("Hint"),
        "success": gettext("Success"),
        "question": gettext("Question"),
        "warning": gettext("Warning"),
        "caution": gettext("Caution"),
        "danger": gettext("Danger"),
        "attention": gettext("Attention"),
        "error": gettext("Error"),
        "failure": gettext("Failure"),
        "bug": gettext("Bug"),
    }


def in_english(text: str) -> str:
    """Replace the placeholders for words in a plain text with English, only to count words and to search."""
    return _TITLE.sub(lambda match: match[1].capitalize(), text)


def _other(code: str, context: Context, links: Sequence[str | None], words: Words, key: str) -> str:
    kind, value = code[0], code[1:]
    if kind == "F":
        return f' id="{key}{value}"'
    if kind == "G":
        return f' href="#{key}{value}"'
    if kind in "TK":
        if context not in (Context.PAGE, Context.LISTING):
            return ""
        name = value or escape(words.gettext("Table") if kind == "T" else words.gettext("Code"))
        return f' role="group" tabindex="0" aria-label="{name}"'
    if kind in "DBN":
        return _word(kind, value, words)
    address = links[int(value)]
    return "" if address is None else f' {"src" if kind == "S" else "poster"}="{escape(address)}"'


def _word(kind: str, value: str, words: Words) -> str:
    if kind == "N":
        return escape(note_titles(words.gettext)[value], quote=False)
    if kind == "B":
        name = words.gettext("Back to reference %(number)s", number=value)
    else:
        name = words.gettext("Done") if value else words.gettext("To do")
    return f' aria-label="{escape(name)}"'


def _picture(code: str, context: Context, images: Sequence[Shown | None], words: Words) -> str:
    number, width, height, attributes = code.split("|", 3)
    shown = images[int(number[1:])]
    if shown is None or shown.host:
        return _picture_text(number[0], attributes, shown, words)
    if CAPTION in attributes:
        attributes = _REPEATED.sub(' alt=""', attributes)
    size = _size(width, height, shown)
    later = ""
    if context in (Context.PAGE, Context.LISTING):
        first = context is Context.PAGE and number[1:] == "0"
        later = ' decoding="async"' if first else ' loading="lazy" decoding="async"'
    sizes = f"min({width}px, 100vw)" if width else shown.sizes
    return write_picture(replace(shown, sizes=sizes), f"{size}{attributes}{later}")


def write_picture(shown: Shown, attributes: str) -> str:
    """Write a picture's HTML with all its sizes and formats; `attributes` are those of the `img`, escaped."""
    sizes = f' sizes="{escape(shown.sizes)}"' if shown.srcset else ""
    srcset = f' srcset="{escape(shown.srcset)}"{sizes}' if shown.srcset else ""
    image = f'<img src="{escape(shown.src)}"{srcset}{attributes}>'
    if not shown.sources:
        return image
    sources = "".join(f'<source type="{one.type}" srcset="{escape(one.srcset)}"{sizes}>' for one in shown.sources)
    return f"<picture>{sources}{image}</picture>"


def _picture_text(kind: str, attributes: str, shown: Shown | None, words: Words) -> str:
    """Write the words of a picture that is not shown, marked as such; those of one elsewhere are a link."""
    match = _ALT.search(attributes.replace(CAPTION, ""))
    alt = (match[1] or match[2] or "").replace("<", "&lt;").replace(">", "&gt;").strip() if match else ""
    if shown is None:
        return f'<span class="missing-picture">{_missing(alt, words)}</span>' if alt else ""
    text = f"{alt} ({escape(shown.host)})" if alt else escape(shown.host)
    return text if kind == "J" else f'<a class="outside" href="{escape(shown.src)}">{text}</a>'


def _missing(alt: str, words: Words) -> str:
    shown = words.gettext("Picture: %(description)s", description=alt)
    return f"[{shown}]"


def _size(width: str, height: str, shown: Shown) -> str:
    """Write the author's width and height, or the picture's own. If one is missing, use the picture's proportions."""
    wide, high = int(width or 0), int(height or 0)
    if shown.width and shown.height:
        if wide or high:
            wide, high = (
                wide or round(high * shown.width / shown.height),
                high or round(wide * shown.height / shown.width),
            )
        else:
            wide, high = shown.width, shown.height
    return (f' width="{wide}"' if wide else "") + (f' height="{high}"' if high else "")
