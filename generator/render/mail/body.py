"""Adapt a body to mail programs: replace what they cannot show with what they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.markup.dom import (
    add_class,
    classes,
    make_element,
    parse_html,
    plain_text,
    replace_element,
    take_attribute,
    write_html,
)
from generator.words import ENGLISH, Words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_COLUMNS = 6
"""More do not fit on a phone."""
_DIVS = ("article", "aside", "address", "details", "figure", "footer", "header", "section")
_PARAGRAPHS = {"figcaption": "caption", "summary": "summary"}
_DROPPED = ("id", "role", "tabindex", "aria-label", "cite", "datetime", "open", "controls", "preload")


def for_mail(html: str, width: int, words: Words = ENGLISH, height: int = 670) -> Markup:
    """Rewrite a resolved body for mail programs; pictures become at most `width` by `height` CSS pixels large.

    Players become links to the film or sound, elements of HTML 5 plain boxes, footnote marks plain numbers. Data tables
    are marked as such, because all other tables in a mail are layout.
    """
    if not html:
        return Markup("")
    root = parse_html(html)
    for element in list(root.iter("audio", "video", "iframe")):
        _replace_player(element, words)
    for mark in list(root.iter("sup", "a")):
        if "footnote-ref" in classes(mark):
            _number_alone(mark)
        elif "footnote-backref" in classes(mark):
            _drop(mark)
    for table in list(root.iter("table")):
        _unfold(table)
    for image in root.iter("img"):
        _fit(image, width, height)
    for element in root.iter():
        _simplify(element)
    return Markup(write_html(root))  # noqa: S704 a body is sanitised before it is stored; nothing is added but elements


def _replace_player(player: Element, words: Words) -> None:
    sources = [player, *player.iter("source")]
    address = next((each.get("src", "") for each in sources if each.get("src")), "")
    word = words.gettext("Listen") if player.tag == "audio" else words.gettext("Watch")
    replace_element(player, make_element("a", text=word, href=address) if address else make_element("span"))


def _number_alone(mark: Element) -> None:
    """Show a reference as a number in brackets: links within a mail lead nowhere in many programs."""
    number, tail = plain_text(mark), mark.tail
    mark.clear()
    mark.tag, mark.text, mark.tail = "sup", f"[{number}]", tail


def _unfold(table: Element) -> None:
    """Make a list of records of a table with too many columns for a phone: each cell with the name of its column."""
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    if max(map(len, rows), default=0) <= MAX_COLUMNS:
        return
    head = [plain_text(cell) for cell in rows[0]]
    records = make_element("div", class_="records")
    for row in rows[1:] or rows[:1]:
        record = make_element("p")
        for number, cell in enumerate(row):
            name = head[number] if number < len(head) and len(rows) > 1 else ""
            line = make_element("span", text=f"{name}: {plain_text(cell)}" if name else plain_text(cell))
            record.extend((line, make_element("br")))
        records.append(record)
    replace_element(table, records)


def _drop(link: Element) -> None:
    parent = link.getparent()
    if parent is not None:
        link.text = None
        replace_element(link, make_element("span"))


def _fit(image: Element, width: int, height: int) -> None:
    """Bound a picture: Outlook reads the attributes, all others the style, which lets it shrink on a phone.

    A width in per cent, and not `max-width: 100%`, as the text of a picture that is not shown has no other bound.
    """
    wide, high = (int(image.get(name) or 0) for name in ("width", "height"))
    shrink = min(1.0, width / wide if wide else 1.0, height / high if high else 1.0)
    if shrink < 1:
        for name, value in (("width", wide), ("height", high)):
            if value:
                image.set(name, str(max(1, round(value * shrink))))
    image.set("style", f"width: 100%; max-width: {image.get('width') or width}px")


def _simplify(element: Element) -> None:
    tag = element.tag
    for name in _DROPPED:
        take_attribute(element, name)
    if tag in _PARAGRAPHS:
        element.tag = "p"
        add_class(element, _PARAGRAPHS[tag])
    elif tag in _DIVS:
        element.tag = "div"
        add_class(element, "pullquote-by" if tag == "footer" else tag)
    elif tag == "table":
        element.set("role", "table")
        element.set("class", "data")
