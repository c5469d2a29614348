"""Look again at the files that a hint names, instead of going through all of `content/`.

That is possible for any file that stays, and for a document that comes or goes while nothing else depends on it: it
has a plain name, no comments and no bundle, and its folder has other sources. A file that came and has gone already,
such as those that editors write before they rename them, changes nothing. All else needs a whole scan: a folder, an
`index.md`, which owns the files around it, a picture, which may belong to a bundle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from operator import attrgetter
from pathlib import Path
from stat import S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from generator.content.site_files import ContentFile, ContentScan, Role
from generator.content.walk import CONTENT, is_harmless
from generator.stamps import Stamp, stamp_of

_ROLES = {"newsletters": Role.ISSUE, "pages": Role.PAGE, "posts": Role.POST}
_path = attrgetter("path")


class Rescan(Struct, frozen=True):
    """All files of a site now: those looked at again, with their new stamps, are `again`; `gone` are paths."""

    scan: ContentScan
    again: tuple[ContentFile, ...]
    gone: tuple[str, ...]


def rescan(root: Path, before: ContentScan, suspects: Set[str]) -> Rescan | None:
    """Look again at some files; None if everything must be scanned."""
    found, again = list(before.found), list[ContentFile]()
    gone, new = list[str](), list[ContentFile]()
    for path in sorted(suspects):
        place = bisect_left(found, path, key=_path)
        known = found[place] if place < len(found) and found[place].path == path else None
        try:
            stamp = _stamp(root / (known.real if known is not None else path))
        except OSError:
            return None
        if known is not None and stamp is not None:
            found[place] = replace(known, stamp=stamp)
            again.append(found[place])
        elif stamp is None and _never_was(path, before):
            continue
        elif not _may_come_or_go(path, before):
            return None
        elif known is not None and (root / path).parent.is_dir():
            del found[place]
            gone.append(path)
        elif stamp is not None and _is_beside_another(path, found, place):
            new.append(ContentFile(path, _ROLES[_area(path)], None, stamp, path))
            found.insert(place, new[-1])
        else:
            return None
    if new and not _is_free([item.path for item in new], before.found):
        return None
    return Rescan(ContentScan(tuple(found), before.problems), (*again, *new), tuple(gone))


def _stamp(file: Path) -> Stamp | None:
    """Return the stamp of a plain file; None if there is nothing. Raises: OSError for anything else."""
    try:
        status = file.lstat()
    except FileNotFoundError:
        return None
    if not S_ISREG(status.st_mode):
        raise IsADirectoryError(str(file))
    return stamp_of(status)


def _area(path: str) -> str:
    return f"{path}//".split("/", 2)[1]


def _never_was(path: str, before: ContentScan) -> bool:
    """Return True if a path that has nothing now is neither that of a known file, nor of a folder with some."""
    if not path.startswith(f"{CONTENT}/") or not path.isascii():  # the disk may spell it in another way
        return False
    places = (bisect_left(before.found, start, key=_path) for start in (path, f"{path}/"))
    found = (item.path for place in places for item in before.found[place : place + 1])
    known = chain(found, (problem.path for problem in before.problems))
    return not any(f"{each}/".startswith(f"{path}/") for each in known)


def _may_come_or_go(path: str, before: ContentScan) -> bool:
    """Return True if a path is that of a document on which no other file depends, and that has no problem."""
    folder, _, name = path.rpartition("/")
    area, beside = _area(path), path[: -len("md")]
    if not path.startswith(f"{CONTENT}/") or not path.isascii() or area not in _ROLES:
        return False
    if not name.endswith(".md") or name.lower() == "index.md" or not is_harmless(name):
        return False
    if area == "newsletters" and folder != f"{CONTENT}/{area}":
        return False
    first = bisect_left(before.found, beside, key=_path)  # such as its comments: a.comments.yaml
    others = (item.path for item in before.found[first : first + 2] if item.path != path)
    named = (*others, *(problem.path for problem in before.problems))
    return not any(each.startswith(beside) for each in named)


def _is_beside_another(path: str, found: list[ContentFile], place: int) -> bool:
    """Return True if a new file is next to another file of its folder, in order: the folder's name is usable."""
    folder = path.rpartition("/")[0]
    around = found[max(0, place - 1) : place + 1]
    return any(item.path.rpartition("/")[0] == folder and item.real == item.path for item in around)


def _is_free(new: Sequence[str], others: Iterable[ContentFile]) -> bool:
    """Return True if new documents are in no bundle, and none differs from another file only in capital letters."""
    names = {path.lower() for path in new}
    owners = {f"{folder}/index.md".lower() for path in new for folder in _folders(path)}
    return len(names) == len(new) and (names | owners).isdisjoint(map(str.lower, map(_path, others)))


def _folders(path: str) -> Iterator[str]:
    """List the folders below content/posts in which a post is: any of them may be a bundle, with all that is below."""
    folder = path.rpartition("/")[0]
    while _area(folder) == "posts" and folder.count("/") > 1:
        yield folder
        folder = folder.rpartition("/")[0]
