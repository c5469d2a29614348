"""Read the slug and the addresses in a source's front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.content.address_checks import check_address, check_slug
from generator.importers.import_model import Topic
from generator.importers.markdown.eleventy import makes_no_page
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, texts
from generator.slugs import slugify
from generator.text.tree import Text

_ADDRESSES = ("permalink", "url", "path")
_PLACEHOLDER = re.compile(r"\{\{|\{%|:[a-z_]{3,}")


@dataclass(frozen=True, slots=True)
class WrittenAddress:
    """A source's slug, its own address ("" for none), and its aliases."""

    slug: str
    own: str
    old: tuple[str, ...]
    hidden: bool = False


def read_address(keys: FrontMatterKeys) -> WrittenAddress:
    """Read a source's slug, its own address and its aliases."""
    old: list[str] = []
    slug, own, hidden = "", "", False
    for name, value in keys.take(*_ADDRESSES):
        if makes_no_page(value):
            keys.note(Topic.HIDDEN, "`permalink: false`: the old site had no page for it.", value)
            hidden = True
        elif not isinstance(value, Text) or _PLACEHOLDER.search(value.text) or "://" in value.text:
            keys.put_back(name, value)
        elif place := _checked(keys, value):
            old.append(place)
            own = own or place
            slug = slug or _last_step(place)
    written = keys.take_one("slug")
    if isinstance(written, Text):
        slug = _slug(keys, written) or slug
    for _, value in keys.take("aliases", "alias", "redirect_from"):
        old += [place for text in texts(value) if (place := _checked(keys, Text(text, value.line, value.column)))]
    return WrittenAddress(slug, own, tuple(dict.fromkeys(old)), hidden)


def _checked(keys: FrontMatterKeys, value: Text) -> str:
    """Convert an old address to the form of an alias; note and skip one that cannot be an alias."""
    text = re.sub(r"^https?://[^/]+(?=/)", "", value.text.strip())
    try:
        return check_address(text) if text else ""
    except ValueError as reason:
        keys.note(Topic.ADDRESS, f"The address {value.text.strip()[:200]!a} was not kept. {reason}", value)
        return ""


def _last_step(address: str) -> str:
    step = re.sub(r"(?i)(?:^|(?<=/))index\.html?$|\.html?$", "", address).strip("/").rpartition("/")[2]
    try:
        return check_slug(step)
    except ValueError:
        return slugify(step)


def _slug(keys: FrontMatterKeys, value: Text) -> str:
    """Keep a slug as written if it can be one step of an address."""
    written = value.text.strip().strip("/")
    try:
        if written == "".join(written.split()):
            return check_slug(written)
    except ValueError:
        pass
    slug = slugify(written)
    keys.note(
        Topic.SLUG,
        f"The slug {written[:100]!a} cannot be part of an address. The new slug is {slug or 'made from its name'}.",
        value,
    )
    return slug
