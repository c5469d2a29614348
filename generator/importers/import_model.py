"""The frozen values that pass between the steps of an import.

    files of the source → Origin → ImportedPost → PlacedPost → PlannedFile → ImportOutcome

A `Note` is a line of the report: something the import changed, or something the user should check.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from generator.errors import Problem
from generator.model import Kind
from generator.progress import Progress

_Item = TypeVar("_Item")


class Topic(StrEnum):
    """The topic of a note, in the order of the report. The value is the heading in the report."""

    TEMPLATE = "Template tags that were not converted"
    TEXT = "Texts that differ from the original"
    CUT_HTML = "Raw HTML that readers will not see"
    DRAFT_LINK = "Links to drafts"
    LINK = "Links to pages that were not imported"
    MISSING_FILE = "Pictures and files that were not found"
    OUTSIDE = "Pictures that are still on another site"
    DATE = "Dates"
    ADDRESS = "Addresses that could not be kept"
    QUERY = "Addresses that only some hosts can redirect"
    HIDDEN = "Not public"
    COMMENT = "Comments that were not imported"
    EXPIRY = "End dates without effect"
    BYLINE = "Authors without a name"
    EMPTY = "Posts without text"
    SETTINGS = "Settings that could not be evaluated"
    OLD_SETTING = "Settings of the old blog that were not taken"
    FILE = "Skipped files"
    TITLE = "Titles"
    SLUG = "Names in addresses"
    KEY = "Front matter that Openletter does not use"
    DUPLICATE = "Duplicate front matter"
    ATTRIBUTE = "Removed attribute lists and comments"
    RENAMED = "Renamed files"
    AUTHOR = "Authors"
    HTML = "Repaired HTML"
    TAKEN_SETTING = "Settings of the old blog"
    MENTION = "Pingbacks and trackbacks"
    LIBRARY = "Files of the old media library"
    KEPT = "Not overwritten, because they were edited, moved or deleted"


LOOK = (
    Topic.TEMPLATE, Topic.TEXT, Topic.CUT_HTML, Topic.DRAFT_LINK, Topic.LINK, Topic.MISSING_FILE, Topic.OUTSIDE,
    Topic.DATE, Topic.ADDRESS, Topic.QUERY, Topic.HIDDEN, Topic.COMMENT, Topic.EXPIRY, Topic.BYLINE, Topic.EMPTY,
    Topic.SETTINGS, Topic.OLD_SETTING, Topic.FILE, Topic.KEPT,
)  # fmt: skip
"""The topics that the user should check; the others report changes."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A line of the report: the source as shown ("" for all), its line number (0 if unknown), the topic, the text.

    The report groups notes of one topic with equal `words`.
    """

    topic: Topic
    words: str
    path: str
    line: int = 0


@dataclass(slots=True)
class ImportLog:
    """The notes and problems of an import so far. A problem means that a source, or a part of it, was not imported."""

    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    progress: Progress | None = None

    def track(self, items: Sequence[_Item], stage: str) -> Iterator[_Item]:
        """Yield the items, and report the progress of a stage."""
        for done, item in enumerate(items):
            if self.progress is not None:
                self.progress(stage, done, len(items))
            yield item


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of the source that may become a post or page.

    `path` is as shown: the folder's name, then `rel`, which is relative to `root`, with forward slashes, in NFC.
    `bundle` lists the files next to an `index.md`: the name that the text uses, relative to its folder, and the file.
    `lang` is the language from its name or folder, "" if none; `group` is `rel` without language and suffix, so that
    translations share it. `section` marks the index of a folder that contains more than its files; `collection` is the
    group of pages that it belongs to, "" for none. `place` is its path in the old project.
    """

    path: str
    rel: str
    root: Path
    file: Path
    bundle: tuple[tuple[str, Path], ...] = ()
    lang: str = ""
    group: str = ""
    section: bool = False
    collection: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """A post or page as its reader collected it, before it has a path.

    `generator` is the program it was written for, as the report shows it; `commonmark` is True if the text is written
    for CommonMark. `head` is our front matter, in order, without `slug`, `id`, `aliases`, `extra` and the fields for
    translations. `stem` is the name in old addresses, `day_in_name` the date in the file name. Posts with the same
    `translation_group` are translations of each other. `link` is the subject of a post without text.

    A reader may keep the text itself and give it to the flow only when it converts it: then `text` is empty.

    Old addresses: `old` are those in the source itself. `urls` are all known ones, the likeliest first; `url_known` is
    True if the post's own is among them. Otherwise `usual_url` is a guess ("" for none), and a guess from other posts'
    addresses begins with `url_base`. `queries` are addresses with a query, such as `/?p=12`.
    """

    origin: Origin
    generator: str
    kind: Kind
    title: str
    slug: str
    stem: str
    date: datetime.date | None
    head: Mapping[str, Any]
    extra: Mapping[str, Any]
    text: str
    body_line: int
    html: bool = False
    commonmark: bool = True
    day_in_name: datetime.date | None = None
    old: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    url_known: bool = False
    usual_url: str = ""
    url_base: str = ""
    translation_group: str = ""
    link: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """An imported post with its site-relative `path` and new `address`; `kept` is True if the user moved its file.

    `files` maps the files next to it in the source to their names next to the new file.
    """

    draft: ImportedPost
    id: str
    path: str
    slug: str
    address: str
    lang: str = ""
    translation_of: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def bundle(self) -> bool:
        """Return True if it is a folder with an index."""
        return self.path.endswith("/index.md")


@dataclass(frozen=True, slots=True)
class PostResult:
    """A row of the report: the post's source, its file, its old addresses (the likeliest first), its new address.

    `aliases` are the old addresses that it keeps.
    """

    source: str
    path: str
    old: tuple[str, ...]
    address: str
    kind: Kind
    draft: bool
    aliases: tuple[str, ...] = ()


class DialectMatch(StrEnum):
    """How the dialects of the texts and the site compare: no difference, CommonMark in both, or only in the texts."""

    OURS = "ours"
    COMMONMARK = "commonmark"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or with `--dry-run` would do. Paths are site-relative.

    `posts` are in the order of their files; `generators` counts them by the program they were written for. `written`
    are the files written, `same` counts the unchanged ones, `kept` are those that the user edited. `problems` are about
    the sources that were not imported.
    """

    written: tuple[str, ...]
    same: int
    kept: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    posts: tuple[PostResult, ...] = ()
    comments: int = 0
    generators: Mapping[str, int] = field(default_factory=dict)
    dialect: DialectMatch = DialectMatch.OURS
    dialect_chosen: bool = False
    report: str = ""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The user's options: the sources, folders to search for pictures, the old site's address pattern and host.

    `media` are folders or zip files of the old site's library; `download` allows to fetch what is not there. `pending`
    also takes comments that wait for approval, as hidden ones.
    """

    sources: tuple[Path, ...]
    assets: tuple[Path, ...] = ()
    old_address: str = ""
    old_url: str = ""
    dry_run: bool = False
    media: tuple[Path, ...] = ()
    download: bool = False
    pending: bool = False
    progress: Progress | None = None
