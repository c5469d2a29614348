"""Read the values of front matter with a special form: ratings, calls to action, the edit log."""

from __future__ import annotations

import re
from datetime import datetime

from generator.content.address_checks import check_link
from generator.content.private_words import MAIL, without_mail
from generator.model import Action, Collect, CommentMode, Kind, Rating, Update
from generator.patterns import lazy_pattern
from generator.text.date_repairs import suggest_moment
from generator.text.mapping_reader import RefusedError
from generator.text.short_text import MAX_NAME_CHARS, one_line
from generator.text.tree import Table, Text, Value
from generator.text.written_rules import FALSE, TRUE, Fields, WrittenRules, checked, shown

_RATING = lazy_pattern(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(?:\s*/\s*([0-9]{1,6}(?:\.[0-9]{1,6})?))?")
_LANGUAGE = (
    r"(?i)[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
_FOCUS: dict[str, tuple[int | None, int | None]] = {
    "left": (0, None),
    "right": (100, None),
    "top": (None, 0),
    "bottom": (None, 100),
    "center": (None, None),
    "centre": (None, None),
}
_COMMENTS = {"closed": CommentMode.CLOSED, "open": CommentMode.OPEN, "none": CommentMode.NONE}


def read_author(fields: Fields, key: str, item: Value) -> str | None:
    """Read an author: an id, a name, or a mapping with a `name`, as other generators write them."""
    if not isinstance(item, Table):
        return _public_name(fields, key, item)
    inner = Fields(fields.path, item, fields.rules, fields.problems, (key,))
    for name in ("name", "display_name", "display_as", "id", "login"):
        if inner.value(name) is not None:
            return inner.text(name, limit=MAX_NAME_CHARS)
    hint = "Write the name, or an id from [authors] in site.toml."
    fields.warn(key, item, "An author without a name is not shown.", hint, "unknown-author")
    return None


def _public_name(fields: Fields, key: str, item: Value) -> str | None:
    """Read a name; an e-mail address in it is private and is removed."""
    name = fields.item_text(key, item, limit=MAX_NAME_CHARS)
    if not name or "@" not in name or not MAIL.search(name):
        return name
    public = without_mail(name) or name.partition("@")[0]
    fields.warn(
        key, item, "The e-mail address of an author is not published.", f"Write: {key}: {public}", "private-data"
    )
    return public


def split_tags(text: str) -> list[str]:
    """Split one written tag at semicolons; `#staff #news` are two tags, without the signs."""
    words = text.split() if all(word[0] == "#" and len(word) > 1 for word in text.split()) else text.split(";")
    tags = (word.strip().strip(";") for word in words)
    return [tag[1:].strip() if tag[:1] == "#" and len(tag) > 1 else tag for tag in tags if tag]


def read_update(fields: Fields, item: Value) -> Update | None:
    """Read a line of the edit log."""
    hint = "Write: {date: 2026-05-01, note: what changed}"
    inner = fields.inner("updates", item, hint)
    if inner is None:
        return None
    date, note = inner.take("date", inner.rules.moment), inner.text("note")
    if date is None or not note:
        if inner.value("date") is None or inner.value("note") is None:
            fields.error("updates", item, "Every update needs a date and a note.", hint)
        return None
    return Update(date, note)


def read_focus(key: str, value: Value) -> tuple[int, int]:
    """Read the place of a picture that stays when it is cropped: "30% 20%", or words such as "top left".

    Raises: RefusedError.
    """
    words = value.text.lower().replace(",", " ").split() if type(value) is Text else []
    numbers = [int(word.removesuffix("%")) for word in words if word.removesuffix("%").isdigit()]
    if len(words) == len(numbers) == 2 and max(numbers) <= 100:
        return numbers[0], numbers[1]
    if 0 < len(words) <= 2 and set(words) <= _FOCUS.keys():
        x, y = ([_FOCUS[word][axis] for word in words if _FOCUS[word][axis] is not None] for axis in (0, 1))
        return (x or [50])[0] or 0, (y or [50])[0] or 0
    hint = f"Write: {key}: 50% 30%, or words such as: top, left, bottom right"
    raise RefusedError("front-matter-value", f"{shown(value)} is not a place in a picture.", hint)


def read_rating(fields: Fields) -> Rating | None:
    """Read `9/10`, or a number; the series supplies its maximum."""
    value = fields.value("rating")
    if value is None:
        return None
    match = _RATING.fullmatch(value.text.strip()) if type(value) is Text else None
    if match is None:
        fields.error("rating", value, f"{shown(value)} is not a rating.", "Write: rating: 9/10")
        return None
    rating, maximum = float(match[1]), float(match[2]) if match[2] else None
    if maximum is not None and (rating > maximum or maximum == 0):
        fields.error("rating", value, f"{shown(value)} is higher than its own maximum.", "Write: rating: 9/10")
        return None
    return Rating(rating, maximum)


def read_action(fields: Fields) -> Action | None:
    """Read the call to action: its words and its link."""
    hint = 'Write: action: {text: "Give us feedback", url: "https://example.org/form"}'
    value = fields.value("action")
    inner = fields.inner("action", value, hint)
    if inner is None or value is None:
        return None
    text, url = inner.text("text", limit=MAX_NAME_CHARS), inner.take("url", checked(check_link, hint))
    if not text or not url:
        if inner.value("text") is None or inner.value("url") is None:
            fields.error("action", value, "needs a text and a url.", hint)
        return None
    return Action(text, url)


def read_comments(fields: Fields, kind: Kind) -> CommentMode:
    """Read whether readers can comment: by default only on posts."""
    usual = CommentMode.OPEN if kind is Kind.POST else CommentMode.NONE
    value = fields.value("comments")
    if value is None:
        return usual
    word = value.text.strip().lower() if type(value) is Text else ""
    if word in TRUE or word in FALSE:
        return CommentMode.OPEN if word in TRUE else CommentMode.NONE
    if word not in _COMMENTS:
        fields.error(
            "comments", value, f"must be true, false or closed, not {shown(value)}.", "Write: comments: closed"
        )
    return _COMMENTS.get(word, CommentMode.NONE)


def read_collect(fields: Fields) -> Collect | None:
    """Read the rule by which an issue collects posts."""
    inner = fields.inner("collect", fields.value("collect"), "Write: collect: {since: last}")
    if inner is None:
        return None
    for name, key, _ in inner.unknown(("since", "tags", "limit")):
        inner.warn(name[:60], key, "is not one of its keys.", "The keys are since, tags and limit.", "unknown-key")
    since = inner.value("since")
    last = since is None or (type(since) is Text and since.text.strip().lower() == "last")
    moment = None if last else inner.take("since", inner.rules.moment)
    return Collect(moment, inner.texts("tags", commas=True, limit=MAX_NAME_CHARS), inner.whole("limit"))


def check_language(text: str) -> str:
    """Check the shape of a language tag (BCP 47), not whether such a language exists."""
    tag = one_line(text)
    if not re.fullmatch(_LANGUAGE, tag):
        raise ValueError("It is not a language code.")
    return tag


def read_send_at(rules: WrittenRules, key: str, value: Value) -> datetime:
    """Read when to send an issue. A day alone is refused: no one wants a newsletter at midnight."""
    try:
        moment = rules.moment(key, value)
    except RefusedError as refused:
        better = suggest_moment(value.text) if type(value) is Text else ""
        hint = (
            f"Write: {key}: {better}" if ":" in better else f"Write, for example: {key}: {better or '2026-12-31'} 09:00"
        )
        raise RefusedError(refused.code, refused.message, hint) from None
    if type(value) is Text and ":" not in value.text:
        hint = f"Write, for example: {key}: {moment:%Y-%m-%d} 09:00"
        raise RefusedError("date", "needs a time of day.", hint)
    return moment
