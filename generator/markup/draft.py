"""The working data of the shared pass for one body. It exists during one call of `shape_body`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct, field

from generator.markup.settings import MarkupSettings
from generator.model import Contact, Frame, Heading, Link, Picture, Played

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RESERVED_IDS = frozenset(["main", "content", "comments", "search", "top", "footer", "nav", "toc"])
"""Ids that a theme's page may have around a body: a heading "Comments" becomes `comments-2`."""


class BodyFacts(Struct):
    """The facts collected about a body: its links by number, its pictures, headings and anchors.

    `hosts` are texts that replace players and frames: names such as `xn--a.example`, which typography must not change.
    `fences` are fenced blocks: their name and their YAML.
    """

    slug: str
    settings: MarkupSettings
    links: dict[str, int] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    players: list[Played] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    contacts: set[Contact] = field(default_factory=set)
    headings: list[Heading] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    fences: list[tuple[str, str]] = field(default_factory=list)
    _next: dict[str, int] = field(default_factory=dict)

    def link(self, target: str) -> int:
        """Return the number of a link target; equal targets have one number."""
        return self.links.setdefault(target, len(self.links))

    def claim(self, name: str) -> str:
        """Take an id for an anchor; if the name is taken, add a number."""
        if name not in self._next and name not in RESERVED_IDS:
            self._next[name] = 2
            self.anchors.append(name)
            return name
        number = self._next.get(name, 2)
        self._next[name] = number + 1
        return self.claim(f"{name}-{number}")

    def link_values(self) -> tuple[Link, ...]:
        """Return the links in the order of their numbers."""
        return tuple(map(Link, self.links))


class BodyTree(Struct):
    """A body that needs a tree: the tree, the HTML it was parsed from (for cheap checks), and the facts found."""

    root: Element
    html: str
    found: BodyFacts
    by_tag: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    attributes: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Collect the tags and the attribute names of the tree at the start, so that steps can be skipped.

        The names are read from the sanitised HTML, where each is between a space and `="`: that takes a tenth of the
        time of asking the elements. Text may add words that are not attributes.
        """
        by_tag = self.by_tag
        for element in self.root.iter():
            by_tag[element.tag].append(element)
        self.attributes = {piece[piece.rfind(" ") + 1 :] for piece in self.html.split('="')[:-1]}

    def tagged(self, *tags: str) -> list[Element]:
        """List the elements with these tags that the tree had at the start, tag by tag, in document order."""
        by_tag = self.by_tag
        return [element for tag in tags if tag in by_tag for element in by_tag[tag]]
