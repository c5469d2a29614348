"""Read and map the sources of an import: what can be used, and what was refused or left out, each by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from pathlib import Path

from generator.clock import Clock
from generator.content.dates import parse_moment
from generator.errors import ContentError, Problem
from generator.importers.import_model import Generator, ImportedPost, Note, Origin, Topic
from generator.importers.markdown.defaults import collection_of, left_out, place_of, with_defaults
from generator.importers.markdown.front_matter_map import map_source
from generator.importers.markdown.html_pages import read_page
from generator.importers.markdown.labels import by_topics
from generator.importers.markdown.project_settings import ProjectSettings, find_project
from generator.importers.markdown.source_files import find
from generator.importers.markdown.source_text import SourceText, read, shapes_of
from generator.model import Kind


@dataclass(slots=True)
class Gathered:
    """What was read, with the project each draft belongs to, by its root."""

    drafts: list[ImportedPost] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    projects: dict[Path, ProjectSettings] = field(default_factory=dict)


def gather(root: Path, sources: Sequence[Path]) -> Gathered:
    """Read all sources; the site at `root` is left out where it lies within one."""
    gathered = Gathered()
    for source in sources:
        project = find_project(source)
        whole = project.root is not None and project.root.resolve() == source.resolve()
        place = place_of(source, project)
        found = find(
            source,
            project=whole,
            languages=project.languages,
            avoid=root,
            leaves=project.shape in (Generator.HUGO, Generator.ZOLA),
            left_out=partial(_left_out, place, project),
        )
        gathered.notes += found.notes
        if project.unread:
            words = f"These settings could not be read, so nothing they say was heeded. {project.unread}"
            gathered.notes.append(Note(Topic.FILE, words, str(source)))
        gathered.problems += found.problems
        gathered.projects |= {origin.root: project for origin in found.origins if origin.root not in gathered.projects}
        origins = [replace(each, collection=collection_of(place + each.rel, project)) for each in found.origins]
        reads = [
            (origin, with_defaults(text, place + origin.rel, project))
            for origin in origins
            if (text := _read_one(origin, project, gathered))
        ]
        topics = by_topics([text.table for _, text in reads])
        for (origin, text), shape in zip(reads, shapes_of(reads, project.shape), strict=True):
            _map_one(origin, text, shape, topics, project, gathered)
    return gathered


def _left_out(place: str, project: ProjectSettings, path: str) -> bool:
    return left_out(place + path, project)


def _read_one(origin: Origin, project: ProjectSettings, gathered: Gathered) -> SourceText | None:
    try:
        found = read(origin)
    except ContentError as refusal:
        gathered.problems += refusal.problems
        return None
    if not found.mark and origin.rel.lower().endswith((".html", ".htm")):
        if project.shape in (Generator.PELICAN, None) and (page := read_page(found.text)):
            return page
        gathered.notes.append(Note(Topic.FILE, "HTML without front matter: not a post.", origin.path))
        return None
    return found


def _is_later(values: Mapping[str, str]) -> bool:
    """Tell whether Hugo keeps a source back for now, whatever its date is."""
    for name in ("publishdate", "publish_date"):
        if written := values.get(name):
            try:
                return parse_moment(written, UTC) > Clock.system().now
            except ValueError:
                return False
    return False


def _map_one(
    origin: Origin, found: SourceText, shape: Generator, topics: bool, project: ProjectSettings, gathered: Gathered
) -> None:
    try:
        draft = map_source(origin, found, shape, topics)
    except ContentError as refusal:
        gathered.problems += refusal.problems
        return
    if _is_later(draft.values):
        draft = replace(draft, head={**draft.head, "draft": True})
        words = "`publishDate` lies in the future, and nobody could read it yet: it is a draft now."
        gathered.notes.append(Note(Topic.HIDDEN, words, origin.path))
    if origin.collection and project.collections.get(origin.collection) is None:
        draft = replace(draft, head={**draft.head, "draft": True})
        words = f"Jekyll made no pages of what lies in `_{origin.collection}`: it is a draft now."
        gathered.notes.append(Note(Topic.HIDDEN, words, origin.path))
    if origin.section and draft.kind is Kind.PAGE and not draft.text.strip():
        words = "The index of a folder, without text: lists of posts are made here by themselves."
        gathered.notes.append(Note(Topic.FILE, words, origin.path))
        return
    if origin.section and draft.kind is Kind.PAGE:
        draft = replace(draft, head={**draft.head, "draft": True})
        gathered.notes.append(
            Note(Topic.HIDDEN, "The index of a folder: a page, and a draft, for you to use.", origin.path)
        )
    gathered.drafts.append(draft)
    gathered.notes += draft.notes
