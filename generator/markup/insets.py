"""Films and sounds alone in a paragraph: a file of the site becomes a player, a film on another host a card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.markup.dom import (
    has_text,
    make_element,
    mark_element,
    plain_text,
    remove_element,
    replace_element,
    within,
)
from generator.markup.draft import BodyFacts, BodyTree
from generator.markup.embeds import Embed, find_embed
from generator.markup.links import encode_url, is_internal, tidy
from generator.markup.settings import MarkupSettings
from generator.markup.tokens import Tokens
from generator.model import Contact, Frame, Played

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ENDINGS = "mp4|m4v|mov|webm|ogv|mp3|m4a|aac|ogg|oga|opus|wav|flac"
_FILE = re.compile(rf"[^?#]*\.(?:{_ENDINGS})(?:[?#].*)?", re.IGNORECASE | re.DOTALL)
_ENDS_LIKE_FILE = re.compile(rf'\.(?:{_ENDINGS})["?#]', re.IGNORECASE)
_MAY_PLAY = re.compile(rf'(?:href|src)="[^"]*\.(?:{_ENDINGS})["?#]', re.IGNORECASE)
_INNER = ("li", "td", "th", "dd", "dt", "a")
"""A link alone in one of these is an item of a list or of a table, and stays a link."""


def may_have_insets(tokens: Tokens, html: str, settings: MarkupSettings) -> bool:
    """Return True if sanitised HTML may have links or pictures that become players or cards. Errs on the safe side."""
    if _ENDS_LIKE_FILE.search(tokens.said) and _MAY_PLAY.search(tokens.said):  # the first is ten times as fast
        return True
    return bool(settings.embeds) and "<p><a " in html and _has_film_alone(tokens, settings)


def _has_film_alone(tokens: Tokens, settings: MarkupSettings) -> bool:
    """Return True if a paragraph has nothing but a link to a film on another host."""
    names, texts = tokens.names, tokens.texts
    for place in tokens.find("a"):
        if place and names[place - 1] == "p" and not has_text(texts[place]):
            end = tokens.end_of(place)
            is_alone = names[end + 1] == "/p" and not has_text(texts[end + 1])
            if is_alone and find_embed(tidy(tokens.get(place, "href") or ""), settings.embeds):
                return True
    return False


def make_insets(draft: BodyTree) -> None:
    """Replace films and sounds: pictures that name one, and paragraphs with nothing but a link to one."""
    for image in draft.tagged("img"):
        address = tidy(image.get("src", ""))
        if _is_played(address) and not within(image, "a"):
            _show_film(draft, image, address)
    for link in draft.tagged("a"):
        paragraph = link.getparent()
        if paragraph is None or paragraph.tag != "p" or not is_alone(link) or within(link, *_INNER):
            continue
        address = tidy(link.get("href", ""))
        if _is_played(address):
            _play_link(draft, paragraph, link, address)
        elif draft.found.settings.embeds and (embed := find_embed(address, draft.found.settings.embeds)):
            _show_card(draft.found, paragraph, link, embed)


def mark_insets(tokens: Tokens) -> None:
    """Replace the marked elements that `make_insets` has put into a body with their placeholders alone."""
    for place in tokens.find("wbr"):
        if not tokens.tags[place].startswith("<wbr>"):
            tokens.tags[place] = tokens.tags[place].removeprefix("<wbr").removesuffix(">")


def is_alone(element: Element) -> bool:
    """Return True if an element is the only content of its parent."""
    parent = element.getparent()
    return parent is not None and len(parent) == 1 and not has_text(parent.text) and not has_text(element.tail)


def _is_played(address: str) -> bool:
    return bool(address) and is_internal(address) and _FILE.fullmatch(urlsplit(address).path) is not None


def _show_film(draft: BodyTree, image: Element, address: str) -> None:
    """Replace a picture that names a film; alone in its paragraph it is a figure."""
    name = " ".join((image.get("alt") or "").split())
    caption = make_element("figcaption", text=(image.get("title") or name).strip())
    paragraph = image.getparent()
    if paragraph is not None and paragraph.tag == "p" and is_alone(image):
        replace_element(paragraph, _player(draft.found, "figure", address, name, caption))
    else:
        caption.tag = "span"
        caption.set("class", "caption")
        replace_element(image, _player(draft.found, "span", address, name, caption))


def _play_link(draft: BodyTree, paragraph: Element, link: Element, address: str) -> None:
    caption = make_element("figcaption", text=link.text or "")
    name = plain_text(link)
    caption.extend(list(link))
    replace_element(paragraph, _player(draft.found, "figure", address, name, caption))


def _player(found: BodyFacts, tag: str, address: str, name: str, caption: Element) -> Element:
    number = len(found.players)
    found.players.append(Played(address, found.link(address), name))
    figure = make_element(tag, class_="player")
    caption.insert(0, _mark(f"O{number}"))
    caption[0].tail, caption.text = caption.text, None
    caption.append(_mark(f"W{number}"))
    figure.extend((_mark(f"V{number}"), caption))
    return figure


def _show_card(found: BodyFacts, paragraph: Element, link: Element, embed: Embed) -> None:
    """Make a card of a link; a picture in the link is the poster, which then gives the title."""
    poster = next(link.iter("img"), None)
    title = plain_text(link)
    if poster is not None:
        title = title or " ".join((poster.get("alt") or "").split())
        poster.set("alt", "")
        remove_element(poster)
    if not title or title in (embed.url, link.get("href")) or find_embed(title, found.settings.embeds):
        title = embed.title
        found.hosts.add(title)
    figure = make_element("figure", class_="embed")
    mark_element(figure, f"E{len(found.frames)}")
    found.frames.append(Frame(embed.frame, title))
    found.contacts.add(Contact(embed.host, "frame", on_click=True))
    opened = make_element("a", href=encode_url(embed.url))
    opened.extend([poster] if poster is not None else [])
    opened.append(make_element("span", text=title, class_="embed-title"))
    host = urlsplit(embed.url).hostname or ""
    found.hosts.add(host)
    figure.extend((opened, make_element("figcaption", text=host)))
    replace_element(paragraph, figure)


def _mark(code: str) -> Element:
    element = make_element("wbr")
    mark_element(element, code)
    return element
