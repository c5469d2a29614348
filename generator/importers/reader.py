"""What an importer for one kind of source provides, and what the common flow gives it.

A reader knows one kind of source: a folder of Markdown files, the export of another program. It turns that source into
values. The common flow gives posts their files and addresses, fixes links, copies files, and writes and reports all of
it; it knows nothing of the program that the source was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.config import Config
from generator.errors import Problem
from generator.importers.import_model import ImportedPost, ImportOptions, Note, PlacedPost


@dataclass(frozen=True, slots=True)
class Collected:
    """What a source holds.

    `roots` are folders that files of the old site may lie in, `url` is the old site's address and `base` its base path
    without slashes, each "" if unknown. `problems` name what was refused.
    """

    posts: tuple[ImportedPost, ...]
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    roots: tuple[Path, ...] = ()
    url: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """How a text finds what else was imported.

    `post(reference)` gives a final link to an imported post by the name of its source or by its old address, "" if
    there is none; `beside(name)` gives the file of the post's bundle with that name or stem, else "".
    """

    post: Callable[[str], str]
    beside: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ConvertedText:
    """A text in which no template language is left to resolve, with the notes that this made."""

    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkReference:
    """What the address in a link names.

    `address` is what to look for: a path, with query and fragment. `rooted`: it begins at the old site's root, though
    it has no slash; `from_sources`: it is the path of a source below the folder of sources, after a slash. `listing`
    names a list of posts instead, such as `tag/field-notes`.
    """

    address: str
    rooted: bool = False
    from_sources: bool = False
    listing: str = ""


class Reader(Protocol):
    """Reads one kind of source."""

    @property
    def name(self) -> str:
        """Name the kind of source. Ids and the manifest depend on it: never change it."""
        ...

    def collect(self, root: Path, options: ImportOptions, config: Config) -> Collected:
        """Read all of the source. The site at `root` is left out if it lies within. Raises: OSError."""
        ...

    def convert_text(self, post: PlacedPost, references: References) -> ConvertedText:
        """Turn what only the old program understands (tags, shortcodes) into links, pictures and code."""
        ...

    def parse_link(self, address: str) -> LinkReference:
        """Parse an address as the source's program does; an ordinary address is returned as it is."""
        ...

    def heading_ids(self, words: str) -> set[str]:
        """Return the ids that a heading of these words may have had on the old site."""
        ...
