"""Validate front matter: the tree of one source becomes its `Meta`, or problems that name line and column."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import datetime, tzinfo
from typing import Any

from generator.content.addresses import check_address, check_link, check_picture, check_slug
from generator.content.dates import date_from_name
from generator.content.fields import FALSE, TRUE, Fields, plain, shown
from generator.content.text import MAX_NAME_CHARS, MAX_TITLE_CHARS, one_line
from generator.content.tree import Table, Text
from generator.content.unknown import judge_unknown
from generator.errors import Level, Problem, error
from generator.model import Action, Collect, CommentMode, Kind, Meta, Rating, Update
from generator.slugs import slug_or_digest

NAMESPACE = uuid.UUID("8f0f6a2e-3f0b-5c83-9f5a-6d1c6f7a40b1")
"""The UUID namespace (RFC 9562 §5.5) of ids made from paths. Never change it: every feed reader would see new posts."""

_RATING = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(?:\s*/\s*([0-9]{1,6}(?:\.[0-9]{1,6})?))?")
_LANGUAGE = re.compile(
    r"(?i)[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
_COMMENTS = {"closed": CommentMode.CLOSED, "open": CommentMode.OPEN, "none": CommentMode.NONE}


def read_meta(
    front: Table, *, path: str, kind: Kind, zone: tzinfo, known_extra: Collection[str] = ()
) -> tuple[Meta | None, tuple[Problem, ...]]:
    """Read the front matter of the source at `path`; None beside at least one error.

    `zone` is the site's: dates without an offset are local there. `known_extra` are further keys, of extensions,
    whose plain values join `extra`. Problems are in the order of their places.
    """
    problems: list[Problem] = []
    fields = Fields(path, front, zone, problems)
    judge_unknown(fields, kind, known_extra)
    stem = source_stem(path)
    title, date = _title(fields), _date(fields, stem, kind)
    values = {**_identity(fields, stem, kind), **_people(fields), **_times(fields), **_look(fields)}
    if kind is Kind.ISSUE:
        values |= _issue(fields)
    else:
        values |= _series(fields) if kind is Kind.POST else {}
        values |= _reactions(fields, kind)
    values["extra"] = _extra(fields, known_extra)
    problems.sort()
    if title is None or any(problem.level is Level.ERROR for problem in problems):
        return None, tuple(problems)
    return Meta(kind=kind, title=title, date=date, **values), tuple(problems)


def source_stem(path: str) -> str:
    """Name a source: its file without suffix, or for `index.md` the folder it stands in."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    parent = folder.rpartition("/")[2]
    return parent if stem.lower() == "index" and folder not in ("", "content/pages") else stem


def _title(fields: Fields) -> str | None:
    entry = fields.table.entries.get("title")
    title = fields.line("title", MAX_TITLE_CHARS)
    if title or (title is None and fields.value("title") is not None):
        return title  # or an error that says what is wrong with it
    line, column = (entry[0].line, entry[0].column) if entry else (fields.table.line, fields.table.column)
    hint = 'Add "title: …"; a title that begins with # or holds ": " goes in quotes.'
    fields.problems.append(error(fields.path, "no-title", "There is no title.", hint, line=line, column=column))
    return None


def _date(fields: Fields, stem: str, kind: Kind) -> datetime | None:
    """Read `date`, else the date that the name begins with; only a page may have none."""
    if fields.value("date") is not None:
        return fields.moment("date")
    if kind is Kind.PAGE:
        return None
    day, _ = date_from_name(stem)
    if day is not None and day.year >= 1000:
        return datetime(day.year, day.month, day.day, tzinfo=fields.zone)
    entry = fields.table.entries.get("date")
    line, column = (entry[0].line, entry[0].column) if entry else (fields.table.line, fields.table.column)
    hint = 'Add "date: 2026-12-31", or begin the file\'s name with 2026-12-31-.'
    fields.problems.append(error(fields.path, "no-date", "There is no date.", hint, line=line, column=column))
    return None


def _identity(fields: Fields, stem: str, kind: Kind) -> dict[str, Any]:
    name = stem if kind is Kind.PAGE else date_from_name(stem)[1] or stem
    slug = fields.checked("slug", check_slug, "Use letters, digits and hyphens.") or slug_or_digest(name, kind.value)
    hint = "Write it as /2014/10/day-12/."
    aliases = (fields.check("aliases", item, check_address, hint) for item in fields.items("aliases"))
    return {
        "slug": slug,
        "permalink": fields.checked("permalink", check_address, hint),
        "aliases": tuple(dict.fromkeys(alias for alias in aliases if alias)),
        "id": fields.line("id", MAX_NAME_CHARS) or str(uuid.uuid5(NAMESPACE, fields.path)),
        "lang": fields.checked("lang", _language, "Write it as en, de-CH or zh-Hant.", "front-matter-value"),
        "translation_of": fields.line("translation_of", MAX_NAME_CHARS),
        "draft": _draft(fields),
    }


def _draft(fields: Fields) -> bool:
    """Read `draft`. What cannot be read is an error, so that no draft is ever published by mistake."""
    entry = fields.table.entries.get("draft")
    if entry is None:
        return False
    draft = fields.flag("draft")
    if draft is None and fields.value("draft") is None:
        fields.wrong("draft", entry[1], "has no value.", "Write true or false.", "draft")
    return draft is not False


def _people(fields: Fields) -> dict[str, Any]:
    names = [_author(fields, key, item) for key in ("authors", "author") for item in fields.items(key)]
    tags = fields.names("tags", commas=True)
    return {"authors": tuple(dict.fromkeys(name for name in names if name)), "tags": tags}


def _author(fields: Fields, key: str, item: Any) -> str | None:
    """Read an author: an id, a name, or a mapping with a `name`, as other generators write them."""
    if type(item) is not Table:
        return fields.clean(key, item)
    inner = Fields(fields.path, item, fields.zone, fields.problems, key)
    for name in ("name", "display_name", "id"):
        if inner.value(name) is not None:
            return inner.line(name, MAX_NAME_CHARS)
    fields.wrong(key, item, "has no name.", "Write the name, or an id of [authors] in site.toml.")
    return None


def _times(fields: Fields) -> dict[str, Any]:
    """Read `expires`, `updated` and the edit log, newest first; the newest line counts as `updated` too."""
    updates = sorted(
        (u for u in map(_update(fields), fields.items("updates")) if u), key=lambda u: u.date, reverse=True
    )
    moments = [moment for moment in (fields.moment("updated"), *(u.date for u in updates[:1])) if moment]
    return {
        "updates": tuple(updates),
        "updated": max(moments, default=None),
        "expires": fields.moment("expires"),
    }


def _update(fields: Fields) -> Any:
    def read(item: Any) -> Update | None:
        hint = "Write - date: 2026-05-01, and below it note: what changed."
        inner = fields.inner("updates", item, hint)
        if inner is None:
            return None
        date, note = inner.moment("date"), inner.line("note")
        if date is None or not note:
            if inner.value("date") is None or inner.value("note") is None:
                fields.wrong("updates", item, "A line of the edit log needs a date and a note.", hint)
            return None
        return Update(date, note)

    return read


def _look(fields: Fields) -> dict[str, Any]:
    def picture(text: str) -> str:
        return check_picture(text, fields.path)

    return {
        "summary": fields.line("summary") or None,
        "description": fields.line("description") or None,
        "image": fields.checked("image", picture, "Write it as photo.jpg, beside the source, or /photo.jpg."),
        "image_alt": fields.line("image_alt"),
    }


def _series(fields: Fields) -> dict[str, Any]:
    series, part = fields.line("series", MAX_NAME_CHARS) or None, fields.whole("part")
    if part is not None and series is None and "series" not in fields.table.entries:
        fields.odd("part", fields.table.entries["part"][0], "has no series.", "Add series: …", "part-without-series")
    return {
        "series": series,
        "part": part if series else None,
        "pinned": fields.flag("pinned") or False,
        "rating": _rating(fields),
        "rating_note": fields.line("rating_note") or None,
        "newsletter": fields.flag("newsletter") is not False,
    }


def _rating(fields: Fields) -> Rating | None:
    value = fields.value("rating")
    if value is None:
        return None
    match = _RATING.fullmatch(value.text.strip()) if type(value) is Text else None
    if match is None:
        fields.wrong("rating", value, f"{shown(value)} is not a rating.", "Write 9/10, or a number such as 8.5.")
        return None
    rating, maximum = float(match[1]), float(match[2]) if match[2] else None
    if maximum is not None and (rating > maximum or maximum == 0):
        fields.wrong("rating", value, f"{shown(value)} goes beyond its own maximum.", "Write it as 9/10.")
        return None
    return Rating(rating, maximum)


def _reactions(fields: Fields, kind: Kind) -> dict[str, Any]:
    points = (fields.clean("learning_points", item, 2000) for item in fields.items("learning_points"))
    return {
        "learning_points": tuple(point for point in points if point),
        "action": _action(fields),
        "comments": _comments(fields, kind),
    }


def _action(fields: Fields) -> Action | None:
    hint = 'Write action: {text: "Give us feedback", url: "https://example.org/form"}.'
    value = fields.value("action")
    inner = fields.inner("action", value, hint)
    if inner is None or value is None:
        return None
    text, url = inner.line("text", MAX_NAME_CHARS), inner.checked("url", check_link, hint)
    if not text or not url:
        if inner.value("text") is None or inner.value("url") is None:
            fields.wrong("action", value, "needs a text and a url.", hint)
        return None
    return Action(text, url)


def _comments(fields: Fields, kind: Kind) -> CommentMode:
    usual = CommentMode.OPEN if kind is Kind.POST else CommentMode.NONE
    value = fields.value("comments")
    if value is None:
        return usual
    word = value.text.strip().lower() if type(value) is Text else ""
    if word in TRUE or word in FALSE:
        return CommentMode.OPEN if word in TRUE else CommentMode.NONE
    if word not in _COMMENTS:
        fields.wrong("comments", value, f"{shown(value)} is not known here.", "Write true, false or closed.")
    return _COMMENTS.get(word, CommentMode.NONE)


def _issue(fields: Fields) -> dict[str, Any]:
    return {
        "subject": fields.line("subject", MAX_TITLE_CHARS) or None,
        "preheader": fields.line("preheader", MAX_TITLE_CHARS) or None,
        "posts": fields.names("posts"),
        "collect": _collect(fields),
        "action": _action(fields),
        "comments": CommentMode.NONE,
    }


def _collect(fields: Fields) -> Collect | None:
    inner = fields.inner("collect", fields.value("collect"), "Write collect: {since: last}.")
    if inner is None:
        return None
    for name, (key, _) in inner.table.entries.items():
        if name not in ("since", "tags", "limit"):
            inner.odd(name[:60], key, "is not a key.", "collect has since, tags and limit.", "unknown-key")
    since = inner.value("since")
    last = since is None or (type(since) is Text and since.text.strip().lower() == "last")
    return Collect(None if last else inner.moment("since"), inner.names("tags", commas=True), inner.whole("limit"))


def _extra(fields: Fields, known_extra: Collection[str]) -> dict[str, Any]:
    entries = fields.table.entries
    own = {key: plain(entries[key][1]) for key in known_extra if key in entries}
    value = fields.value("extra")
    if value is None:
        return own
    if type(value) is not Table:
        fields.wrong("extra", value, "must be a table of keys with values.", "Write extra: {key: value}.")
        return own
    return {**plain(value), **own}


def _language(text: str) -> str:
    """Check the shape of a language tag (BCP 47), not whether such a language exists."""
    tag = one_line(text)
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("It is not the code of a language.")
    return tag
