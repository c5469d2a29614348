"""Questions with a key: `kind|id` → a frozen value and its digest.

Every fact that a page shows is the answer to one of these, so that a page's reads say exactly what it depends on.
Answers are remembered for one build, but for bodies, which stay in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from generator.config import SECTIONS, Config
from generator.digest import digest
from generator.model import Body, Comment, CommentMode
from generator.site.listings import FRONT_PAGE, home_address
from generator.site.pagination import chunk
from generator.site.related import related_posts
from generator.site.values import Card, Chunk, Discussion, SiteIndex

Answer = tuple[Any, str]
REMEMBERED = 15_000  # answers at once: some 6 MB in each process


class Bodies(Protocol):
    """Where converted texts lie, by the path of their document."""

    def body(self, key: str) -> tuple[Body, str]:
        """Fetch a document's body and its digest. Raises: KeyError where there is none."""

    def digest(self, key: str) -> str:
        """Give the digest of a document's body without fetching it. Raises: KeyError where there is none."""

    def comments(self, key: str) -> tuple[tuple[Comment, ...], str]:
        """Fetch the comments kept beside a document, oldest first, and their digest; () and "" for none."""


_LISTS = {"posts": "home", "tag": "tags", "author": "authors", "month": "months", "newsletter": "newsletter"}


# Every second question is one of these answers: tens of thousands of them are two.
_YES: Answer = (True, digest(True))
_NO: Answer = (False, digest(False))


class Queries:
    """All questions that can be asked of one build.

    `cards` maps the paths of documents to digests of their cards, in so far as they are known by now.
    """

    def __init__(
        self, index: SiteIndex, config: Config, bodies: Bodies, cards: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._cards = cards
        self.index = index
        self.config = config
        self._bodies = bodies
        self.known: dict[str, Answer] = {}
        """The answers given so far, but for bodies: key → value and digest."""
        self._last_body: tuple[str, Answer] = ("", (None, ""))
        self._kinds: dict[str, Callable[[str], Any]] = {
            "card": index.cards.get,
            "cfg": self._section,
            "near": self._neighbours,
            "rel": lambda key: related_posts(index, key, self._positions) if config.output.related else (),
            "part": self._part_neighbours,
            "comments": self._discussion,
            "issue": lambda key: index.issue_plans[key].posts,
            "layout": index.issue_plans.get,
            "tags": lambda _: tuple((slug, len(tag.posts)) for slug, tag in index.tags.items()),
            "tag": self._tag,
            "series": index.series.get,
            "author": lambda slug: index.authors[slug].author,
            "name": self._name,
            "count": lambda listing: len(self.listing(listing)),
            "chunk": self._chunk,
            "pinned": lambda _: tuple(key for key in index.posts if index.cards[key].pinned),
            "years": lambda _: tuple((*_year_month(name), len(keys)) for name, keys in index.months.items()),
            "year": self._year,
            "years_near": self._years_near,
            "intro": lambda address: self.pages_by_address.get(address, ""),
            "has": self._has,
            "top": self._top,
            "home": lambda _: self.home,
            "aliases": lambda _: tuple((alias, index.urls[key]) for alias, key in sorted(index.aliases.items())),
            "shared_title": self._shared_titles.__contains__,
            "img": index.pictures.get,
            "url": lambda path: index.urls.get(path, ""),
        }

    def add(self, kind: str, answer: Callable[[str], Any]) -> None:
        """Add a kind of question; `answer` must depend on nothing but its id and this build's frozen values."""
        assert kind not in self._kinds, kind
        self._kinds[kind] = answer

    def renew(self, bodies: Bodies) -> None:
        """Take texts that have changed; the answers that hang on them are to be forgotten by their keys."""
        self._bodies = bodies
        self._last_body = ("", (None, ""))

    def forget(self, keys: Iterable[str]) -> None:
        """Forget answers: they will be given anew."""
        for key in keys:
            self.known.pop(key, None)

    def ask(self, key: str) -> Answer:
        """Answer a key, and say the digest of the answer. Raises: KeyError for a kind nobody answers."""
        known = self.known.get(key)
        if known is None:
            kind, _, of = key.partition("|")
            if kind == "body":
                return self._body(of)
            value = self._kinds[kind](of)
            name = self._cards.get(of) if kind == "card" else None
            known = _YES if value is True else _NO if value is False else (value, name or digest(value))
            if len(self.known) >= REMEMBERED:
                self.known.clear()  # most are asked for by one page, and never again
            self.known[key] = known
        return known

    def digest(self, key: str) -> str:
        """Say the digest of a key's answer. Raises: KeyError for a kind nobody answers."""
        return self._bodies.digest(key.removeprefix("body|")) if key.startswith("body|") else self.ask(key)[1]

    def _body(self, key: str) -> Answer:
        """Fetch a body; the last one is kept, for a page asks for its own more than once."""
        if self._last_body[0] != key:
            self._last_body = (key, self._bodies.body(key))
        return self._last_body[1]

    def listing(self, name: str) -> tuple[str, ...]:
        """Give a listing's keys, newest first.

        Names: `posts`, `newsletter`, `tag/x`, `series/x`, `author/x`, `month/2014-10`.
        """
        kind, _, of = name.partition("/")
        if kind == "month":
            return self.index.months[of]
        return self._named(kind, of)

    def _named(self, kind: str, slug: str) -> tuple[str, ...]:
        if kind == "posts":
            return self.index.posts
        if kind == "newsletter":
            return self.index.issues
        members: Mapping[str, Any] = {
            "tag": self.index.tags,
            "series": self.index.series,
            "author": self.index.authors,
        }[kind]
        posts: tuple[str, ...] = members[slug].posts
        return posts

    @cached_property
    def home(self) -> str:
        """Give the address of the list of posts."""
        return home_address(FRONT_PAGE in self.pages_by_address, self.config)

    @cached_property
    def _shared_titles(self) -> frozenset[str]:
        return frozenset(self.index.shared_titles)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.index.posts)}

    @cached_property
    def _issue_positions(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.index.issues)}

    @cached_property
    def pages_by_address(self) -> dict[str, str]:
        """Map addresses to the keys of the pages that stand there."""
        return {self.index.addresses[key]: key for key in self.index.pages}

    @cached_property
    def _part_positions(self) -> dict[str, tuple[str, int]]:
        return {
            part.key: (slug, place)
            for slug, series in self.index.series.items()
            for place, part in enumerate(series.parts)
            if part.key is not None
        }

    def _section(self, name: str) -> Any:
        if name == "site":
            config = self.config
            return (config.title, config.url, config.language, config.description, config.image, config.image_alt)
        if name not in SECTIONS:
            raise KeyError(name)  # of an older version, whose pages asked for it
        return getattr(self.config, name)

    def _neighbours(self, key: str) -> tuple[str, str]:
        """Name the next newer and the next older document of the kind, "" at the ends."""
        posts = key in self._positions
        everything = self.index.posts if posts else self.index.issues
        place = (self._positions if posts else self._issue_positions)[key]
        return everything[place - 1] if place else "", everything[place + 1] if place + 1 < len(everything) else ""

    def _part_neighbours(self, key: str) -> tuple[str, str]:
        """Name the part before and the part after within the series, over gaps; "" at the ends."""
        if key not in self._part_positions:
            return "", ""
        slug, place = self._part_positions[key]
        parts = self.index.series[slug].parts  # looked at from here outwards: a series may hold thousands
        before = next((parts[at].key for at in range(place - 1, -1, -1) if parts[at].key), None)
        after = next((parts[at].key for at in range(place + 1, len(parts)) if parts[at].key), None)
        return before or "", after or ""

    def _discussion(self, key: str) -> Discussion:
        from generator.site.discussion import discussion

        card: Card = self.index.cards[key]
        kept = () if card.comments is CommentMode.NONE else self._bodies.comments(key)[0]
        return discussion(card, kept, self.config)

    def _tag(self, slug: str) -> tuple[str, str, str]:
        tag = self.index.tags[slug]
        return tag.name, tag.url, tag.description

    def _name(self, listing: str) -> str:
        """Name a listing, without saying what is in it; "" for the posts of the whole site."""
        kind, _, slug = listing.partition("/")
        if kind == "author":
            return self.index.authors[slug].author.name
        if kind in ("tag", "series"):
            return (self.index.tags if kind == "tag" else self.index.series)[slug].name
        return "Newsletter" if kind == "newsletter" else ""

    def _chunk(self, of: str) -> Chunk:
        listing, address, number = of.split("|")
        per_page = self.per_page(listing)
        url = self.config.base_path + address.lstrip("/")
        return chunk(self.listing(listing), per_page, url, int(number) if number else None)

    def per_page(self, listing: str) -> int:
        """Say how many posts a page of a listing holds."""
        output = self.config.output
        whole = _LISTS[listing.partition("/")[0]] in output.unpaged
        return max(1, len(self.listing(listing))) if whole else output.per_page

    def _year(self, year: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """List a year's months, oldest first, each with its posts, oldest first."""
        months = ((_year_month(name), keys[::-1]) for name, keys in self.index.months.items())
        return tuple((month, keys) for (y, month), keys in reversed(list(months)) if y == int(year))

    def _years_near(self, year: str) -> tuple[int | None, int | None]:
        """Name the next newer and the next older year that have posts."""
        years = {_year_month(name)[0] for name in self.index.months}
        newer = min((y for y in years if y > int(year)), default=None)
        return newer, max((y for y in years if y < int(year)), default=None)

    def _has(self, listing: str) -> bool:
        return bool(self.index.tags if listing == "tags" else self.listing(listing))

    def _top(self, of: str) -> tuple[str, ...]:
        listing, count = of.split("|")
        return self.listing(listing)[: int(count)]


def _year_month(name: str) -> tuple[int, int]:
    year, _, month = name.partition("-")
    return int(year), int(month)
