"""Keep the texts, comments and attachments of an export in a temporary database, so that memory stays small."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment as the export has it, without anything private: `kind` is comment, pingback or trackback."""

    id: str
    author: str
    date: str
    html: str
    parent: str = ""
    hidden: bool = False
    kind: str = "comment"
    url: str = ""


@dataclass(frozen=True, slots=True)
class KeptText:
    """The text of a post as the export has it; `post` is the id that its attachments use."""

    html: str
    post: str = ""
    format: str = "html"


class ExportStore:
    """A temporary database; it is deleted when it is closed."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file, which SQLite deletes
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE texts (key TEXT PRIMARY KEY, data BLOB);"
            "CREATE TABLE comments (number INTEGER PRIMARY KEY, post TEXT, id TEXT, data BLOB);"
            "CREATE UNIQUE INDEX one ON comments (post, id);"
            "CREATE TABLE files"
            " (id TEXT PRIMARY KEY, parent TEXT, url TEXT, alt TEXT, caption TEXT, title TEXT, page TEXT);"
            "CREATE INDEX of_parent ON files (parent);"
            "CREATE INDEX of_page ON files (page);"
        )
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Delete the database."""
        self._db.close()

    def put_text(self, key: str, text: KeptText) -> None:
        """Keep the text of a post; a later one replaces it."""
        self._db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (key, msgspec.msgpack.encode(astuple(text))))

    def text(self, key: str) -> KeptText:
        """Return the text of a post."""
        row = self._db.execute("SELECT data FROM texts WHERE key = ?", (key,)).fetchone()
        return KeptText(*msgspec.msgpack.decode(row[0])) if row else KeptText("")

    def put_comment(self, post: str, comment: KeptComment) -> None:
        """Keep a comment of a post; the first of an id counts."""
        data = msgspec.msgpack.encode(astuple(comment))
        self._db.execute("INSERT OR IGNORE INTO comments VALUES (NULL, ?, ?, ?)", (post, comment.id, data))

    def comments(self, post: str) -> list[KeptComment]:
        """Return the comments of a post, in the export's order."""
        rows = self._db.execute("SELECT data FROM comments WHERE post = ? ORDER BY number", (post,))
        return [KeptComment(*msgspec.msgpack.decode(data)) for (data,) in rows]

    def commented(self) -> list[tuple[str, int]]:
        """Return the posts that have comments, with their number."""
        return list(self._db.execute("SELECT post, COUNT(*) FROM comments GROUP BY post ORDER BY post"))

    def move_comments(self, post: str, to: str) -> None:
        """Give the comments of a post to another name of it."""
        self._db.execute("UPDATE OR IGNORE comments SET post = ? WHERE post = ?", (to, post))

    def put_file(self, id_: str, parent: str, file: tuple[str, str, str, str], page: str = "") -> None:
        """Keep a file of the library: its address, alternative text, caption and title; `page` showed it."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", (id_, parent, *file, page))

    def file_of_page(self, page: str) -> str:
        """Return the address of the file that a page of the old site showed, "" if there is none."""
        row = self._db.execute("SELECT url FROM files WHERE page = ?", (page.rstrip("/"),)).fetchone()
        return row[0] if row else ""

    def file_urls(self, limit: int) -> list[str]:
        """Return the addresses of the first files of the library."""
        return [url for (url,) in self._db.execute("SELECT url FROM files ORDER BY rowid LIMIT ?", (limit,))]

    def files(self, ids: Iterable[str] = (), *, parent: str = "") -> list[tuple[str, str, str, str]]:
        """Return files by id, or those of a parent: address, alternative text, caption, title."""
        query = "SELECT url, alt, caption, title FROM files WHERE "
        if parent:
            return list(self._db.execute(f"{query} parent = ? ORDER BY rowid", (parent,)))
        found = (self._db.execute(f"{query} id = ?", (id_,)).fetchone() for id_ in ids)
        return [row for row in found if row]

    def file_count(self) -> int:
        """Count the files of the library."""
        (count,) = self._db.execute("SELECT COUNT(*) FROM files").fetchone()
        return int(count)
