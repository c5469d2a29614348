"""Read and map the sources of an import, with notes and problems for those that are skipped or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.config import Config
from generator.errors import ContentError
from generator.importers.import_model import ImportLog, ImportOptions, Note, Origin, Topic
from generator.importers.markdown.defaults import add_defaults, find_folder
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.dialects import choose_dialects, find_project
from generator.importers.markdown.front_matter_map import map_source
from generator.importers.markdown.html_pages import read_html_page
from generator.importers.markdown.hugo import HUGO, is_published_later
from generator.importers.markdown.jekyll import find_collection
from generator.importers.markdown.jekyll_rules import JekyllRules
from generator.importers.markdown.known_urls import add_known_urls
from generator.importers.markdown.labels import uses_topics
from generator.importers.markdown.language_files import choose_language_files
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.section_pages import keep_section_pages
from generator.importers.markdown.source_files import find_sources
from generator.importers.markdown.source_text import SourceText, read_text
from generator.importers.reader import Collected


def collect_sources(root: Path, options: ImportOptions, config: Config) -> Collected:
    """Read all sources; skip the site at `root` if it is inside one."""
    log = ImportLog()
    posts: list[MarkdownPost] = []
    projects: dict[Path, ProjectSettings] = {}
    for source in options.sources:
        project = find_project(source)
        found = _collect_source(root, source, project, projects, log)
        posts += [add_known_urls(post, options.old_address, config) for post in found]
    return Collected(
        posts=tuple(replace(post, translation_group=_translation_group(post)) for post in posts),
        notes=tuple(log.notes),
        problems=tuple(log.problems),
        roots=tuple(dict.fromkeys(root for project in projects.values() for root in _roots(project))),
        url=next((project.url for project in projects.values() if project.url), ""),
        base=next((project.base for project in projects.values() if project.base), ""),
        title=next((project.title for project in projects.values() if project.title), ""),
        timezone=next((project.timezone for project in projects.values() if project.timezone), ""),
    )


def _roots(project: ProjectSettings) -> tuple[Path, ...]:
    return (project.root, *project.static) if project.root is not None else ()


def _collect_source(
    root: Path, source: Path, project: ProjectSettings, projects: dict[Path, ProjectSettings], log: ImportLog
) -> list[MarkdownPost]:
    folder = find_folder(source, project)
    found = find_sources(
        source,
        project=project.root is not None and project.root.resolve() == source.resolve(),
        languages=project.languages,
        avoid=root,
        leaves=project.dialect is not None and project.dialect.leaf_bundles,
        place=folder,
        rules=project.rules,
    )
    log.notes += found.notes
    log.problems += found.problems
    if project.unread:
        words = f"These settings could not be read, so every post is a draft. {project.unread}"
        log.notes.append(Note(Topic.SETTINGS, words, str(source)))
    else:
        log.notes += [Note(Topic.SETTINGS, doubt, str(source)) for doubt in project.rules.doubts]
    for origin in found.origins:
        projects.setdefault(origin.root, project)
    origins = [replace(each, collection=find_collection(each.place, project)) for each in found.origins]
    if project.dialect in (None, HUGO):
        origins = choose_language_files(origins, project.languages, project.default_language)
    texts = [
        (origin, add_defaults(project.rules.prepare(text), origin.place, project))
        for origin in origins
        if (text := _read_one(origin, project, log))
    ]
    topics = uses_topics([text.table for _, text in texts])
    dialects = choose_dialects(texts, project.dialect)
    posts = [
        _map_one(origin, text, dialect, topics, projects[origin.root], log)
        for (origin, text), dialect in zip(texts, dialects, strict=True)
    ]
    return keep_section_pages([post for post in posts if post is not None], log)


def _translation_group(post: MarkdownPost) -> str:
    """Return what a post shares with its translations: a key, its generator's rule, else its path."""
    if post.translation_key:
        return f"key {post.translation_key}"
    path = f"path {post.origin.group}" if post.origin.lang or post.origin.group else ""
    return post.dialect.translation_group(post) or path


def _read_one(origin: Origin, project: ProjectSettings, log: ImportLog) -> SourceText | None:
    try:
        found = read_text(origin)
    except ContentError as refusal:
        log.problems += refusal.problems
        return None
    if isinstance(project.rules, JekyllRules) and (why := project.rules.why_text_skipped(origin.place, found)):
        log.notes.append(Note(Topic.FILE, why, origin.path))
        return None
    if not found.mark and origin.rel.lower().endswith((".html", ".htm")):
        if (project.dialect is None or project.dialect.html_heads) and (page := read_html_page(found.text)):
            return page
        log.notes.append(Note(Topic.FILE, "HTML without front matter.", origin.path))
        return None
    return found


def _map_one(
    origin: Origin, text: SourceText, dialect: Dialect, topics: bool, project: ProjectSettings, log: ImportLog
) -> MarkdownPost | None:
    """Map a source; None if it is refused."""
    hidden = list(project.rules.why_hidden(origin.place, text))
    try:
        post = map_source(origin, text, dialect, topics, project, hidden=bool(hidden))
    except ContentError as refusal:
        log.problems += refusal.problems
        return None
    if is_published_later(post.values):
        hidden.append("`publishDate` is in the future, so it was not public yet.")
    log.notes += [Note(Topic.HIDDEN, words, origin.path) for words in hidden]
    log.notes += post.notes
    return replace(post, head={**post.head, "draft": True}) if hidden else post
