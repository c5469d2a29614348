"""Records: what the state stores about each source, one tagged value per source."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.content.site_files import Role
from generator.errors import Problem
from generator.model import Document, Kind, Meta


class DocumentRecord(msgspec.Struct, frozen=True, tag="document"):
    """A document: `meta` is None beside an error; `body` is the digest of its converted text, kept by itself.

    `pictures` are those a newsletter may carry, as written; `files` the paths of those that its text refers to.
    """

    meta: Meta | None
    body: str
    lead: str
    minutes: int
    problems: tuple[Problem, ...] = ()
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def document(self, path: str, comment_count: int) -> Document | None:
        """Return what the index needs; None if the source cannot become a page."""
        if self.meta is None:
            return None
        return Document(path, self.meta, self.lead, self.minutes, comment_count, self.pictures, self.files)


class CommentsRecord(msgspec.Struct, frozen=True, tag="comments"):
    """Comments kept beside a document: how many, and the digest of their texts."""

    count: int
    body: str
    problems: tuple[Problem, ...] = ()


class FileRecord(msgspec.Struct, frozen=True, tag="file"):
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


Record = DocumentRecord | CommentsRecord | FileRecord

KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE, Role.ISSUE: Kind.ISSUE}
"""The kind of a document by the role of its source; sources of other roles are not documents."""


def problems_of(records: Mapping[str, Record]) -> dict[str, tuple[Problem, ...]]:
    """Pick out the problems: path → problems, without the sources that have none."""
    return {path: record.problems for path, record in records.items() if record.problems}
