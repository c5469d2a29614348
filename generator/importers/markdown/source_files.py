"""Find what may be a post: every Markdown and HTML file of the source, with its bundle and its language."""

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
    """The sources of one folder, in order of their paths, and what was said on the way."""

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

    `project`: the folder is that of a whole project, so that folders of its generator's are passed over.
    `languages` are those the project's settings name; `avoid` is a folder left out: the site that is imported into.
    `leaves`: an index is always a bundle's, as with Hugo and Zola, and other texts in its folder are no pages.
    `place` is the folder's path in its project, `rules` are what its generator reads of that.
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
