"""Find the sources of a site: every file below `content/`, what it is, and which document it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.content.walk import Folder, walk_content
from generator.errors import Problem, error, note
from generator.stamps import Stamp

AREAS = ("newsletters", "pages", "posts", "static")
_OTHER_MARKDOWN = (".markdown", ".mdown", ".mkdn", ".mkd", ".mdx")
_COMMENTS = ("comments.yaml", "comments.yml")


class Role(StrEnum):
    """What a found file is for."""

    POST = "post"
    PAGE = "page"
    ISSUE = "issue"
    COMMENTS = "comments"
    FILE_BESIDE = "file-beside"
    STATIC = "static"


class ContentFile(msgspec.Struct, frozen=True, gc=False):
    """A file of the site. `path` is its key: site-relative, forward slashes, NFC on every system.

    `owner` is the path of the document that comments or a bundle's file belong to; a file beside documents that are no
    bundles has none, and belongs to the one that shows it (see `site.files_beside`). `stamp` shows if it has changed.
    `real` is the same path in the spelling of the disk (NFD on some): `root / real` opens the file.
    """

    path: str
    role: Role
    owner: str | None
    stamp: Stamp
    real: str


class ContentScan(Struct, frozen=True):
    """What a site holds, in the order of paths, and what was left out and why."""

    found: tuple[ContentFile, ...]
    problems: tuple[Problem, ...]

    def by_path(self) -> dict[str, ContentFile]:
        """Map each path to what was found there."""
        return {item.path: item for item in self.found}


def scan_content(root: Path) -> ContentScan:
    """List the sources of the site at `root`: 10,000 posts in about 30 ms, nothing opened.

    Links to files inside the site are followed, links to folders never; hidden files and editors' backups are
    passed over in silence. Everything else that is not published is a problem.
    """
    problems: list[Problem] = []
    found: list[ContentFile] = []
    for folder in walk_content(root, problems):
        if folder.area == "static":
            found += _static(folder)
        elif folder.area in ("posts", "pages"):
            found += _documents(folder, problems)
        elif folder.area == "newsletters":
            found += _issues(folder, problems)
        else:
            _elsewhere(folder, problems)
    found.sort(key=attrgetter("path"))
    if len({item.path for item in found}) < len(found):
        found = _without_twins(found, problems)
    return ContentScan(tuple(found), tuple(sorted(problems)))


def _static(folder: Folder) -> Iterator[ContentFile]:
    for name, real, stamp in folder.files:
        yield ContentFile(f"{folder.path}/{name}", Role.STATIC, None, stamp, f"{folder.real}/{real}")


def _documents(folder: Folder, problems: list[Problem]) -> Iterator[ContentFile]:
    """Tell posts or pages, the files that belong to one of them, and kept comments apart."""
    owner, before, before_real = folder.owner(), f"{folder.path}/", f"{folder.real}/"
    role = Role.POST if folder.area == "posts" else Role.PAGE
    strict = role is Role.POST and (owner is not None or folder.top)
    for name, real, stamp in folder.files:
        path = before + name
        if name.endswith(".md") or name[-3:].lower() == ".md":
            if strict and _stray(folder, path, name, owner, problems):
                continue
            yield ContentFile(path, role, None, stamp, before_real + real)
        elif name.lower().endswith(_OTHER_MARKDOWN):
            problems.append(_left_out(path, "It is not published.", "Rename it so that it ends in .md"))
        elif name.lower().endswith(_COMMENTS):
            if post := _commented(folder, name, owner, problems):
                yield ContentFile(path, Role.COMMENTS, post, stamp, before_real + real)
        else:
            yield ContentFile(path, Role.FILE_BESIDE, owner, stamp, before_real + real)


def _stray(folder: Folder, path: str, name: str, owner: str | None, problems: list[Problem]) -> bool:
    """Report a Markdown file that is no post: a second one in a bundle, an index of all posts."""
    if owner is not None and path != owner:
        what = f"It is not published: the post of this folder is {owner}."
        problems.append(_left_out(path, what, "Move it out of the folder, or delete it."))
        return True
    if folder.top and name.lower() == "index.md":
        what = "It is not published: content/posts itself is not a post."
        problems.append(_left_out(path, what, "Move it to content/pages."))
        return True
    return False


def _commented(folder: Folder, name: str, owner: str | None, problems: list[Problem]) -> str | None:
    """Match kept comments with their document: `comments.yaml` of a bundle, `<post>.comments.yaml` beside a file."""
    if name.lower() in _COMMENTS:
        if owner is not None and owner == folder.index():
            return owner
    else:
        stem = name.lower().rpartition(".comments.")[0]
        wanted = name[: len(stem)] + ".md"
        for other, _, _ in sorted(folder.files):
            if other[-3:].lower() == ".md" and other[:-3] + ".md" == wanted:
                return f"{folder.path}/{other}"
    what = "There is no post for these comments, so they are not published."
    hint = "Name the file like its post, with .comments.yaml instead of .md"
    problems.append(_left_out(f"{folder.path}/{name}", what, hint))
    return None


def _issues(folder: Folder, problems: list[Problem]) -> Iterator[ContentFile]:
    for name, real, stamp in folder.files:
        path = f"{folder.path}/{name}"
        if name[-3:].lower() != ".md":
            yield ContentFile(path, Role.FILE_BESIDE, None, stamp, f"{folder.real}/{real}")
        elif not folder.top:
            what = "It is not published: newsletter issues belong in content/newsletters itself."
            problems.append(_left_out(path, what, "Move it up into content/newsletters."))
        else:
            yield ContentFile(path, Role.ISSUE, None, stamp, f"{folder.real}/{real}")


def _elsewhere(folder: Folder, problems: list[Problem]) -> None:
    hint = f"Move it to content/{', content/'.join(AREAS)}."
    problems += [
        _left_out(f"{folder.path}/{name}", "Nothing in this place is published.", hint) for name, _, _ in folder.files
    ]


def _without_twins(found: list[ContentFile], problems: list[Problem]) -> list[ContentFile]:
    """Keep the first of the files whose names are the same text in two Unicode forms (NFC and NFD)."""
    kept: list[ContentFile] = []
    for item in sorted(found, key=attrgetter("path", "real")):
        if kept and item.path == kept[-1].path:
            what = f"Two files have this name, written as {kept[-1].real!a} and {item.real!a} on the disk."
            problems.append(error(item.path, "file-name", what, "Rename one of them. The second is left out."))
        else:
            kept.append(item)
    return kept


def _left_out(path: str, what: str, hint: str) -> Problem:
    return note(path, "not-published", what, hint)
