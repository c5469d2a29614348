"""Links whose words do not say where they lead: screen readers list links without the sentence around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, warning
from generator.markup.characters import CLOSE, OPEN
from generator.markup.dom import parse_html
from generator.text.quoting import quote

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

VAGUE = frozenset({
    "click", "click here", "click this link", "here", "this", "this link", "this page", "this site", "this website",
    "link", "the link", "read more", "more", "learn more", "find out more", "see more", "see here", "more info",
    "more information", "details", "continue", "go", "url", "page", "website", "download",
    "yma", "cliciwch yma", "dolen", "darllen mwy", "mwy", "rhagor",
    "ici", "cliquez ici", "cliquer ici", "lien", "ce lien", "en savoir plus", "lire la suite", "plus",
    "hier", "hier klicken", "klicken sie hier", "klick hier", "link hier", "mehr", "mehr lesen", "weiterlesen",
    "mehr erfahren", "aquí", "aqui", "haga clic aquí", "haz clic aquí", "pulse aquí", "enlace", "leer más", "más",
    "هنا", "اضغط هنا", "انقر هنا", "المزيد", "اقرأ المزيد", "رابط",
})  # fmt: skip
"""The words of a link, folded, that say nothing on their own: English, Welsh, French, German, Spanish, Arabic."""
_HINT = "Make the name of what it leads to the link: [the opening hours](…)"
_MARK = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_ENDS = " \t\n.…!:;,›»→>()[]\"'“”‘’"


def vague_links(site: BuiltSite) -> Iterator[Problem]:
    """Find links such as "click here", each at its line."""
    for path in site.index.cards:
        body = site.body(path)
        if body is None or "<a" not in body.html:
            continue
        # "here" and "Here" are found by one pattern, each in its own words.
        for words in {words.casefold(): words for words in _vague_words(body.html)}.values():
            places = [(_words_of(found), place) for found, place in site.locate.matches(path, _link_with(words))]
            for written, (line, column) in places or [(words, (0, 0))]:
                message = f"The words of the link {quote(written)} do not say where it leads."
                yield warning(path, "vague-link", message, _HINT, line=line, column=column)


def _words_of(found: re.Match[str]) -> str:
    return " ".join((found["words"] or found["html"]).split())


def fold_words(text: str) -> str:
    """Fold the words of a link for comparison: one space, lower case, no marks at the ends."""
    return " ".join(text.split()).strip(_ENDS).casefold()


def links_of(html: str) -> Iterator[Element]:
    """Find the links of a body; those within the site have no address there."""
    return parse_html(_MARK.sub("", html)).iter("a")


def _vague_words(html: str) -> Iterator[str]:
    for link in links_of(html):
        text = "".join(str(part) for part in link.itertext())
        if fold_words(text) in VAGUE and not link.get("aria-label"):
            yield " ".join(text.split())


def _link_with(words: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"\[[\s*_]*(?P<words>{inner})[\s*_]*\](?=[(\[])|<a\b[^<>]*>\s*(?P<html>{inner})\s*</a>", re.I)
