"""Find the files that may be posts: Markdown and HTML files, with their bundle and language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import Problem
from generator.importers.import_model import Note, Origin, Topic
from generator.importers.markdown.bundles import Bundles
from generator.importers.markdown.languages import find_languages
from generator.importers.markdown.source_rules import SourceRules
from generator.importers.markdown.source_walk import SourceWalk


@dataclass(frozen=True, slots=True)
class FoundSources:
    """The sources of one folder, sorted by path, with notes and problems."""

    origins: tuple[Origin, ...]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]


def find_sources(
    source: Path,
    *,
    project: bool,
    languages: Sequence[str] = (),
    avoid: Path | None = None,
    leaves: bool = False,
    place: str = "",
    rules: SourceRules | None = None,
) -> FoundSources:
    """List the sources below a folder, or the one file. Nothing is opened.

    `project`: the folder is a whole project, so skip its generator's own folders. `languages` are those in the
    project's settings; `avoid` is a folder to skip: the site to import into. `leaves`: an index always makes a bundle,
    as in Hugo and Zola, and other texts in its folder are not pages. `place` is the folder's path in its project,
    `rules` decide what its generator reads.
    """
    rules = rules or SourceRules()
    if source.is_file():
        name = unicodedata.normalize("NFC", source.name)
        if why := rules.why_skipped(place + name, folder=False):
            return FoundSources((), (Note(Topic.FILE, why, name),), ())
        origin = Origin(name, name, source.parent, source, group=name.rpartition(".")[0], place=place + name)
        return FoundSources((origin,), (), ())
    walk = SourceWalk(source, project, avoid, place, rules)
    walk.folder(source, "", 0)
    return FoundSources(
        tuple(find_languages(Bundles(walk, leaves=leaves).origins(), languages)),
        tuple(walk.notes),
        tuple(walk.problems),
    )
