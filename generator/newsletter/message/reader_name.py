"""Put a reader's name into a letter: escaped in HTML, as it is in the text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from generator.model import READER_NAME, UNSUBSCRIBE, Letter
from generator.newsletter.message.headers import MAX_NAME
from generator.newsletter.message.recipients import Recipient
from generator.words import direction

LONGEST_NAME = ("Maximiliana Bartholomea Featherstonehaugh-Cholmondeley " * 2)[: MAX_NAME - 1] + "y"
"""As long as the longest name that a mail has."""
_MARK = re.compile(f"{re.escape(UNSUBSCRIBE)}|{re.escape(READER_NAME)}(?P<fallback>[^{{}}]*)}}}}")
_NAME_MARK = re.compile(f"{re.escape(READER_NAME)}(?P<fallback>[^{{}}]*)}}}}")
_ADDRESS = re.compile(r"[@/]")
_ISOLATED = "\u2068{}\u2069"
_OTHER_WAY = {"ltr": ("R", "AL"), "rtl": ("L",)}


def uses_name(letter: Letter) -> bool:
    """Return True if the letter has a place for the reader's name."""
    return READER_NAME in letter.text or READER_NAME in letter.html


def name_for(letter: Letter, recipient: Recipient) -> str:
    """Return the name that a letter shows; "" for its fallback.

    The name of a list server's address is not a reader's. An address in the column of names is not one either: mail
    programs would make a link of it, and anyone may type one where they subscribe.
    """
    named = recipient.line and uses_name(letter) and not _ADDRESS.search(recipient.name)
    return recipient.name if named else ""


def fill_html(page: str, unsubscribe: str, name: str) -> str:
    """Fill in HTML: the unsubscribe link, and the name or its fallback, which is escaped already."""
    return _fill(page, html.escape(unsubscribe), html.escape(name))


def fill_text(text: str, unsubscribe: str, name: str, language: str) -> str:
    """Fill in plain text; a name that is written in the other direction is isolated."""
    other = _OTHER_WAY[direction(language)]
    isolate = any(unicodedata.bidirectional(char) in other for char in name)
    return _fill(text, unsubscribe, _ISOLATED.format(name) if isolate else name)


def replace_names(written: str, show: Callable[[str], str]) -> str:
    """Replace each mark of a name; `show` gets its fallback."""
    return _NAME_MARK.sub(lambda mark: show(mark["fallback"]), written)


def protect_between(written: str, protect: Callable[[str], str]) -> str:
    """Change a letter's own words, but not the marks in it."""
    parts, at = [], 0
    for mark in _MARK.finditer(written):
        parts += [protect(written[at : mark.start()]), mark[0]]
        at = mark.end()
    return "".join((*parts, protect(written[at:])))


def _fill(written: str, unsubscribe: str, name: str) -> str:
    """Fill in all marks in one pass, so that a name that looks like a mark stays as it is."""
    return _MARK.sub(lambda mark: unsubscribe if mark[0] == UNSUBSCRIBE else name or mark["fallback"], written)
