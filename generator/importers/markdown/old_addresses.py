"""Where posts stood on the old site: what they say themselves, what the settings say, what their links give away.

Posts link to each other. When `/2015/10/15/some-name/` stands in one and another is called `some-name` and dated
15 October 2015, that is how this blog's addresses were made, and all its posts get theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from generator.content.addresses import check_address
from generator.importers.import_model import Generator, ImportedPost, PlacedPost
from generator.model import Kind
from generator.slugs import slugify

_TOKEN = re.compile(r":([a-z_]+)|\{(\w+)(?::%([A-Za-z]))?\}")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
_PREFIXES = frozenset(("", "blog", "posts", "post", "news", "articles", "article", "entries", "weblog", "journal"))
_INDEX = re.compile(r"(?i)(?:^|/)index\.html?$|\.html?$")


@dataclass(frozen=True, slots=True, order=True)
class UrlPattern:
    """How addresses were made: what stands before, how much of the date, how it ends; which date, where two differ."""

    prefix: str
    parts: int
    suffix: str = "/"
    by_name: bool = False


@dataclass(slots=True)
class OldUrls:
    """The old addresses of posts and the way back.

    `of` maps a post's id to its addresses, in the order they were found; `own` holds the ids of posts whose own
    address is known, not only what led to it.
    """

    of: dict[str, list[str]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    _posts: dict[str, PlacedPost] = field(default_factory=dict)
    _names: dict[str, list[PlacedPost]] = field(default_factory=dict)
    _seen: Counter[UrlPattern] = field(default_factory=Counter)

    def add(self, post: PlacedPost, addresses: Iterable[str]) -> None:
        """Note the addresses of a post; the first post that has one keeps it."""
        mine = self.of.setdefault(post.id, [])
        for address in addresses:
            self._posts.setdefault(canonical(address), post)
            if address and address not in mine:
                mine.append(address)
        for name in {post.draft.stem.lower(), post.slug.lower(), slugify(post.draft.stem)}:
            known = self._names.setdefault(name, [])
            if not known or known[-1] is not post:
                known.append(post)

    def find(self, path: str) -> PlacedPost | None:
        """Give the post that stood at an address of the old site, by what is known or by its name and date."""
        post = self._posts.get(canonical(path))
        if post is not None:
            return post
        match = self._match(path)
        if match is None:
            return None
        post, pattern = match
        self._seen[pattern] += 1
        self.add(post, [_checked(path)])
        self.own.add(post.id)
        return post

    def pattern(self) -> UrlPattern | None:
        """Give the pattern that links follow most."""
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
    """Fold an address so that all spellings a server answers alike are one: no slashes at the ends, no `.html`."""
    path = unicodedata.normalize("NFC", unquote(address)).strip("/")
    return _INDEX.sub("", path).strip("/").casefold()


def known_addresses(draft: ImportedPost, pattern: str, base: str, usual_language: str) -> list[str]:
    """List the addresses that a source names itself, or that follow from the settings' pattern."""
    found = list(draft.old)
    made = expand(_STYLES.get(pattern, pattern), draft) if pattern and not draft.own else ""
    if made:
        found.append("/" + with_language(made.lstrip("/"), draft, usual_language, before=True))
    return [address for each in found if (address := _checked(f"/{base}/{each.lstrip('/')}" if base else each))]


def with_language(path: str, draft: ImportedPost, usual: str, *, before: bool = False) -> str:
    """Add the folder that Hugo and Zola give to every language but the usual one: after a path, or before it."""
    lang = draft.origin.lang.lower()
    if draft.shape not in (Generator.HUGO, Generator.ZOLA) or lang in ("", usual.lower()):
        return path
    return f"{lang}/{path}" if before else "/".join(filter(None, (path, lang)))


def usual_address(draft: ImportedPost) -> str:
    """Guess the address that a source's generator gives it unless told otherwise; "" where there is no usual one."""
    if draft.kind is Kind.PAGE and draft.shape in (Generator.JEKYLL, Generator.PELICAN):
        slug = draft.slug if "slug" in draft.values else slugify(draft.title)
        made = f"pages/{slug}" if draft.shape is Generator.PELICAN else draft.origin.group.removeprefix("_pages/")
        return "" if draft.origin.section else _checked(f"/{made}.html")
    folder = draft.origin.group.removeprefix("content/").rpartition("/")[0]
    if draft.shape is Generator.JEKYLL and "_posts/" in f"/{draft.origin.rel}":
        return _checked(expand(_STYLES["date"], draft))
    if draft.shape in (Generator.HUGO, Generator.ZOLA):
        name = draft.slug if "slug" in draft.values else draft.origin.group.rpartition("/")[2]
        name = draft.stem if draft.shape is Generator.ZOLA and "slug" not in draft.values else name
        return _checked(f"/{folder}/{name}/".replace("//", "/").lower())
    return _checked(f"/{draft.slug}.html") if draft.shape is Generator.PELICAN else ""


def follow(pattern: UrlPattern, draft: ImportedPost) -> str:
    """Make a post's address after a pattern that links gave away."""
    day = (draft.day_in_name if pattern.by_name else None) or draft.date
    if day is None:
        return ""
    dated = (f"{day.year:04}", f"{day.month:02}", f"{day.day:02}")[: pattern.parts]
    return _checked("/" + "/".join([*filter(None, [pattern.prefix]), *dated, draft.stem]) + pattern.suffix)


def expand(pattern: str, draft: ImportedPost) -> str:
    """Fill in a pattern in Jekyll's, Hugo's, Pelican's or our own words; "" where it asks for what we do not know."""
    values = _values(draft)
    unknown = False

    def one(match: re.Match[str]) -> str:
        nonlocal unknown
        name = match[1] or match[2]
        if match[3] and draft.date:
            return draft.date.strftime(f"%{match[3]}")
        unknown |= name not in values
        return values.get(name, "")

    made = re.sub("/{2,}", "/", f"/{_TOKEN.sub(one, pattern)}")
    return "" if unknown else made


def _values(draft: ImportedPost) -> Mapping[str, str]:
    folders = draft.origin.group.removeprefix("content/").split("/")[:-1]
    slug = draft.slug if "slug" in draft.values or draft.shape is Generator.PELICAN else draft.stem
    titled = _urlized(draft.title) if draft.shape is Generator.HUGO and "slug" not in draft.values else slug
    found = {
        "title": _urlized(draft.title) if draft.shape is Generator.HUGO else slug,
        "slug": titled,
        "name": draft.stem,
        "filename": draft.origin.group.rpartition("/")[2],
        "slugorfilename": slug,
        "contentbasename": draft.stem,
        "collection": draft.origin.collection,
        "path": draft.origin.group.partition("/")[2],
        "section": folders[0] if folders else "",
        "sections": "/".join(folders),
        "categories": "/".join(each.lower() for each in draft.categories),
        "slugified_categories": "/".join(slugify(each) for each in draft.categories),
        "category": slugify(draft.categories[0]) if draft.categories else "",
        "lang": draft.origin.lang,
        "output_ext": ".html",
    }
    return found | _dated(draft.date) if draft.date else found


def _urlized(title: str) -> str:
    """Make a title part of an address as Hugo does (`helpers.MakePath`): punctuation goes, a space is a hyphen."""
    kept = "".join(char for char in title.lower() if char.isalnum() or char.isspace() or char in "._+~-@")
    return re.sub(r"\s+", "-", kept.strip())


def _dated(day: date) -> dict[str, str]:
    return {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "i_month": str(day.month),
        "i_day": str(day.day),
        "short_year": f"{day.year % 100:02}",
        "y_day": f"{day.timetuple().tm_yday:03}",
        "yearday": str(day.timetuple().tm_yday),
    }


def _agrees(steps: list[str], day: date | None) -> bool:
    if not steps:
        return True
    wanted = (day.year, day.month, day.day) if day else ()
    return len(steps) <= len(wanted) and all(
        step.isascii() and step.isdigit() and int(step) == part for step, part in zip(steps, wanted, strict=False)
    )


def _digits(prefix: str) -> bool:
    return any(step.isdigit() for step in prefix.split("/"))


def _checked(address: str) -> str:
    try:
        return check_address(address) if address.strip("/") else ""
    except ValueError:
        return ""
