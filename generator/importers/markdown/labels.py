"""Read tags, authors and series: texts, lists, tables and taxonomies become lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from generator.importers.import_model import Topic
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, texts, words
from generator.slugs import fold_label
from generator.text.short_text import MAX_NAME_CHARS
from generator.text.tree import Items, Table, Text, Value

_PLURAL = ("tags", "categories", "topics")
_SINGULAR = ("tag", "category", "topic")
_NAMES = ("name", "display_name", "display_as", "title", "full_name", "login", "id", "nickname")
_MAIL = re.compile(r"\s*<?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?")
_MAX_LABELS = 500


def uses_topics(tables: Sequence[Table]) -> bool:
    """Return True if `topics` are the tags of this blog, because more than half of its posts have them.

    Other generators show only the taxonomies in their settings, so readers never saw other labels of older posts.
    """
    return 2 * sum(any(key.lower() == "topics" for key in table.entries) for table in tables) > len(tables)


def read_tags(keys: FrontMatterKeys, dialect: Dialect, topics: bool = False) -> tuple[list[str], tuple[str, ...]]:
    """Return the tags in order, each once ignoring case, and those of them that were categories.

    With `topics`, only they are the tags. A singular key next to its plural is kept in `extra` and noted.
    """
    found: list[str] = []
    categories: list[str] = []
    for name, value in _sources(keys, topics):
        folded = name.lower()
        spaced = dialect.spaced_labels and folded in _PLURAL
        value = _split_at_semicolons(value, dialect)
        labels = _labels(value, spaces=spaced and _small(value))
        if labels is None:
            keys.put_back(name, value)
            continue
        found += labels
        categories += (_labels(value, spaces=spaced) or ()) if folded in ("categories", "category") else ()
    first = {fold_label(label): label for label in reversed(found) if label}
    tags = list(dict.fromkeys(first[fold_label(label)] for label in found if label))
    if len(tags) > _MAX_LABELS or any(len(tag) > MAX_NAME_CHARS for tag in tags):
        keys.note(Topic.KEY, f"Only the first {_MAX_LABELS} tags of up to {MAX_NAME_CHARS} characters are kept.")
        tags = [tag for tag in tags if len(tag) <= MAX_NAME_CHARS][:_MAX_LABELS]
    return tags, tuple(categories)


def _sources(keys: FrontMatterKeys, topics: bool) -> Iterator[tuple[str, Value]]:
    """Take the values that hold tags; leave the others for `extra`."""
    plural = ("topics",) if topics else _PLURAL
    for name, one in zip(_PLURAL, _SINGULAR, strict=True):
        if name not in plural:
            _leave(keys, (name, one), "Labels in addition to `topics`, which are this blog's tags")
        elif keys.look(name) is not None:
            _leave(keys, (one,), f"`{one}` in addition to `{name}`")
            yield from keys.take(name)
        else:
            yield from keys.take(one)
    for name, value in _taxonomies(keys):
        if not topics or name.lower() in ("topics", "topic"):
            yield name, value
        else:
            keys.put_back(name, value)


def _leave(keys: FrontMatterKeys, names: Sequence[str], what: str) -> None:
    for name in names:
        value = keys.look(name)
        if value is not None:
            keys.note(Topic.KEY, f"{what}: kept in extra, not as tags.", value)


def _small(value: Value) -> bool:
    """Return True if a text is several labels, as in `jekyll update`; with capitals, as in `Field Notes`, it is one."""
    return isinstance(value, Text) and value.text == value.text.lower()


def _split_at_semicolons(value: Value, dialect: Dialect) -> Value:
    """Make a list of a text that contains a semicolon; the semicolons of HTML entities do not count.

    Source: Pelican's `ensure_metadata_list`.
    """
    if not dialect.semicolons or not isinstance(value, Text) or ";" not in (text := unescape(value.text)):
        return value
    parts = [part.strip() for part in text.split(";")]
    items = tuple(Text(part, value.line, value.column, True) for part in parts if part)
    return Items(items, value.line, value.column)


def read_authors(keys: FrontMatterKeys, dialect: Dialect) -> list[str]:
    """Return the authors: names, ids, or names in tables. E-mail addresses are never imported."""
    found: list[str] = []
    for name, written in keys.take("authors", "author", "byline"):
        value = _split_at_semicolons(written, dialect)
        items = value.items if isinstance(value, Items) else (value,)
        split = name.lower() == "authors" and isinstance(value, Text)
        for item in items:
            if isinstance(item, Table):
                found.append(_author(keys, item))
            else:
                found += re.split(r"\s*[;,]\s*", words(item)) if split else [words(item)]
    named = [author for text in found if (author := _without_mail(keys, text))]
    return [author for author in dict.fromkeys(named) if len(author) <= MAX_NAME_CHARS]


def read_series(keys: FrontMatterKeys) -> dict[str, Any]:
    """Return the series' name, if there is exactly one, and the part number, if it is a number."""
    for name, value in keys.take("series"):
        names = texts(value)
        if len(names) == 1 and len(names[0]) <= MAX_NAME_CHARS:
            return {"series": names[0], "part": _part(keys)}
        keys.put_back(name, value)
    return {}


def _part(keys: FrontMatterKeys) -> int | None:
    for name in ("part", "series_index", "series_part", "series_order", "series_weight", "series_number"):
        value = keys.look(name)
        if isinstance(value, Text) and re.fullmatch(r"[0-9]{1,6}", value.text.strip()):
            keys.take_one(name)
            return int(value.text)
    return None


def _labels(value: Value, *, spaces: bool) -> list[str] | None:
    """Split a text at commas, or at spaces as Jekyll does; return a list's texts; None for other values."""
    if isinstance(value, Text):
        parts = value.text.split(",") if "," in value.text else value.text.split() if spaces else [value.text]
        return [words(Text(part, value.line, value.column, True)) for part in parts]
    if isinstance(value, Items) and all(isinstance(item, Text) for item in value.items):
        return [words(item) for item in value.items if isinstance(item, Text) and not item.empty]
    return None


def _taxonomies(keys: FrontMatterKeys) -> list[tuple[str, Value]]:
    """Flatten Zola's `[taxonomies]`: tags, categories, authors and series become keys, others are kept."""
    found: list[tuple[str, Value]] = []
    for _, table in keys.take("taxonomies"):
        if not isinstance(table, Table):
            keys.put_back("taxonomies", table)
            continue
        for name, (_, value) in table.entries.items():
            if name.lower() in (*_PLURAL, *_SINGULAR):
                found.append((name, value))
            elif keys.look(name.lower()) is None:
                keys.put_back(name, value)
    return found


def _author(keys: FrontMatterKeys, table: Table) -> str:
    entries = {key.lower(): value for key, (_, value) in table.entries.items()}
    name = next((text for key in _NAMES if (text := words(entries.get(key)))), "")
    full = " ".join(filter(None, (words(entries.get("first_name")), words(entries.get("last_name")))))
    lost = sorted(key for key, value in entries.items() if words(value) and key not in _NAMES)
    if lost:
        keys.note(Topic.AUTHOR, f"Only the name of an author is kept. Not imported: {', '.join(lost)}.", table)
    return name or full


def _without_mail(keys: FrontMatterKeys, name: str) -> str:
    if "@" not in name:
        return name
    kept = _MAIL.sub("", name).strip(" ()<>,")
    keys.note(Topic.AUTHOR, "An author's e-mail address was not imported.")
    return kept
