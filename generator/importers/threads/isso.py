"""Read the comments in Isso's database (SQLite). It is opened for reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import Problem, error
from generator.importers.exports.people import person_name, without_addresses
from generator.importers.exports.store import KeptComment
from generator.importers.threads.thread_model import PageThread

_ACCEPTED, _PENDING = 1, 2


class IssoReader:
    """Reads `comments.db`."""

    name = "isso"

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def threads(self, *, pending: bool) -> Iterable[PageThread]:
        """Yield each page with its accepted comments."""
        try:
            with closing(sqlite3.connect(f"{self._file.resolve().as_uri()}?mode=ro", uri=True)) as database:
                pages = list(database.execute("SELECT id, uri, title FROM threads ORDER BY id"))
                for number, uri, title in pages:
                    rows = database.execute(
                        "SELECT id, parent, created, mode, text, author, email, remote_addr FROM comments "
                        "WHERE tid = ? ORDER BY id",
                        (number,),
                    )
                    modes = (_ACCEPTED, _PENDING) if pending else (_ACCEPTED,)
                    comments = tuple(_comment(row) for row in rows if row[3] in modes)
                    if comments:
                        yield PageThread(str(uri), str(title or ""), comments)
        except sqlite3.Error:
            what = "This is not a database of Isso."
            hint = "Give the file that dbpath names in Isso's settings."
            self.problems.append(error(self._file.name, "import-kind", what, hint))


def _comment(row: tuple[object, ...]) -> KeptComment:
    number, parent, created, mode, text, author, email, address = row
    date = datetime.fromtimestamp(float(str(created)), UTC).replace(microsecond=0)
    return KeptComment(
        id=f"isso-{number}",
        author=person_name(str(author or "")),
        date=date.isoformat(sep=" "),
        html=_html(without_addresses(str(text or ""), str(email or ""), str(address or ""))),
        parent=f"isso-{parent}" if parent else "",
        hidden=mode == _PENDING,
    )


def _html(text: str) -> str:
    """Render a comment, which Isso keeps as Markdown."""
    from markdown import markdown

    return markdown(text, extensions=["fenced_code", "nl2br"])
