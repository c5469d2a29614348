"""Map posts to their old addresses and back, and infer the address pattern from links between posts.

If a post links to `/2015/10/15/some-name/`, and another post is called `some-name` and dated 15 October 2015, the
blog's addresses probably follow this pattern, so all its posts get such an old address.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from generator.content.address_checks import check_address
from generator.importers.import_model import ImportedPost, PlacedPost
from generator.slugs import slugify

_PREFIXES = frozenset(("", "blog", "posts", "post", "news", "articles", "article", "entries", "weblog", "journal"))
_INDEX = re.compile(r"(?i)(?:^|/)index\.html?$|\.html?$")


@dataclass(frozen=True, slots=True, order=True)
class UrlPattern:
    """A pattern of old addresses: prefix, parts of the date, ending, and which date if a post has two."""

    prefix: str
    parts: int
    suffix: str = "/"
    by_name: bool = False


@dataclass(slots=True)
class OldUrls:
    """Posts by old address, and old addresses by post.

    `of` maps a post's id to its addresses, in the order found; `own` holds the ids of posts whose own address is known,
    not only addresses that redirected to it; `queries` maps addresses such as `/?p=12` to their post.
    """

    of: dict[str, list[str]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    queries: dict[str, PlacedPost] = field(default_factory=dict)
    _posts: dict[str, PlacedPost] = field(default_factory=dict)
    _names: dict[str, list[PlacedPost]] = field(default_factory=dict)
    _seen: Counter[UrlPattern] = field(default_factory=Counter)

    def add(self, post: PlacedPost, addresses: Iterable[str]) -> None:
        """Add the addresses of a post; an address belongs to the first post that has it."""
        mine = self.of.setdefault(post.id, [])
        for address in addresses:
            self._posts.setdefault(canonical(address), post)
            if address and address not in mine:
                mine.append(address)
        for name in {post.draft.stem.lower(), post.slug.lower(), slugify(post.draft.stem)}:
            known = self._names.setdefault(name, [])
            if not known or known[-1] is not post:
                known.append(post)

    def add_queries(self, post: PlacedPost, addresses: Iterable[str]) -> None:
        """Add the addresses of a post that end in a query."""
        for address in addresses:
            self.queries.setdefault(address, post)

    def find(self, path: str) -> PlacedPost | None:
        """Return the post at an address of the old site: by its known addresses, else by name and date."""
        post = self._posts.get(canonical(path))
        if post is not None:
            return post
        match = self._match(path)
        if match is None:
            return None
        post, pattern = match
        self._seen[pattern] += 1
        self.add(post, [checked_url(path)])
        self.own.add(post.id)
        return post

    def pattern(self) -> UrlPattern | None:
        """Return the pattern that most links follow."""
        dated = [(count, pattern) for pattern, count in self._seen.items() if pattern.parts]
        return max(dated)[1] if dated else None

    def _match(self, path: str) -> tuple[PlacedPost, UrlPattern] | None:
        steps = canonical(path).split("/")
        for post in self._names.get(steps[-1], ()):
            draft = post.draft
            for day, by_name in ((draft.date, False), (draft.day_in_name, True)):
                for parts in (3, 2, 1, 0) if day else (0,):
                    prefix = "/".join(steps[: -1 - parts])
                    if _agrees(steps[-1 - parts : -1], day) and (
                        prefix in _PREFIXES if not parts else not _digits(prefix)
                    ):
                        suffix = ".html" if re.search(r"(?i)\.html?$", path) else "/"
                        return post, UrlPattern(prefix, parts, suffix, by_name and day != draft.date)
        return None


def canonical(address: str) -> str:
    """Fold an address so that spellings of the same page are equal: no slashes at the ends, no `.html`."""
    path = unicodedata.normalize("NFC", unquote(address)).strip("/")
    return _INDEX.sub("", path).strip("/").casefold()


def follow(pattern: UrlPattern, draft: ImportedPost) -> str:
    """Make a post's address by an inferred pattern."""
    day = (draft.day_in_name if pattern.by_name else None) or draft.date
    if day is None:
        return ""
    dated = (f"{day.year:04}", f"{day.month:02}", f"{day.day:02}")[: pattern.parts]
    return checked_url("/" + "/".join([*filter(None, [pattern.prefix]), *dated, draft.stem]) + pattern.suffix)


def checked_url(address: str) -> str:
    """Return an old address in the form of an alias, "" if it cannot be one."""
    try:
        return check_address(address) if address.strip("/") else ""
    except ValueError:
        return ""


def _agrees(steps: list[str], day: date | None) -> bool:
    if not steps:
        return True
    wanted = (day.year, day.month, day.day) if day else ()
    return len(steps) <= len(wanted) and all(
        step.isascii() and step.isdigit() and int(step) == part for step, part in zip(steps, wanted, strict=False)
    )


def _digits(prefix: str) -> bool:
    return any(step.isdigit() for step in prefix.split("/"))
