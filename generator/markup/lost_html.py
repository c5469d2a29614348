"""Make problems about HTML in a text that readers do not get, and about words that look like HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from generator.errors import Level, Problem
from generator.markup.sanitise import DROPPED_WITH_CONTENT, KEPT, NOT_PUBLISHED
from generator.markup.written_html import WrittenElement, find_elements
from generator.markup.written_text import WrittenText
from generator.patterns import lazy_pattern

_OTHER = lazy_pattern(rf"<(?!(?:{'|'.join(sorted(KEPT))})[\s/>])([A-Za-z][A-Za-z0-9-]{{0,40}})(?=[\s/>])")
_OPEN_QUOTE = re.compile(r'<[A-Za-z][^<>"]*=[ ]*"(?:[^<>"]*"[^<>"]*")*[^<>"]*>(?![^<>"\n]*")')
"""A tag with an odd number of quotation marks, unless the next one is that of a value with `>` in it."""

_INSTRUCTION = lazy_pattern(r"<(\?(?:php\b|=)|!\[CDATA\[)")

_OLD_AND_RARE = """
    applet area base basefont bgsound big blink body dialog dir fieldset font frameset head hgroup html image keygen
    label legend link main map marquee menu menuitem meta meter nav nobr noembed noframes optgroup option output param
    picture plaintext portal progress rb rtc search slot spacer track xmp"""
_MOST = 20
"""How many names of elements are looked at: for each one, the text is read to its end."""

_HTML = KEPT | NOT_PUBLISHED | frozenset(_OLD_AND_RARE.split())


def lost_html(source: WrittenText, html: str, known: frozenset[str]) -> Iterator[Problem]:
    """Find elements that are removed, words in angle brackets, and comments that do not end.

    `html` is the finished body; `known` are elements that extensions add.
    """
    yield from _open_comment(source)
    yield from _open_quotes(source)
    yield from _instructions(source, html)
    names = set(map(str.lower, _OTHER.findall(source.text))) - KEPT - known
    if not names:  # it takes ten times as long to find out which elements are in code
        return
    odd = (element for element in find_elements(source.text) if element.name in names)
    for element in islice(odd, _MOST):
        names.remove(element.name)
        yield from _problem(source, element, html)


def _open_comment(source: WrittenText) -> Iterator[Problem]:
    text = source.text
    place = text.rfind("<!--")
    if place >= 0 and text.find("-->", place) < 0 and not source.is_code(place):
        hint = "Write --> at its end. If you mean the signs, write: &lt;!--"
        what = 'This comment ("<!--") is never closed, so the text below it is not shown as you mean it.'
        yield source.problem(place, "html-unclosed", what, hint)


def _open_quotes(source: WrittenText) -> Iterator[Problem]:
    if '="' not in source.text:
        return
    for match in _OPEN_QUOTE.finditer(source.text):
        if not source.is_code(match.start()):
            what = "A quotation mark is missing in this tag, so readers may not see the text after it."
            yield source.problem(match.start(), "html-unclosed", what, "Write it at the end of the value.")


def _instructions(source: WrittenText, html: str) -> Iterator[Problem]:
    if "<?" not in source.text and "<![" not in source.text:
        return
    for match in _INSTRUCTION.finditer(source.text):
        if not source.is_code(match.start()) and not _is_shown(source.text, match[1].lower(), html):
            what = f"Readers do not get what begins with {match[0]}."
            hint = "Pages have no code that runs on a server. If you mean to show it, put it between backticks."
            yield source.problem(match.start(), "html-removed", what, hint, Level.NOTE)


def _problem(source: WrittenText, element: WrittenElement, html: str) -> Iterator[Problem]:
    name, place, tag = element.name, element.place, element.tag
    is_closed = tag.endswith("/>") or f"</{name}" in source.text[place:].lower()
    if name in DROPPED_WITH_CONTENT and not is_closed:
        hint = f"Write </{name}> where it ends, or delete it. If you mean the word, write: &lt;{name}&gt;"
        what = f"<{name}> is never closed, so readers see nothing of the text below it."
        yield source.problem(place, "html-unclosed", what, hint)
    elif name in NOT_PUBLISHED:
        what = f"Readers do not get <{name}>{', nor what is in it' if name in DROPPED_WITH_CONTENT else ''}."
        hint = "Pages have no HTML that runs, draws or asks. Write text, or show a picture or a link instead."
        yield source.problem(place, "html-removed", what, hint, Level.NOTE)
    elif name not in _HTML and not is_closed and not _is_shown(source.text, name, html):
        what = f'Readers do not see "{tag}": words in angle brackets are HTML, and HTML has no such element.'
        yield source.problem(place, "angle-brackets", what, f"Write: &lt;{tag[1:-1]}&gt;")


def _is_shown(text: str, name: str, html: str) -> bool:
    """Return True if the body shows all tags of a name as text: in code, escaped, or not read as tags."""
    written, shown = text.lower(), html.lower()
    return written.count(f"<{name}") + written.count(f"&lt;{name}") <= shown.count(f"&lt;{name}")
