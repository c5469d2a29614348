"""Validate front matter: the tree of one source becomes its `Meta`, or problems that name line and column."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

import msgspec

from generator.blocks import NAMES
from generator.content.address_checks import check_address, check_alias, check_picture, check_slug
from generator.content.blocks import read_blocks, read_event, read_order
from generator.content.compound_fields import (
    check_language,
    read_action,
    read_author,
    read_collect,
    read_comments,
    read_focus,
    read_rating,
    read_send_at,
    read_update,
    split_tags,
)
from generator.content.read import control_removed
from generator.content.unknown import judge_unknown
from generator.errors import ProblemCollector, error
from generator.model import CommentMode, Kind, Meta
from generator.slugs import slug_or_digest
from generator.text.dates import date_from_name
from generator.text.short_text import MAX_NAME_CHARS, MAX_TITLE_CHARS
from generator.text.tree import Table
from generator.text.written_rules import Fields, WrittenRules, checked, plain_value

NAMESPACE = uuid.UUID("8f0f6a2e-3f0b-5c83-9f5a-6d1c6f7a40b1")
"""The UUID namespace (RFC 9562 §5.5) of ids made from paths. Never change it: every feed reader would see new posts."""


def read_meta(
    front: Table,
    problems: ProblemCollector,
    *,
    path: str,
    kind: Kind,
    zone: tzinfo,
    known_extra: Mapping[str, Callable[[Any], Any]],
) -> Meta | None:
    """Read the front matter of the source at `path`; None beside at least one error, which joins the problems.

    `zone` is the site's: dates without an offset are local there. `known_extra` are further keys, of extensions,
    whose plain values join `extra` as their checks return them.
    """
    rules = WrittenRules(zone)
    fields = Fields(path, front, rules, problems)
    judge_unknown(fields, kind, known_extra)
    stem = source_stem(path)
    title, date = _title(fields), _date(fields, stem, kind)
    values = _identity(fields, stem, kind)
    for keys, read in _PARTS[kind]:
        if not keys.isdisjoint(front.entries):  # most sources have a few of the keys; the model knows what is usual
            values |= read(fields)
    values["comments"] = CommentMode.NONE if kind is Kind.ISSUE else read_comments(fields, kind)
    values["extra"] = _extra(fields, known_extra)
    problems.add(*(control_removed(path, value.line, value.column) for value in rules.with_controls))
    if title is None or problems.has_errors:
        return None
    return Meta(kind=kind, title=title, date=date, **values)


def source_stem(path: str) -> str:
    """Return the name of a source: its file without suffix, or for `index.md` its folder."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    parent = folder.rpartition("/")[2]
    return parent if stem.lower() == "index" and folder not in ("", "content/pages") else stem


def _title(fields: Fields) -> str | None:
    entry = fields.table.entries.get("title")
    title = fields.text("title", limit=MAX_TITLE_CHARS)
    if title or (title is None and fields.value("title") is not None):
        return title  # or an error that says what is wrong with it
    place = entry[0] if entry else fields.table
    hint = 'Add a line: title: "…"'
    fields.problems.add(
        error(fields.path, "no-title", "The title is missing.", hint, line=place.line, column=place.column)
    )
    return None


def _date(fields: Fields, stem: str, kind: Kind) -> datetime | None:
    """Read `date`, else the date that the name begins with; only a page may have none."""
    if fields.value("date") is not None:
        return fields.take("date", fields.rules.moment)
    if kind is Kind.PAGE:
        return None
    day, _ = date_from_name(stem)
    if day is not None and day.year >= 1000:
        return datetime(day.year, day.month, day.day, tzinfo=fields.rules.zone)
    entry = fields.table.entries.get("date")
    place = entry[0] if entry else fields.table
    hint = "Add a line: date: 2026-12-31. Or begin the file's name with 2026-12-31-"
    fields.problems.add(
        error(fields.path, "no-date", "The date is missing.", hint, line=place.line, column=place.column)
    )
    return None


def id_of_path(path: str) -> str:
    """Make the id of a source that has none in its front matter. It changes if the file is moved."""
    return str(uuid.uuid5(NAMESPACE, path))


def _identity(fields: Fields, stem: str, kind: Kind) -> dict[str, Any]:
    name = stem if kind is Kind.PAGE else date_from_name(stem)[1] or stem
    slug = fields.take("slug", checked(check_slug, "Use letters, digits and hyphens."))
    slug = slug or slug_or_digest(name, kind.value)
    return {"slug": slug, "id": fields.text("id", limit=MAX_NAME_CHARS) or id_of_path(fields.path)}


def _addresses(fields: Fields) -> dict[str, Any]:
    hint = "Write it as /2014/10/day-12/"
    address, alias = checked(check_address, hint), checked(check_alias, hint)
    aliases = (fields.convert("aliases", item, alias) for item in fields.items("aliases"))
    return {
        "permalink": fields.take("permalink", address),
        "aliases": tuple(dict.fromkeys(alias for alias in aliases if alias)),
    }


def _language(fields: Fields) -> dict[str, Any]:
    return {
        "lang": fields.take("lang", checked(check_language, "Write it as en, de-CH or zh-Hant.", "front-matter-value")),
        "translation_of": fields.text("translation_of", limit=MAX_NAME_CHARS),
    }


def _draft(fields: Fields) -> dict[str, Any]:
    """Read `draft`. An unclear value is an error, so that no draft is ever published by mistake."""
    draft = fields.flag("draft")
    if draft is None and fields.value("draft") is None:
        fields.error("draft", fields.table.entries["draft"][1], "has no value.", "Write: draft: true", "draft")
    return {"draft": draft is not False}


def _people(fields: Fields) -> dict[str, Any]:
    names = [read_author(fields, key, item) for key in ("authors", "author") for item in fields.items(key, tables=True)]
    written = fields.texts("tags", commas=True, limit=MAX_NAME_CHARS)
    tags = (tag for text in written for tag in split_tags(text))
    return {"authors": tuple(dict.fromkeys(name for name in names if name)), "tags": tuple(dict.fromkeys(tags))}


def _times(fields: Fields) -> dict[str, Any]:
    """Read `expires`, `updated` and the edit log, newest first; the newest line counts as `updated` too."""
    read = (read_update(fields, item) for item in fields.items("updates", tables=True))
    updates = sorted((line for line in read if line), key=lambda line: line.date, reverse=True)
    moments = [
        moment for moment in (fields.take("updated", fields.rules.moment), *(u.date for u in updates[:1])) if moment
    ]
    return {
        "updates": tuple(updates),
        "updated": max(moments, default=None),
        "expires": fields.take("expires", fields.rules.moment),
    }


def _look(fields: Fields) -> dict[str, Any]:
    def picture(text: str) -> str:
        return check_picture(text, fields.path)

    return {
        "summary": fields.text("summary") or None,
        "description": fields.text("description") or None,
        "image": fields.take("image", checked(picture, "Write it as photo.jpg, beside the source, or /photo.jpg.")),
        "image_alt": fields.text("image_alt"),
        "image_focus": fields.take("image_focus", read_focus, (50, 50)),
    }


def _recording(fields: Fields) -> dict[str, Any]:
    def sound(text: str) -> str:
        return check_picture(text, fields.path, "A sound")

    return {"audio": fields.take("audio", checked(sound, "Write it as talk.mp3, beside the source, or /talk.mp3."))}


def _series(fields: Fields) -> dict[str, Any]:
    series, part = fields.text("series", limit=MAX_NAME_CHARS) or None, fields.whole("part")
    if part is not None and series is None and "series" not in fields.table.entries:
        fields.warn("part", fields.table.entries["part"][0], "needs a series.", "Add: series: …", "part-without-series")
    return {
        "series": series,
        "part": part if series else None,
        "pinned": fields.flag("pinned") or False,
        "rating": read_rating(fields),
        "rating_note": fields.text("rating_note") or None,
        "newsletter": fields.flag("newsletter") is not False,
    }


def _points(fields: Fields) -> dict[str, Any]:
    points = (fields.item_text("learning_points", item, limit=2000) for item in fields.items("learning_points"))
    return {"learning_points": tuple(point for point in points if point)}


def _care(fields: Fields) -> dict[str, Any]:
    return {
        "owner": fields.text("owner", limit=MAX_NAME_CHARS) or None,
        "approved_by": fields.text("approved_by", limit=MAX_NAME_CHARS) or None,
        "review_by": fields.take("review_by", fields.rules.moment),
    }


def _thread(fields: Fields) -> dict[str, Any]:
    return {"thread": fields.text("thread", limit=1000) or ""}


def _action(fields: Fields) -> dict[str, Any]:
    return {"action": read_action(fields)}


def _blocks(fields: Fields) -> dict[str, Any]:
    return {"blocks": read_blocks(fields), "order": read_order(fields)}


def _event(fields: Fields) -> dict[str, Any]:
    return {"event": read_event(fields)}


def _issue(fields: Fields) -> dict[str, Any]:
    return {
        "subject": fields.text("subject", limit=MAX_TITLE_CHARS) or None,
        "preheader": fields.text("preheader", limit=MAX_TITLE_CHARS) or None,
        "posts": fields.texts("posts", limit=1000),
        "collect": read_collect(fields),
        "lead": fields.text("lead", limit=MAX_NAME_CHARS) or None,
        "sections": fields.texts("sections", commas=True, limit=MAX_NAME_CHARS),
        "brief": fields.texts("brief", limit=1000) if fields.value("brief") is not None else None,
        "corrections": fields.flag("corrections") is not False,
        "number": fields.whole("number"),
        "send_at": fields.take("send_at", partial(read_send_at, fields.rules)),
    }


_Part = tuple[frozenset[str], Callable[[Fields], dict[str, Any]]]
_ALL: tuple[_Part, ...] = (
    (frozenset(("permalink", "aliases")), _addresses),
    (frozenset(("lang", "translation_of")), _language),
    (frozenset(("draft",)), _draft),
    (frozenset(("author", "authors", "tags")), _people),
    (frozenset(("updated", "updates", "expires")), _times),
    (frozenset(("summary", "description", "image", "image_alt", "image_focus")), _look),
    (frozenset(("action",)), _action),
    (frozenset(("owner", "approved_by", "review_by")), _care),
    (frozenset((*NAMES, "order")), _blocks),
)
_THREAD: _Part = (frozenset(("thread",)), _thread)
_POINTS: _Part = (frozenset(("learning_points",)), _points)
_SERIES: _Part = (frozenset(("series", "part", "pinned", "rating", "rating_note", "newsletter")), _series)
_RECORDING: _Part = (frozenset(("audio",)), _recording)
_EVENT: _Part = (frozenset(("event",)), _event)
_ISSUE: _Part = (
    frozenset((
        "subject", "preheader", "posts", "collect", "lead", "sections", "brief", "corrections", "number", "send_at",
    )),
    _issue,
)  # fmt: skip
_PARTS = {
    Kind.POST: (*_ALL, _SERIES, _POINTS, _THREAD, _RECORDING, _EVENT),
    Kind.PAGE: (*_ALL, _POINTS, _THREAD),
    Kind.ISSUE: (*_ALL, _ISSUE),
}
"""Kind → keys, and the function that reads them if a source has one of them."""


def _extra(fields: Fields, known_extra: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    entries = fields.table.entries
    own = {key: _checked(fields, key, check) for key, check in known_extra.items() if key in entries}
    value = fields.value("extra")
    if value is None:
        return own
    if type(value) is not Table:
        fields.error("extra", value, "must have keys and values of its own.", "Write: extra: {key: value}")
        return own
    return {**plain_value(value), **own}


def _checked(fields: Fields, key: str, check: Callable[[Any], Any]) -> Any:
    """Check a value with the function of the extension that adds the key; return the value to store."""
    value = fields.value(key)
    if value is None:
        return None
    try:
        return msgspec.json.decode(msgspec.json.encode(check(plain_value(value))))
    except ValueError as reason:
        fields.error(key, value, str(reason), "Correct it, or delete the line.")
    except (TypeError, RecursionError, msgspec.MsgspecError):
        fields.error(key, value, "cannot be stored: it is not text, number or list.", "Correct the extension's check.")
    return None
