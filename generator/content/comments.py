"""Read the comments from an older blog (`comments.yaml`), and arrange them in threads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from generator.content.private_words import MAIL, without_mail
from generator.content.read import decode_source
from generator.digest import digest
from generator.errors import ContentError, Problem, ProblemCollector
from generator.text.quoting import quote
from generator.text.short_text import MAX_NAME_CHARS, block, printable
from generator.text.tree import Items, Table, Text, Value, refuse_mapping
from generator.text.written_rules import Fields, WrittenRules

MAX_VALUES = 500_000
"""The most values in one file of comments: about eighty thousand comments."""
MAX_BODY_CHARS = 100_000
MAX_THREAD_DEPTH = 12
"""How deep replies nest; deeper replies are at the deepest level, by date."""
NOBODY = "Anonymous"
"""The author of a comment without a name, or with only an e-mail address."""

_KEYS = ("id", "author", "date", "body", "parent", "url", "hidden", "erased")
_PRIVATE = re.compile(r"e?mail|ip|phone|address|host|user_?agent", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")


class RawComment(Struct, frozen=True):
    """A comment as written: `body` is Markdown or HTML, not sanitised yet; `parent` is an id or None.

    `url` is the page where it was written, such as that of a webmention; "" for none.
    A `hidden` one waits for a decision, and is not published.
    """

    id: str
    author: str
    date: datetime
    body: str
    parent: str | None = None
    hidden: bool = False
    url: str = ""


class Thread(Struct, frozen=True):
    """A comment with its replies, oldest first, at most `MAX_THREAD_DEPTH` levels in all."""

    comment: RawComment
    replies: tuple[Thread, ...] = ()


def parse_comments(path: str, data: bytes, zone: tzinfo) -> tuple[tuple[RawComment, ...], tuple[Problem, ...]]:
    """Read a file of comments, in its order; a comment that cannot be read is left out, with an error.

    An erased comment (`erased: true`) left only its id, and is not returned. E-mail and IP addresses are removed with a
    warning. Missing ids are made from the comment's content. Mistakes become problems, never exceptions.
    """
    from generator.text.yaml_reader import read_yaml  # most sites have no comments

    try:
        tree = read_yaml(path, decode_source(path, data), 1, MAX_VALUES)
        items = _list(path, tree)
    except ContentError as refusal:
        return (), refusal.problems
    problems = ProblemCollector()
    file = Fields(path, Table({}, 1, 1), WrittenRules(zone), problems)
    comments: list[RawComment] = []
    taken: dict[str, int] = {}
    for item in items:
        fields = file.inner("comments", item, _HINT)
        comment = _comment(fields, item, taken) if fields else None
        if comment is not None:
            taken.setdefault(comment.id, 1)
            comments.append(comment)
    return tuple(comments), problems.in_order()


_HINT = "Write for each comment: {author: …, date: …, body: …}"


def _list(path: str, tree: Value | None) -> tuple[Value, ...]:
    if tree is None:
        return ()
    if type(tree) is not Items:
        raise refuse_mapping(path, "The comments must be a list.", _HINT, tree.line, tree.column, "comments")
    return tree.items


def _comment(fields: Fields, item: Value, taken: dict[str, int]) -> RawComment | None:
    _warn_of_keys(fields)
    if _is_cut(fields) or fields.flag("erased"):
        return None
    date, body = fields.take("date", fields.rules.moment), _body(fields)
    if date is None or body is None:
        if fields.value("date") is None:
            fields.error("date", item, "This comment has no date.", _HINT, "comments")
        if fields.value("body") is None:
            fields.error("body", item, "This comment has no text.", _HINT, "comments")
        return None
    author = _author(fields)
    name = _identifier(fields, "id")
    if name is not None and name in taken:
        fields.warn(
            "id",
            item,
            f'Two comments have the id "{name}".',
            "Give one of them another id.",
            "comments",
        )
        name = None
    made = name or _made(author, date, body, taken)
    parent = _identifier(fields, "parent")
    return RawComment(made, author, date, body, parent, _is_hidden(fields), _url(fields))


def _is_hidden(fields: Fields) -> bool:
    """Return True unless the value is a clear no: a comment is never published by mistake."""
    return fields.flag("hidden") is not False and fields.value("hidden") is not None


def _is_cut(fields: Fields) -> bool:
    """Report words that YAML takes for a comment, behind a name or a text without quotes."""
    is_cut = False
    for key in ("author", "body"):
        entry = fields.table.entries.get(key)
        if entry and type(entry[1]) is Text and entry[1].comment:
            value = entry[1]
            lost = f'loses "{printable(value.comment, 60)}": in YAML, a space and # begin a comment.'
            hint = f"Write: {key}: {quote(f'{value.text} {value.comment}'.strip())}"
            fields.error(key, value, f'"{key}" {lost}', hint, "comment-in-value")
            is_cut = True
    return is_cut


def _warn_of_keys(fields: Fields) -> None:
    for name, key, _ in fields.unknown(_KEYS):
        if _PRIVATE.search(name):
            what = "Addresses of people do not belong in a site's files, so Openletter ignores it."
            fields.warn(printable(name, 60), key, what, "Delete it.", "private-data")
        else:
            fields.warn(
                printable(name, 60),
                key,
                "is not a known key.",
                f"The keys are {', '.join(_KEYS)}.",
                "unknown-key",
            )


def _body(fields: Fields) -> str | None:
    value = fields.value("body")
    if value is None or type(value) is not Text:
        return None if value is None else fields.item_text("body", value, limit=MAX_NAME_CHARS)
    try:
        text = block(value.text)
    except ValueError as reason:
        fields.error("body", value, str(reason), "Delete that character.", "comments")
        return None
    if len(text) > MAX_BODY_CHARS:
        fields.error("body", value, f"is longer than {MAX_BODY_CHARS} characters.", "Shorten it.", "comments")
        return None
    return text


def _author(fields: Fields) -> str:
    """Read the author of a comment; an address in place of a name is private and is removed."""
    author = fields.text("author", limit=MAX_NAME_CHARS) or NOBODY
    if not (MAIL.search(author) or _ADDRESS.fullmatch(author)):
        return author
    what = "This is an e-mail or IP address. It is not published."
    fields.warn("author", fields.table.entries["author"][0], what, "Write a name.", "private-data")
    return without_mail(author) if " " in author else NOBODY


def _url(fields: Fields) -> str:
    """Read the page where a comment was written; its query and fragment may name a person, so they are removed."""
    written = fields.text("url", limit=1000) or ""
    try:
        parts = urlsplit(written)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_web = False
    if is_web and not re.search(r"[\s\x00-\x1f<>\"]", written):
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    if written:
        value = fields.table.entries["url"][1]
        fields.warn("url", value, "is not a web address.", "Write it as https://www.example.org/a-reply/", "comments")
    return ""


def _identifier(fields: Fields, key: str) -> str | None:
    name = fields.text(key, limit=MAX_NAME_CHARS)
    return name.replace(" ", "-") if name else None


def _made(author: str, date: datetime, body: str, taken: dict[str, int]) -> str:
    """Make an id from a comment's content, so that it stays if other comments are added or removed."""
    name = base = f"c-{digest(author, date, body)[:12]}"
    while name in taken:  # the count of equal comments so far: without it, many would take time with their square
        taken[base] = turn = taken[base] + 1
        name = f"{base}-{turn}"
    return name


def thread_comments(comments: Iterable[RawComment]) -> tuple[Thread, ...]:
    """Arrange comments below those they answer, each level oldest first; iterative, linear except for sorting.

    A reply to a missing or hidden comment, or in a circle of replies, is at the top level. Hidden ones are left out.
    """
    ordered = sorted((each for each in comments if not each.hidden), key=lambda comment: comment.date)
    parents, order = _parents(ordered)
    depths = [0] * len(ordered)
    replies: list[list[int]] = [[] for _ in ordered]
    for at in order:
        parent = parents[at]
        if parent is not None and depths[parent] == MAX_THREAD_DEPTH:
            parent = parents[at] = parents[parent]
        if parent is not None:
            depths[at] = depths[parent] + 1
            replies[parent].append(at)
        else:
            depths[at] = 1
    made: dict[int, Thread] = {}
    for at in sorted(order, key=depths.__getitem__, reverse=True):
        made[at] = Thread(ordered[at], tuple(made[reply] for reply in sorted(replies[at])))
    return tuple(made[at] for at in range(len(ordered)) if depths[at] == 1)


def _parents(comments: list[RawComment]) -> tuple[list[int | None], list[int]]:
    """Find each comment's parent (None at the top level, and for all of a circle), and an order, parents first."""
    places = {comment.id: at for at, comment in reversed(list(enumerate(comments)))}
    parents = [places.get(comment.parent) if comment.parent is not None else None for comment in comments]
    order: list[int] = []
    ordered: set[int] = set()
    for start in range(len(comments)):
        chain: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in ordered and at not in chain:
            chain[at] = None
            at = parents[at]
        if at is not None and at in chain:
            for member in list(chain)[list(chain).index(at) :]:
                parents[member] = None
        order += reversed(chain)
        ordered.update(chain)
    return parents, order
