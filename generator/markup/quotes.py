"""Pull quotes and notes: `> [!PULLQUOTE]`, `> [!NOTE]`, `!!! note`, and what native parsers make of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.markup.characters import CLOSE, OPEN
from generator.markup.dom import (
    add_class,
    classes,
    has_text,
    make_element,
    plain_text,
    remove_element,
    take_attribute,
    text_of,
)
from generator.markup.draft import BodyTree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ALERT = re.compile(r"\s*\[!([A-Za-z]+)\][ \t]*")
_DASH = re.compile(r"\s*(?:—|–|-{2,3})\s*(?=\S)")

KINDS = {
    **dict.fromkeys(("note", "info", "important", "abstract", "quote", "example"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "question"), "tip"),
    **dict.fromkeys(("warning", "caution", "danger", "attention", "error", "failure", "bug"), "warning"),
}
"""Word at the head of a note → the kind it is shown as; the word itself is the note's title unless it has one."""


def make_quotes(draft: BodyTree) -> None:
    """Make pull quotes and notes of the quotations and boxes that ask to be one."""
    if "[!" in draft.html:
        for quote in draft.tagged("blockquote"):
            _read_alert(quote)
    for box in draft.tagged("div"):
        names = classes(box)
        if names and (names[0] == "admonition" or names[0] == "markdown-alert"):
            words = [name.removeprefix("markdown-alert-") for name in names[1:]]
            _make_note(box, words[0] if words else "note", _title_of(box))


def _read_alert(quote: Element) -> None:
    if not len(quote) or quote[0].tag != "p" or has_text(quote.text):
        return
    head = quote[0]
    match = _ALERT.match(head.text or "")
    if not match:
        return
    word = match[1].lower()
    if word != "pullquote" and word not in KINDS:
        return
    head.text = (head.text or "")[match.end() :]
    has_line_end = "\n" in head.text or any("\n" in (child.tail or "") for child in head)
    title = _take_first_line(head) if word != "pullquote" and (has_line_end or len(quote) > 1) else ""
    if not len(head) and not has_text(head.text):
        remove_element(head)
    else:
        head.text = (head.text or "").lstrip()
    if word == "pullquote":
        _make_pull_quote(quote)
    else:
        _make_note(quote, word, title)


def _take_first_line(head: Element) -> str:
    """Take the text of a paragraph's first line out of it, "" where that is empty."""
    first, line_end, rest = (head.text or "").partition("\n")
    words = [first]
    head.text = rest
    for child in () if line_end else list(head):
        first, line_end, rest = (child.tail or "").partition("\n")
        words += (text_of(child), first)
        head.text = rest
        child.tail = None
        head.remove(child)
        if line_end:
            break
    return " ".join("".join(words).split())


def _make_pull_quote(quote: Element) -> None:
    """Mark a quotation as a pull quote; a last paragraph that begins with a dash names the speaker."""
    add_class(quote, "pullquote")
    if len(quote) < 2 or quote[-1].tag != "p":
        return
    last = quote[-1]
    match = _DASH.match(last.text or "")
    if match:
        last.tag = "footer"
        last.text = (last.text or "")[match.end() :]


def _title_of(box: Element) -> str:
    if len(box) and any(name.endswith("-title") for name in classes(box[0])):
        title = plain_text(box[0])
        remove_element(box[0])
        return title
    return ""


def _make_note(box: Element, word: str, title: str) -> None:
    kind = KINDS.get(word, "note")
    box.tag = "div"
    take_attribute(box, "cite")
    box.set("class", f"note note-{kind}")
    box.set("role", "note")
    own = title if title != word.capitalize() or word not in KINDS else ""
    text = own or (f"{OPEN}N{word}{CLOSE}" if word in KINDS else word.capitalize())
    head = make_element("p", text=text, class_="note-title")
    head.tail = "\n"
    if not has_text(box.text):
        box.text = "\n"
    box.insert(0, head)
