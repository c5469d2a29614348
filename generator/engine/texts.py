"""The stored texts: bodies of documents and comments, fetched from the state when a page shows them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from generator.model import Body, Comment
from generator.store.rows import BrokenStateError
from generator.store.state import Store


def text_id(path: str) -> str:
    """Name the stored text of a source."""
    return f"text|{path}"


class Texts(Struct, frozen=True):
    """Fetches bodies and comments from the state.

    `bodies`: document's path → the digest of its body; `comment_files`: document's path → comments file and digest.
    """

    store: Store
    bodies: Mapping[str, str]
    comment_files: Mapping[str, tuple[str, str]]

    def body(self, key: str) -> tuple[Body, str]:
        """Fetch a body and its digest."""
        name = self.bodies[key]
        body = self.store.blob(text_id(key), Body, name)
        if body is None:
            raise BrokenStateError(f"the body of {key} is not there")
        return body, name

    def digest(self, key: str) -> str:
        """Return the digest of a body without fetching it."""
        return self.bodies[key]

    def comment_file(self, key: str) -> str:
        """Return the path of the comments kept beside a document, "" for none."""
        return self.comment_files.get(key, ("", ""))[0]

    def comments(self, key: str) -> tuple[tuple[Comment, ...], str]:
        """Fetch the comments kept beside a document, and their digest."""
        path, name = self.comment_files.get(key, ("", ""))
        return (self.store.blob(text_id(path), tuple[Comment, ...], name) or () if path else ()), name
