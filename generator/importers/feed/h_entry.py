"""Read a post that was saved as HTML with microformats: the files of Medium's export.

Source: microformats2 h-entry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.importers.exports.export_dates import read_date
from generator.importers.exports.export_post import ExportItem
from generator.importers.exports.people import byline
from generator.importers.exports.trees import words_of, write_element

MAX_BYTES = 50_000_000


def read_h_entry(file: Path, shown: str) -> tuple[ExportItem, str] | None:
    """Read a post and the HTML of its text; None if the file has no h-entry. Raises: OSError."""
    from lxml.html import HTMLParser, document_fromstring

    data = file.read_bytes()[:MAX_BYTES]
    if b"h-entry" not in data:
        return None
    tree: Any = document_fromstring(data, parser=HTMLParser(encoding="utf-8"))
    entry = next(iter(tree.find_class("h-entry")), tree)
    body = _first(entry, "e-content")
    if body is None:
        return None
    link = _first(entry, "p-canonical")
    link = _first(entry, "u-url") if link is None else link
    address = link.get("href", "") if link is not None else ""
    stem = file.stem
    item = ExportItem(
        key=address or stem,
        shown=shown,
        file=file,
        title=_words(entry, "p-name"),
        name=address.rstrip("/").rpartition("/")[2] or stem,
        link=address,
        summary=_words(entry, "p-summary"),
    )
    time = _first(entry, "dt-published")
    item.date = read_date(time.get("datetime", "") or words_of(time)) if time is not None else None
    item.hidden = "A draft: it has no date of publication." if time is None else ""
    author = _words(entry, "p-author")
    item.authors = (byline(author),) if author else ()
    item.tags = tuple(words_of(each) for each in entry.find_class("p-category"))
    for heading in body.iter("h1", "h2", "h3"):  # the title again, as Medium puts it at the top of the text
        if words_of(heading) == item.title:
            heading.drop_tree()
        break
    return item, "".join(write_element(child) for child in body)


def _first(node: Any, name: str) -> Any:
    return next(iter(node.find_class(name)), None)


def _words(node: Any, name: str) -> str:
    found = _first(node, name)
    return words_of(found) if found is not None else ""
