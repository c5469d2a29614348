"""The keys of front matter: which kind of source may have which, and what other generators call them."""

from __future__ import annotations

from functools import lru_cache

from generator.blocks import NAMES
from generator.model import Kind
from generator.text.suggestions import find_closest

COMMON = frozenset((
    "title", "date", "updated", "updates", "slug", "permalink", "aliases", "id", "author", "authors", "tags",
    "summary", "description", "image", "image_alt", "image_focus", "draft", "expires", "lang", "translation_of",
    "extra", "owner", "approved_by", "review_by", *NAMES, "order",
))  # fmt: skip
POST = COMMON | {"audio", "series", "part", "pinned", "rating", "rating_note", "newsletter"}
POST |= {"learning_points", "action", "comments", "thread", "event"}
PAGE = COMMON | {"learning_points", "action", "comments", "thread"}
ISSUE = COMMON | {"subject", "preheader", "posts", "collect", "lead", "sections", "brief"}
ISSUE |= {"corrections", "action", "number", "send_at"}
KEYS = {Kind.POST: POST, Kind.PAGE: PAGE, Kind.ISSUE: ISSUE}

ELSEWHERE = {
    "categories": "tags",
    "category": "tags",
    "topics": "tags",
    "tag": "tags",
    "excerpt": "summary",
    "lead": "summary",
    "deck": "summary",
    "subtitle": "summary",
    "redirect_from": "aliases",
    "url": "permalink",
    "path": "permalink",
    "lastmod": "updated",
    "last_modified_at": "updated",
    "modified": "updated",
    "expirydate": "expires",
    "expiryDate": "expires",
    "locale": "lang",
    "language": "lang",
    "hero": "image",
    "featured_image": "image",
    "cover": "image",
    "translationKey": "translation_of",
    "weight": "part",
}
"""What Jekyll, Hugo, Zola and others call a key of ours."""

HIDING = {
    "published": frozenset(("true", "yes", "on", "1")),
    "public": frozenset(("true", "yes", "on", "1")),
    "status": frozenset(("published", "publish", "public", "final", "live")),
    "visibility": frozenset(("public",)),
    "private": frozenset(("false", "no", "off", "0")),
    "hidden": frozenset(("false", "no", "off", "0")),
}
"""Keys of other generators that hide a source unless their value is one of these: never published by mistake."""

PATHS = frozenset(("layout", "template", "theme", "include"))
"""Keys of other generators that name a file: not read, but one that leaves the site is refused all the same."""


@lru_cache(maxsize=2048)
def guess_key(key: str, kind: Kind) -> str | None:
    """Guess which key of ours was meant by an unknown one; None without a good guess."""
    folded = key.strip(" “”‘’„\"'").lower().replace("-", "_").replace(" ", "_")[:40]
    if folded in KEYS[kind]:
        return folded
    known = ELSEWHERE.get(key) or ELSEWHERE.get(folded)
    if known in KEYS[kind]:
        return known
    return find_closest(folded, sorted(KEYS[kind]), 0.75)
