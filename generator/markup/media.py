"""Pictures, films and sounds: every picture becomes a placeholder, a film elsewhere becomes a link to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.alt_text import are_same, split_decorative
from generator.markup.characters import CAPTION, CLOSE, OPEN
from generator.markup.dom import make_element, mark_element, remove_element, replace_element, unwrap_element, within
from generator.markup.draft import BodyFacts, BodyTree
from generator.markup.links import encode_url, host_of, is_internal, tidy
from generator.markup.tokens import Tokens, attributes, escape
from generator.markup.typography import smarten
from generator.model import Contact, Picture, Purpose
from generator.text.host_names import plain_host

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


_SAID = ("alt", "title")
_KEPT = ("class", "title", "lang", "dir")

UNSHOWN = "unshown:"
"""Replaces an address that the allow-list removed: the picture's text stays, and there is a warning."""


def mark_pictures(tokens: Tokens, found: BodyFacts) -> None:
    """Replace each picture with a placeholder: `I` and its number, or `J` if it is inside a link.

    After the number come the author's width and height, then the attributes that the picture keeps.
    """
    for place in tokens.find("img"):
        values = attributes(tokens.tags[place])
        mark = _settle_words(values)
        if found.settings.typography:
            values |= {name: smarten(values[name], found.settings.language) for name in _SAID if name in values}
        kind = "J" if tokens.inside(place, "a") else "I"
        code = f"{kind}{len(found.pictures)}|{_pixels(values.get('width'))}|{_pixels(values.get('height'))}"
        alt = values.get("alt")
        found.pictures.append(Picture(tidy(values.get("src", UNSHOWN)), alt))
        kept = [f' {name}="{escape(values[name])}"' for name in _KEPT if values.get(name)]
        tokens.tags[place] = f'{OPEN}{code}| alt="{mark}{escape(alt or "")}"{"".join(kept)}{CLOSE}'


def _settle_words(values: dict[str, str]) -> str:
    """Take "decorative:" from a picture's title, and leave out a title that repeats the alternative text.

    Returns the mark of an alternative text that the caption repeats, else "".
    """
    is_decorative, title = split_decorative(values.get("title", ""))
    if is_decorative or split_decorative(values.get("alt", "").removeprefix(CAPTION))[0]:
        values |= {"alt": "", "title": title}
    elif are_same(values.get("alt", ""), title):
        del values["title"]
    if not values.get("alt", "").startswith(CAPTION):
        return ""
    values["alt"] = values["alt"].removeprefix(CAPTION)
    return CAPTION


def mark_players(draft: BodyTree) -> None:
    """Make players of the site's own films and sounds; replace those of other hosts, and frames, with links."""
    trusted = draft.found.settings.raw_html == "trusted"
    for source in draft.tagged("source"):
        if not within(source, "audio", "video"):  # not its parent: libxml2 puts one source into another
            unwrap_element(source)  # libxml2 puts the picture after a source into it
    for player in draft.tagged("audio", "video"):
        outside = [] if trusted else [a for a in _addresses(player) if not is_internal(a)]
        if outside:
            replace_element(player, _link_to(draft, outside[0], within(player, "a")))
        else:
            for element in (player, *player.iter("source")):
                _note_contact(draft, element, "media")
            _keep_player(draft, player)
    for frame in draft.tagged("iframe"):
        if trusted:
            _note_contact(draft, frame, "frame")
            _mark_address(draft, frame, "src", "S")
        else:
            replace_element(frame, _link_to(draft, tidy(frame.get("src", "")), within(frame, "a")))


def _note_contact(draft: BodyTree, element: Element, purpose: Purpose) -> None:
    """Note the other host that a trusted frame or player contacts."""
    if host := plain_host(host_of(tidy(element.get("src", "")))):
        draft.found.contacts.add(Contact(host, purpose))


def _addresses(player: Element) -> list[str]:
    return [tidy(el.get("src", "")) for el in (player, *player.iter("source")) if el.get("src")]


def _link_to(draft: BodyTree, address: str, linked: bool) -> Element:
    host = host_of(address)
    draft.found.hosts.add(host)
    if linked or not host:
        return make_element("span", text=host)
    return make_element("a", text=host, class_="outside", href=encode_url(address))


def _keep_player(draft: BodyTree, player: Element) -> None:
    if not _addresses(player):
        remove_element(player)
        return
    player.set("controls", "")
    if player.get("preload") is None:
        player.set("preload", "metadata")
    for name in ("width", "height"):
        if name in player.attrib and not _pixels(player.get(name)):
            del player.attrib[name]
    poster = player.get("poster")
    if poster is not None and not is_internal(tidy(poster)):
        del player.attrib["poster"]
    _mark_address(draft, player, "poster", "P")
    for element in (player, *player.iter("source")):
        _mark_address(draft, element, "src", "S")


def _mark_address(draft: BodyTree, element: Element, name: str, code: str) -> None:
    address = tidy(element.get(name, ""))
    if address and is_internal(address):
        del element.attrib[name]
        mark_element(element, f"{code}{draft.found.link(address)}")


def _pixels(written: str | None) -> str:
    """Return a width or height in pixels as HTML writes it, only digits; "" for anything else."""
    if not written:
        return ""
    value = written.strip().removesuffix("px")
    return value if value.isascii() and value.isdigit() and len(value) < 6 and int(value) else ""
