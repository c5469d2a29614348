"""The plain-text part of a mail, made from the same bodies as the HTML: never from the tables of its layout."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.markup.dom import classes, parse_html, within
from generator.markup.sanitise import BLOCK
from generator.words import ENGLISH, Words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

WIDTH = 72
"""Columns of a line, so that it stays below 78 when it is quoted. Source: RFC 5322, section 2.1.1."""
_MAX_LINE = 900
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_ADDRESS_AT_END = re.compile(r"\s<[^<>\s]+>$")
_WIDE = frozenset("WF")


def columns(text: str) -> int:
    """Count the columns a text takes on a terminal: East Asian letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(char) in _WIDE else 0 if unicodedata.combining(char) else 1 for char in text
    )


def wrap(text: str, first: str = "", later: str | None = None, width: int = WIDTH) -> str:
    """Break a text into lines of at most `width` columns; each begins with `first` or, further down, with `later`.

    A longer address gets its own line, because it must stay whole. Other long words are broken anywhere, like text
    without spaces, such as Chinese.
    """
    later = first if later is None else later
    lines, line, empty = [], first, True
    for spaced, word in _words(text, max(8, width - columns(later))):
        gap = "" if empty or not spaced else " "
        if not empty and columns(line) + len(gap) + columns(word) > width:
            lines.append(line)
            line, gap = later, ""
        line += gap + word
        empty = False
    return "\n".join(part.rstrip() for part in [*lines, line])


def _words(text: str, width: int) -> Iterator[tuple[bool, str]]:
    """Split a text at its spaces, and a word that is too long at any letter.

    Each word has a flag: whether a space precedes it.
    """
    for word in text.split():
        if columns(word) <= width or "://" in word or word.startswith("<mailto:"):
            yield True, word
            continue
        least = width - 1 if word.isascii() else width // 4
        piece, spaced = "", True
        for char in word:
            if piece and columns(piece) >= least and not unicodedata.combining(char):
                yield spaced, piece
                piece, spaced = "", False
            piece += char
        yield spaced, piece


def link(label: str, url: str) -> str:
    """Write a link: its words and then its address, or only one if the other is missing or the same."""
    address = url.removeprefix("mailto:") if url.startswith("mailto:") and "?" not in url else url
    label = " ".join(label.split())
    if not address:
        return label
    return f"<{address}>" if label in ("", url, address, url.partition("://")[2]) else f"{label} <{address}>"


def heading(text: str, level: int) -> str:
    """Write a heading: underlined with = or - on the first two levels."""
    shown = wrap(" ".join(text.split()))
    under = {1: "=", 2: "-"}.get(level, "")
    return f"{shown}\n{under * min(WIDTH, max(map(columns, shown.splitlines())))}" if under and shown else shown


class TextWriter:
    """The functions for text templates, in one language; templates use them as `text`."""

    wrap = staticmethod(wrap)
    link = staticmethod(link)
    heading = staticmethod(heading)

    def __init__(self, words: Words) -> None:
        self._words = words

    def body(self, html: str) -> str:
        """Write a body as plain text: see the function of this name."""
        return body(html, words=self._words)


def body(html: str, width: int = WIDTH, words: Words = ENGLISH) -> str:
    """Write a body, resolved for a mail, as plain text: headings, lists, quotations, tables, code and notes in order.

    Links are followed by their addresses; pictures become their alternative texts.
    """
    if not html:
        return ""
    root = parse_html(html)
    for element in list(root.iter("del", "s")):
        _enclose(element, *words.gettext("[deleted: %(text)s]", text="\0").split("\0", 1))
    return "\n\n".join(_blocks(root, width))


def _enclose(element: Element, before: str, after: str = "") -> None:
    """Put words before and after the content of an element."""
    element.text = before + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + after
    else:
        element.text += after


def _blocks(element: Element, width: int) -> list[str]:
    """List the blocks of an element; text between them becomes a paragraph."""
    found: list[str] = []
    loose = element.text or ""
    for child in element:
        if child.tag in BLOCK or child.tag in ("audio", "video"):
            found += _paragraph(loose, width)
            found += _block(child, width)
            loose = ""
        else:
            loose += _inline(child)
        loose += child.tail or ""
    return found + _paragraph(loose, width)


def _paragraph(text: str, width: int) -> list[str]:
    lines = [wrap(line, width=width) for line in _lines(text)]
    return ["\n".join(lines)] if lines else []


def _lines(text: str) -> list[str]:
    """Fold white space, except the line ends that stand for `<br>` as U+2028."""
    return [line for part in text.split("\u2028") if (line := _SPACES.sub(" ", part).strip())]


def _block(element: Element, width: int) -> list[str]:
    tag = element.tag
    if tag in ("ul", "ol", "dl"):
        return _list(element, width)
    if tag == "pre":
        return _code("".join(str(text) for text in element.itertext()).strip("\n"))
    if tag == "table":
        return _table(element, width)
    if tag == "hr":
        return ["* * *"]
    if tag == "blockquote":
        return _quoted(_blocks(element, width - 2))
    if tag in _HEADINGS:
        return [heading(text, int(tag[1])) for text in [_flat(element)] if text]
    if "pullquote-by" in classes(element):
        return _paragraph(f"— {_inner(element)}", width)
    if "note" in classes(element):
        return _indented(_blocks(element, width - 2), "| ")
    return _blocks(element, width)


def _code(text: str) -> list[str]:
    """Write code unchanged, but break lines that are too long for a mail. Source: RFC 5322, section 2.1.1."""
    lines = (line[at : at + _MAX_LINE] for line in text.split("\n") for at in range(0, len(line) or 1, _MAX_LINE))
    code = textwrap.indent("\n".join(lines), "    ").rstrip()
    return [code] if code else []


def _flat(element: Element) -> str:
    return " ".join(_lines(_inner(element)))


def _quoted(blocks: list[str]) -> list[str]:
    return _indented(blocks, "> ")


def _indented(blocks: list[str], mark: str) -> list[str]:
    text = "\n\n".join(blocks)
    return ["\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))] if text else []


def _list(element: Element, width: int) -> list[str]:
    if element.tag == "dl":
        return [text for child in element for text in _definition(child, width)]
    number = _whole(element.get("start"), 1)
    items, loose = [], False
    for item in element.iterchildren("li"):
        number = _whole(item.get("value"), number)
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        pad = " " * len(mark)
        blocks = _blocks(item, max(20, width - len(mark)))
        loose = loose or any(child.tag == "p" for child in item)
        text = ("\n\n" if any(child.tag == "p" for child in item) else "\n").join(blocks)
        items.append(mark + "\n".join(f"{pad}{line}".rstrip() for line in text.split("\n"))[len(pad) :])
    return [("\n\n" if loose else "\n").join(item.rstrip() for item in items)] if items else []


def _definition(child: Element, width: int) -> list[str]:
    if child.tag == "dd":
        return _indented(_blocks(child, width - 4), "    ")
    return _blocks(child, width)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _table(element: Element, width: int) -> list[str]:
    """Write a table row by row; if rows would be too long, write each cell with the name of its column."""
    rows = [[_flat(cell) for cell in row.iterchildren("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if any(row)]
    caption = element.find("caption")
    title = _paragraph(_inner(caption), width) if caption is not None else []
    if not rows:
        return title
    sizes = [max(columns(row[n]) if n < len(row) else 0 for row in rows) for n in range(max(map(len, rows)))]
    if sum(sizes) + 3 * (len(sizes) - 1) <= width:
        lines = [
            " | ".join(_padded(cell, size) for cell, size in zip(row, sizes, strict=False)).rstrip() for row in rows
        ]
        if next(element.iter("th"), None) is not None and len(lines) > 1:
            lines.insert(1, "-+-".join("-" * size for size in sizes))
        return [*title, "\n".join(lines)]
    return [*title, *_records(rows, width)]


def _padded(cell: str, size: int) -> str:
    return cell + " " * (size - columns(cell))


def _records(rows: list[list[str]], width: int) -> list[str]:
    head, *others = rows
    records = []
    for row in others or [head]:
        named = [
            f"{head[n]}: {cell}" if others and n < len(head) and head[n] else cell for n, cell in enumerate(row) if cell
        ]
        records.append("\n".join(wrap(line, "", "  ", width) for line in named))
    return records


def _inner(element: Element) -> str:
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _inline(element: Element) -> str:
    tag = element.tag
    if tag == "br":
        return "\u2028"
    if "unseen" in classes(element) and within(element, "a"):  # what a link repeats for readers who hear it alone
        return ""
    if tag == "img":
        alt = " ".join((element.get("alt") or "").split())
        return f"[{alt}]" if alt else ""
    if tag == "a" and element.get("href"):
        inner = _inner(element)
        if "footnote-backref" in classes(element):
            return ""
        return link(" ".join(_lines(inner)), element.get("href", ""))
    if tag in ("em", "i", "cite") and not within(element, "em", "i", "cite"):
        return _between(_inner(element), "_")
    if tag in ("strong", "b") and not within(element, "strong", "b"):
        return _between(_inner(element), "*")
    if tag == "q":
        return f"“{_inner(element)}”"
    if tag == "sup" and not _inner(element).startswith("["):
        return f"^{_inner(element)}"
    return _inner(element)


def _between(text: str, mark: str) -> str:
    """Put marks around words, inside the space at their ends and before the address of a link that ends them."""
    address = _ADDRESS_AT_END.search(text.rstrip())
    bare = (text[: address.start()] if address else text).strip()
    if not bare or mark in bare:
        return text
    begin = text.index(bare)
    before, after = text[:begin], text[begin + len(bare) :]
    return f"{before}{mark}{bare}{mark}{after}"
