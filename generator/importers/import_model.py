"""The frozen values that pass between the steps of an import.

    files of the source → Origin → ImportedPost → PlacedPost → PlannedFile → ImportOutcome

A `Note` is a line of the report: something changed, or something a person should look at.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from generator.errors import Problem
from generator.model import Kind


class Topic(StrEnum):
    """What a note is about: its value is the heading in the report, in the order of the report."""

    TEMPLATE = "Template tags that were not converted"
    LINK = "Links to pages that were not imported"
    MISSING_FILE = "Pictures and files that were not found"
    DATE = "Dates"
    ADDRESS = "Addresses that could not be kept"
    HIDDEN = "Not public"
    EXPIRY = "End dates without effect"
    BYLINE = "Authors without a name"
    EMPTY = "Posts without text"
    SETTINGS = "Settings that could not be evaluated"
    FILE = "Skipped files"
    TITLE = "Titles"
    SLUG = "Names in addresses"
    KEY = "Front matter that Openletter does not use"
    DUPLICATE = "Duplicate front matter"
    ATTRIBUTE = "Removed attribute lists and comments"
    RENAMED = "Renamed files"
    AUTHOR = "Authors"
    HTML = "Repaired HTML"
    KEPT = "Not overwritten, because they were edited, moved or deleted"


LOOK = (
    Topic.TEMPLATE, Topic.LINK, Topic.MISSING_FILE, Topic.DATE, Topic.ADDRESS, Topic.HIDDEN, Topic.EXPIRY, Topic.BYLINE,
    Topic.EMPTY, Topic.SETTINGS, Topic.FILE, Topic.KEPT,
)  # fmt: skip
"""The topics a person should look at; the others tell what was changed."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A line of the report: the source as shown, its line (0 unknown), what it is about, the words.

    Notes of one topic with equal `words` are listed together.
    """

    topic: Topic
    words: str
    path: str
    line: int = 0


@dataclass(slots=True)
class ImportLog:
    """What the steps of an import have to say so far: lines of the report, and sources that were refused."""

    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of the source that may become a post or page.

    `path` is as shown: the folder's name, then `rel`, which is relative to `root`, with forward slashes, in NFC.
    `bundle` lists what lies beside an `index.md`, relative to its folder. `lang` is the language its name or folder
    tells, "" if none; `group` is `rel` without it and without suffix, so that translations share it. `section` marks
    the index of a folder of posts; `collection` names the group of pages that it belongs to, "" for none. `place` is
    its path in the old project.
    """

    path: str
    rel: str
    root: Path
    file: Path
    bundle: tuple[str, ...] = ()
    lang: str = ""
    group: str = ""
    section: bool = False
    collection: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """A post or page as its reader collected it, before it has a place.

    `generator` is the program it was written for, in the report's words; `commonmark` says whether its text means that
    dialect. `head` is front matter of ours, in order, without `slug`, `id`, `aliases`, `extra` and what translations
    need. `stem` is the name that old addresses are made of, `day_in_name` the date that the file's name tells. Posts
    with one `translation_group` translate each other. `link` is what a post without a text is about.

    Old addresses: `old` are those that the source names itself. `urls` are all that are known, the likeliest first;
    `url_known` says whether its own is among them. If it is not, `usual_url` is a guess ("" for none), and a guess that
    is made after other posts' addresses begins with `url_base`.
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
    url_known: bool = False
    usual_url: str = ""
    url_base: str = ""
    translation_group: str = ""
    link: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A draft with its place: `path` is site-relative; `address` is the new one; `kept` says that its file was moved.

    `files` maps what lies beside it in the source to its name beside the new file.
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
        """Tell whether it is a folder with an index."""
        return self.path.endswith("/index.md")


@dataclass(frozen=True, slots=True)
class PostResult:
    """A post as it came: its source, its file, its old addresses (the likeliest first), its new address."""

    source: str
    path: str
    old: tuple[str, ...]
    address: str
    kind: Kind
    draft: bool


class DialectMatch(StrEnum):
    """How the dialect of the texts and of the site agree: no difference, CommonMark in both, or in the texts alone."""

    OURS = "ours"
    COMMONMARK = "commonmark"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or with `--dry-run` would do. Paths are site-relative.

    `posts` are in the order of their files; `generators` counts them by the program they were written for. `written`
    are the files written, `same` counts those that were there
    already, `kept` are those that somebody edited since. `problems` name the sources that were refused.
    """

    written: tuple[str, ...]
    same: int
    kept: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    posts: tuple[PostResult, ...] = ()
    generators: Mapping[str, int] = field(default_factory=dict)
    dialect: DialectMatch = DialectMatch.OURS
    dialect_chosen: bool = False
    report: str = ""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user asked for: the sources, folders to look for pictures in, the old address's pattern and host."""

    sources: tuple[Path, ...]
    assets: tuple[Path, ...] = ()
    old_address: str = ""
    old_url: str = ""
    dry_run: bool = False
