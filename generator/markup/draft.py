"""What the shared pass gathers while it works on one body. It lives no longer than one call of `make_body`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.markup.settings import MarkupSettings
from generator.model import Heading, Link, Picture

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RESERVED_IDS = frozenset(["main", "content", "comments", "search", "top", "footer", "nav", "toc"])
"""Ids a theme's page may have round a body: a heading "Comments" becomes `comments-2`."""


@dataclass(slots=True)
class BodyFacts:
    """What is gathered of a body: its links by number, its pictures, headings and anchors.

    `hosts` are texts that stand for players and frames: names such as `xn--a.example`, which typography leaves alone.
    """

    slug: str
    settings: MarkupSettings
    links: dict[str, int] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    _next: dict[str, int] = field(default_factory=dict)

    def link(self, target: str) -> int:
        """Return a link target its number; the same target has one number."""
        return self.links.setdefault(target, len(self.links))

    def claim(self, name: str) -> str:
        """Take an id for an anchor, with a number after it where the name is taken."""
        if name not in self._next and name not in RESERVED_IDS:
            self._next[name] = 2
            self.anchors.append(name)
            return name
        number = self._next.get(name, 2)
        self._next[name] = number + 1
        return self.claim(f"{name}-{number}")

    def link_values(self) -> tuple[Link, ...]:
        """Return the links as numbered."""
        return tuple(map(Link, self.links))


@dataclass(slots=True)
class BodyTree:
    """A body that needs a tree: the tree, its source's HTML (to ask cheaply what it cannot hold), and what is found."""

    root: Element
    html: str
    found: BodyFacts
    by_tag: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    attributes: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Note the tags and the names of attributes the tree begins with, so that steps can be left out.

        The names are read off the sanitised HTML, where each stands between a space and `="`: a tenth of what asking
        the elements takes. Text may add some that are none.
        """
        by_tag = self.by_tag
        for element in self.root.iter():
            by_tag[element.tag].append(element)
        self.attributes = {piece[piece.rfind(" ") + 1 :] for piece in self.html.split('="')[:-1]}

    def tagged(self, *tags: str) -> list[Element]:
        """List the elements of some tags that the tree had in the beginning, tag by tag, in document order."""
        by_tag = self.by_tag
        return [element for tag in tags if tag in by_tag for element in by_tag[tag]]
