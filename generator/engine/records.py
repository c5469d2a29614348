"""What is made of each source and kept in the state: one tagged value a source."""

from __future__ import annotations

import msgspec

from generator.errors import Problem
from generator.model import Document, Meta


class Parsed(msgspec.Struct, frozen=True, tag="document"):
    """A document: `meta` is None beside an error; `body` is the digest of its converted text, kept by itself.

    `pictures` are those a newsletter may carry, as written.
    """

    meta: Meta | None
    body: str
    lead: str
    minutes: int
    problems: tuple[Problem, ...] = ()
    pictures: tuple[str, ...] = ()

    def document(self, path: str, comment_count: int) -> Document | None:
        """Give what the index needs to know; None where the source cannot become a page."""
        if self.meta is None:
            return None
        return Document(path, self.meta, self.lead, self.minutes, comment_count, self.pictures)


class Kept(msgspec.Struct, frozen=True, tag="comments"):
    """Comments kept beside a document: how many, and the digest of their texts."""

    count: int
    body: str
    problems: tuple[Problem, ...] = ()


class Prepared(msgspec.Struct, frozen=True, tag="file"):
    """A file to be copied: the digest of the bytes to publish; for a picture its size in pixels and its kind.

    `cleaned` says that those bytes are not the source's own but lie in the state's folder. `published` is False
    where the file must not go out.
    """

    digest: str
    width: int = 0
    height: int = 0
    kind: str = ""
    cleaned: bool = False
    published: bool = True
    problems: tuple[Problem, ...] = ()


Made = Parsed | Kept | Prepared
