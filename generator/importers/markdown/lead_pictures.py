"""Read the lead picture: a path or a table, under the key names of generators and themes."""

from __future__ import annotations

import re

from generator.content.address_checks import check_picture
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, words
from generator.text.tree import Items, Table, Text, Value

_KEYS = (
    "image", "featured_image", "feature_image", "featuredimage", "featureimage", "hero", "hero_image", "primary_image",
    "cover", "cover_image", "images", "header_image", "banner", "thumbnail", "teaser", "og_image", "social_image",
)  # fmt: skip
_PATHS = ("path", "src", "url", "image", "file", "filename", "source", "feature", "teaser")
_ALTS = ("alt", "alt_text", "image_alt", "description")
_FILE = re.compile(r"(?i)[^\s?#]+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico)(?:[?#]\S*)?")
_ALT_KEYS = ("image_alt", "featured_image_alt", "image_alt_text", "alt", "cover_alt", "hero_alt")


def read_picture(keys: FrontMatterKeys) -> tuple[str, str | None]:
    """Return the lead picture's address ("" for none) and its alternative text (None if not given).

    A value that is not a file (a colour, a database id) stays for `extra`.
    """
    for name in _KEYS:
        for written, value in keys.take(name):
            src, alt = _picture(value)
            if not src:
                if not _says_no(value):
                    keys.put_back(written, value)
                continue
            if _says_more(value):
                keys.put_back(written, value)
            beside = keys.take_one(*_ALT_KEYS)
            return src, words(beside) if beside is not None else alt
    return "", None


def is_picture(address: str) -> bool:
    """Return True if an address is that of a picture file."""
    return _FILE.fullmatch(address.strip()) is not None


def _picture(value: Value) -> tuple[str, str | None]:
    if isinstance(value, Items):
        return _picture(value.items[0])
    if isinstance(value, Text):
        src = value.text.strip()
        return (src, None) if is_picture(src) and _acceptable(src) else ("", None)
    assert isinstance(value, Table)
    entries = {key.lower(): item for key, (_, item) in value.entries.items()}
    src = next((path for key in _PATHS if key in entries and (path := _picture_text(entries[key]))), "")
    alt = next((words(entries[key]) for key in _ALTS if isinstance(entries.get(key), Text)), None)
    return src, alt


def _picture_text(value: Value) -> str:
    return "" if isinstance(value, Table) else _picture(value)[0]


def _acceptable(src: str) -> bool:
    """Return True if our front matter allows this address. Pelican's braces are removed when links are fixed."""
    if src.startswith("{"):
        return True
    try:
        check_picture(src, "content/posts/0000/name/index.md")
    except ValueError:
        return False
    return True


def _says_more(value: Value) -> bool:
    """Return True if there is more than a picture and its text: captions, credits, further pictures."""
    if isinstance(value, Items):
        return len(value.items) > 1
    return isinstance(value, Table) and any(key.lower() not in (*_PATHS, *_ALTS) for key in value.entries)


def _says_no(value: Value) -> bool:
    return isinstance(value, Text) and value.text.strip().lower() in ("false", "no", "none")
