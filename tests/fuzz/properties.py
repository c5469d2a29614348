"""What is true of any input whatever: that it makes something well-formed, or is refused by name, and never fails."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.config import Config, load_config
from generator.content.comments import Thread, parse_comments, thread_comments
from generator.content.document import parse_source
from generator.errors import ConfigError, ContentError, Level, Problem
from generator.markup.body import convert_markdown, make_body
from generator.markup.characters import CLOSE, MORE, OPEN, strip_refused
from generator.markup.comments import comment_html
from generator.markup.lost_words import lost_words
from generator.markup.placeholders import Context, Shown, ShownPlayer, resolve
from generator.markup.precheck import Refusal
from generator.markup.settings import MarkupSettings
from generator.model import Body, Kind

VOID = frozenset(["br", "col", "hr", "img", "source", "wbr"])
ZONE = ZoneInfo("Europe/London")
PATH = "content/posts/2024-01-01-a.md"
_FORBIDDEN = ("script", "style", "form", "svg", "math", "object", "base", "meta", "link")
_ADDRESSES = ("href", "src", "poster", "cite")
_SCHEMES = ("javascript:", "data:", "vbscript:")


class Balance(HTMLParser):
    """Hold that every element is closed, in order, that no attribute is named twice, and that nothing runs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        assert not [name for name in names if name.startswith("on") or name == "style"]
        assert not [
            value for _, value in attrs if (value or "").strip().lower().startswith(_SCHEMES) and "href" in names
        ]
        assert tag not in _FORBIDDEN
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID, tag
        assert self.open, tag
        assert self.open.pop() == tag


def check_html(html: str) -> list[str]:
    """Check that a page's HTML is well-formed; return its ids."""
    assert OPEN not in html
    assert CLOSE not in html
    assert MORE not in html
    html.encode("utf-8")
    balance = Balance()
    balance.feed(html)
    balance.close()
    assert not balance.open
    assert len(balance.ids) == len(set(balance.ids))
    return balance.ids


PLAYER = ShownPlayer("<video></video>", "", " (4:05)")


def check_body(body: Body) -> None:
    """Check a body in every context, with links and pictures that are there and that are not."""
    for html in (body.html, body.excerpt):
        assert html.count(OPEN) == html.count(CLOSE)
    titles = "".join(heading.id + heading.text for heading in body.toc)
    assert not set(body.text + body.lead + titles) & {OPEN, CLOSE, MORE}
    assert body.words == len(body.text.split())
    links: list[str | None] = [None if "a" in link.target else link.target for link in body.links]
    kinds = (None, Shown("/a.png", 3, 2), Shown("https://e.example/a", host="e.example"))
    images = [kinds[number % 3] for number in range(len(body.images))]
    answers: dict[str, Any] = {
        "links": links,
        "images": images,
        "players": [PLAYER] * len(body.players),
        "frames": [' data-frame="/f"'] * len(body.frames),
    }
    for context in Context:
        for html in (body.html, body.excerpt):
            ids = check_html(resolve(html, context, **answers, shift=2, key="k1-"))
            assert context is Context.PAGE or all(name.startswith("k1-fn") for name in ids)


def check_problems(problems: Iterable[Problem]) -> None:
    """Check that each problem can be shown, and says something."""
    for problem in problems:
        assert str(problem).encode("utf-8")
        assert problem.path
        assert problem.message
        assert problem.code
        assert problem.line >= 0
        assert problem.column >= 0


def convert_or_refuse(text: str, **chosen: str) -> Body | None:
    """Convert a text, and say what its readers do not see; None where it is refused by name."""
    settings = MarkupSettings(**chosen)  # type: ignore[arg-type]
    try:
        body = convert_markdown(text, path=PATH, slug="a", settings=settings)
    except ContentError as refusal:
        check_problems(refusal.problems)
        return None
    check_problems(lost_words(PATH, text, 1, body.html, settings))
    return body


def any_source(data: bytes) -> None:
    """Read front matter from anything: a validated `Meta`, or errors with their place."""
    for kind in Kind:
        source = parse_source(PATH, data, kind=kind, zone=ZONE)
        check_problems(source.problems)
        assert (source.meta is None) == any(problem.level is Level.ERROR for problem in source.problems)
        if source.meta is not None:
            assert "/" not in source.meta.slug.strip("/")
            assert ".." not in source.meta.slug
            source.meta.title.encode("utf-8")


def any_markdown(data: bytes) -> None:
    """Convert anything with the default dialect."""
    body = convert_or_refuse(data.decode("utf-8", "replace"))
    if body is not None:
        check_body(body)


def any_commonmark(data: bytes) -> None:
    """Convert anything with the second dialect, its HTML trusted."""
    body = convert_or_refuse(data.decode("utf-8", "replace"), engine="commonmark", raw_html="trusted")
    if body is not None:
        check_body(body)


def any_html(data: bytes) -> None:
    """Take anything for the HTML of an engine."""
    html = data.decode("utf-8", "replace").replace(OPEN, "").replace(CLOSE, "").replace(MORE, "")
    try:
        body = make_body(strip_refused(html), slug='a b"<', settings=MarkupSettings())
    except Refusal:
        return
    check_body(body)


def any_comments(data: bytes) -> None:
    """Read kept comments from anything, and take anything for a comment."""
    raw, problems = parse_comments("content/posts/a/comments.yaml", data, ZONE)
    check_problems(problems)
    for each in thread_comments(raw):
        _check_thread(each)
    text = data.decode("utf-8", "replace")
    for engine in ("markdown", "commonmark"):
        html = comment_html(text, MarkupSettings(engine=engine))
        assert check_html(html) == []
        assert "<img" not in html


def _check_thread(each: Thread) -> None:
    each.comment.author.encode("utf-8")
    check_html(comment_html(each.comment.body, MarkupSettings()))
    for reply in each.replies:
        _check_thread(reply)


def any_config(data: bytes) -> None:
    """Read anything as site.toml: a `Config`, or errors with their place."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "site.toml").write_bytes(data)
        config, problems = _load(Path(folder))
    check_problems(problems)
    assert (config is None) == any(problem.level is Level.ERROR for problem in problems)
    assert config is None or config.title


def _load(root: Path) -> tuple[Config | None, tuple[Problem, ...]]:
    try:
        return load_config(root)
    except ConfigError as refusal:
        return None, refusal.problems


PROPERTIES: dict[str, Callable[[bytes], None]] = {
    "source": any_source,
    "markdown": any_markdown,
    "commonmark": any_commonmark,
    "html": any_html,
    "comments": any_comments,
    "config": any_config,
}
"""Name of a harness → what holds for any bytes."""
