"""The interface between a reader for one kind of source and the common import flow.

A reader knows one kind of source, such as a folder of Markdown files or the export of another program, and turns it
into values. The common flow gives posts their files and addresses, fixes links, copies files, and writes and reports
everything; it is independent of the program that the source was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.config import Config
from generator.content.comments import RawComment
from generator.errors import Problem
from generator.importers.import_model import ImportedPost, ImportOptions, Note, PlacedPost


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that a reader found in a source.

    `roots` are folders that may contain files of the old site, `url` is the old site's address and `base` its base path
    without slashes, each "" if unknown, as are its `title` and `timezone`. `problems` are about sources that cannot be
    imported.
    """

    posts: tuple[ImportedPost, ...]
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    roots: tuple[Path, ...] = ()
    url: str = ""
    base: str = ""
    title: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """How a text finds other imported posts and files.

    `post(reference)` returns a final link to an imported post by its source's name or its old address, "" if there is
    none; `beside(name)` returns the file of the post's bundle with that name or stem, else "".
    """

    post: Callable[[str], str]
    beside: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ConvertedText:
    """A text with its template tags resolved, the notes about that, and the comments that the post has."""

    text: str
    notes: tuple[Note, ...] = ()
    comments: tuple[RawComment, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkReference:
    """The target of a link.

    `address` is a path with query and fragment. `rooted`: it begins at the old site's root although it has no slash;
    `from_sources`: after a slash, it is the path of a source below the folder of sources. `listing` is a list of posts
    instead, such as `tag/field-notes`.
    """

    address: str
    rooted: bool = False
    from_sources: bool = False
    listing: str = ""


class Reader(Protocol):
    """Reads one kind of source."""

    @property
    def name(self) -> str:
        """Return the kind of source. Never change it, because ids and the manifest depend on it."""
        ...

    def close(self) -> None:
        """Delete what the reader kept for the import."""
        ...

    def collect(self, root: Path, options: ImportOptions, config: Config) -> Collected:
        """Read the whole source. Skips the site at `root` if it is inside the source. Raises: OSError."""
        ...

    def convert_text(self, post: PlacedPost, references: References) -> ConvertedText:
        """Convert the old program's own syntax (tags, shortcodes) to links, pictures and code."""
        ...

    def parse_link(self, address: str) -> LinkReference:
        """Parse an address as the source's program does; return an ordinary address unchanged."""
        ...

    def heading_ids(self, words: str) -> set[str]:
        """Return the ids that a heading with these words may have had on the old site."""
        ...
