"""The films and sounds of a site, each with the files that belong to it: captions and a still picture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from posixpath import splitext

from msgspec import Struct

from generator.model import MediaFacts
from generator.site.index_model import Captions, MediaFile

ENDINGS = (".mp4", ".m4v", ".mov", ".webm", ".ogv", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac")
CAPTIONS = ".vtt"
_POSTERS = tuple(f"{mark}{form}" for mark in (".poster", "") for form in (".jpg", ".jpeg", ".png", ".webp", ".avif"))
_LANGUAGE = re.compile(r"(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


class Beside(Struct, frozen=True):
    """The files beside a film, by path: a still picture, "" for none, and captions by language, "" for the post's."""

    poster: str
    captions: tuple[tuple[str, str], ...]

    def __iter__(self) -> Iterator[str]:
        """List the paths of all these files."""
        yield from [self.poster] if self.poster else []
        yield from (path for _, path in self.captions)


def find_beside(film: str, files: Collection[str]) -> Beside:
    """Find what belongs to a film or sound: `walk.vtt`, `walk.cy.vtt`, `walk.poster.jpg` or `walk.jpg` for `walk.mp4`.

    Endings may have capital letters, as phones write them. Looks through all `files`, so it is for the few films of a
    site.
    """
    stem = splitext(film)[0]
    captions, stills = {}, {}
    for path in sorted(files):
        if not path.startswith(f"{stem}."):
            continue
        name, ending = splitext(path)
        stills[f"{name}{ending.lower()}"] = path
        if ending.lower() == CAPTIONS:
            match = _LANGUAGE.fullmatch(name)
            if name == stem:
                captions[""] = path
            elif match and match[1] == stem:
                captions[match[2]] = path
    poster = next((stills[stem + ending] for ending in _POSTERS if stem + ending in stills), "")
    return Beside(poster, tuple(sorted(captions.items())))


def find_media(facts: Mapping[str, MediaFacts], files: Mapping[str, str]) -> dict[str, MediaFile]:
    """List the published films and sounds: path → file. `files` are all published files."""
    found = {}
    for path in sorted(facts.keys() & files.keys()):
        beside = find_beside(path, files)
        captions = tuple(Captions(language, file) for language, file in beside.captions)
        found[path] = MediaFile(facts[path], beside.poster if facts[path].is_film else "", captions)
    return found
