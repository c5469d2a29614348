"""Read whole HTML pages with metadata in their head, as in Pelican: `<meta name="date" content="…">`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from generator.importers.markdown.source_text import SourceText
from generator.text.tree import Table, Text, Value

_BODY = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_END = re.compile(r"</body\s*>", re.IGNORECASE)
_MAX_HEAD_CHARS = 20_000
_NAMED = {"keywords": "tags"}


def read_html_page(text: str) -> SourceText | None:
    """Read the title and the `meta` of a page as front matter; None if it has no title or date, or is a template.

    Source: Pelican's documentation, "Writing content".
    """
    body = _BODY.search(text)
    if body is None or body.start() > _MAX_HEAD_CHARS or "{{" in text[: body.end()] or "{%" in text[: body.end()]:
        return None
    head = _Head()
    head.feed(text[: body.start()])
    if not head.found.get("title") or not head.found.get("date"):
        return None
    end = _END.search(text, body.end())
    inner = text[body.end() : end.start() if end else len(text)]
    entries: dict[str, tuple[Text, Value]] = {
        name: (Text(name, head.lines[name], 1), Text(value, head.lines[name], 1, True))
        for name, value in head.found.items()
    }
    return SourceText(Table(entries, 1, 1), inner.lstrip("\n"), 1 + text.count("\n", 0, body.end()), ":")


class _Head(HTMLParser):
    """Collects the title and the named values of a head; the first of each counts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a `meta`."""
        self._in_title = tag == "title"
        given = dict(attrs)
        name = (given.get("name") or "").strip().lower()
        if tag == "meta" and name and name not in ("viewport", "generator", "robots"):
            self._take(_NAMED.get(name, name), given.get("content") or given.get("contents") or "")

    def handle_data(self, data: str) -> None:
        """Read the title."""
        if self._in_title:
            self._take("title", data.strip())

    def handle_endtag(self, tag: str) -> None:
        """End the title."""
        self._in_title = False

    def _take(self, name: str, value: str) -> None:
        if value.strip() and name not in self.found:
            self.found[name] = value
            self.lines[name] = self.getpos()[0]
