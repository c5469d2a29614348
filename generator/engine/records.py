"""Records: what the state stores about each source, one tagged value per source."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.content.site_files import Role
from generator.errors import Problem
from generator.model import Contact, Document, Kind, MediaFacts, Meta


class DocumentRecord(msgspec.Struct, frozen=True, tag="document"):
    """A document: `meta` is None if there was an error; `body` is the digest of its converted text.

    The text is stored separately. `pictures` are the addresses, as written, of those that a newsletter may carry;
    `images` are those of all that the text shows; `files` are the paths of the files that the text refers to;
    `contacts` are the other hosts that it can contact.
    """

    meta: Meta | None
    body: str
    lead: str
    minutes: int
    problems: tuple[Problem, ...] = ()
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()

    def document(self, path: str, comment_count: int) -> Document | None:
        """Return what the index needs; None if the source cannot become a page."""
        if self.meta is None:
            return None
        seen = self.pictures, self.files, self.images, self.contacts
        return Document(path, self.meta, self.lead, self.minutes, comment_count, *seen)


class CommentsRecord(msgspec.Struct, frozen=True, tag="comments"):
    """Comments stored beside a document: their number, and the digest of their texts."""

    count: int
    body: str
    problems: tuple[Problem, ...] = ()


class FileRecord(msgspec.Struct, frozen=True, tag="file"):
    """A file to copy: the digest of the bytes to publish; for a picture its size in pixels and its kind.

    `media` is what a film or sound is; `contacts` are the other hosts that a page or style sheet can contact. `cleaned`
    is True if those bytes are in the state's folder, not the source's own. `published` is False if the file must not be
    published. `refusal` is the problem of a file that documents must not show as a picture.
    """

    digest: str
    width: int = 0
    height: int = 0
    kind: str = ""
    cleaned: bool = False
    published: bool = True
    is_moving: bool = False
    media: MediaFacts | None = None
    contacts: tuple[Contact, ...] = ()
    problems: tuple[Problem, ...] = ()
    refusal: Problem | None = None


Record = DocumentRecord | CommentsRecord | FileRecord

KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE, Role.ISSUE: Kind.ISSUE}
"""The kind of a document by the role of its source; sources of other roles are not documents."""


def problems_of(records: Mapping[str, Record]) -> dict[str, tuple[Problem, ...]]:
    """Collect the problems: path → problems, only for sources that have any."""
    return {path: record.problems for path, record in records.items() if record.problems}
