"""Make the files of posts: tags resolved, links mended, front matter written, and all of it read as a build will."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import dirname, relpath

from msgspec.structs import replace

from generator.config import Config
from generator.content.document import parse
from generator.errors import Level, Problem
from generator.importers.file_names import fold
from generator.importers.file_writer import PlannedFile
from generator.importers.heading_ids import name_headings
from generator.importers.html_blocks import lay_out
from generator.importers.import_model import ImportedPost, Note, PlacedPost, PostResult, Topic
from generator.importers.links import LinkResolver
from generator.importers.markdown import liquid_tags, shortcodes
from generator.importers.markdown.collect import Gathered
from generator.importers.markdown.kramdown import drop_attributes
from generator.importers.markdown.template_tags import FINAL, Handlers, TagContext, finish, resolve_tags
from generator.importers.old_urls import aliases_of, guess_addresses, place_of
from generator.importers.post_file import compose
from generator.importers.snippets import link

_HANDLERS = Handlers(liquid_tags.tag, shortcodes.shortcode, liquid_tags.output)
_LINK_KEYS = (
    "source_url", "external_url", "link", "link_url", "externalurl", "original_url", "canonical_url", "canonical",
)  # fmt: skip


def compose_all(
    posts: Sequence[PlacedPost], links: LinkResolver, gathered: Gathered, config: Config
) -> tuple[list[PlannedFile], list[PostResult]]:
    """Make the files of all posts: tags first, as they make links; links twice, as the first round finds addresses."""
    texts = [_resolve(post, links, gathered) for post in posts]
    for post, text in zip(posts, texts, strict=True):
        links.mend(text, post, [])
    guess_addresses(posts, links, gathered, config)
    texts = [links.mend(text, post, gathered.notes) for post, text in zip(posts, texts, strict=True)]
    taken = {place_of(post.address): post for post in posts}
    given: dict[str, PlacedPost] = {}
    writings: list[PlannedFile] = []
    written: list[PostResult] = []
    for post, text in zip(posts, texts, strict=True):
        aliases = aliases_of(post, links, taken, given, gathered.notes)
        made = _compose(post, links, text, aliases, gathered)
        refusals = _refusals(post, made, config)
        if refusals:
            gathered.problems += refusals
            continue
        writings.append(PlannedFile(post.path, made.encode()))
        written.append(_as_written(post, links))
        folder = dirname(post.path)
        for name in post.draft.origin.bundle if post.bundle else ():
            beside = post.draft.origin.file.parent / name
            writings.append(PlannedFile(f"{folder}/{post.files[fold(name)]}", source=beside))
    return writings, written


def _resolve(post: PlacedPost, links: LinkResolver, gathered: Gathered) -> str:
    draft = post.draft
    project = gathered.projects[draft.origin.root]

    def other(reference: str) -> str:
        name = fold(reference.strip("/").removesuffix("/"))
        found = links.sources.get(name) or links.sources.get(name.removesuffix(".html"))
        found = found or links.addresses.find(f"/{reference.strip('/')}/")
        return _between(post, found) if found else ""

    def beside(name: str) -> str:
        stem = fold(name)
        matches = [path for path in post.files if path == stem or path.rpartition(".")[0] == stem]
        return post.files[matches[0]] if len(matches) == 1 else ""

    scope = TagContext(draft, project.texts, other, beside)
    text = resolve_tags(_with_excerpt(draft, project.texts), scope, _HANDLERS)
    text = drop_attributes(text, draft, scope.notes)
    gathered.notes += scope.notes
    return text


def _with_excerpt(draft: ImportedPost, settings: Mapping[str, str]) -> str:
    """Mark the end of the excerpt as we do, where Jekyll's `excerpt_separator` marks it otherwise."""
    mark = (draft.values.get("excerpt_separator") or settings.get("excerpt_separator") or "").strip()
    if not mark.startswith("<!--") or "<!--more-->" in draft.text:
        return draft.text
    return draft.text.replace(mark, "<!--more-->", 1)


def _between(post: PlacedPost, other: PlacedPost) -> str:
    return FINAL + relpath(other.path, dirname(post.path))


def _compose(post: PlacedPost, links: LinkResolver, text: str, aliases: list[str], gathered: Gathered) -> str:
    draft, notes = post.draft, gathered.notes
    text = finish(text)
    if not draft.html and links.wanted.get(post.id):
        text = name_headings(text, links.wanted[post.id])
    if draft.html:
        text, whole = lay_out(text)
        if not whole:
            notes.append(Note(Topic.HTML, "Its HTML was broken; compare the text.", draft.origin.path))
    changed = {}
    if src := draft.head.get("image"):
        found = links.picture(src, post)
        if found is None and not src.startswith(("http:", "https:")):
            notes.append(Note(Topic.MISSING_FILE, f"`{src}`", draft.origin.path))
        changed["image"] = found or (src if not src.startswith("{") else "")
    if not text.strip():
        text = _link_post(draft, notes)
    return compose(post, aliases, text, **changed)


def _link_post(draft: ImportedPost, notes: list[Note]) -> str:
    """Write the text of a post that has none: the link it is about."""
    for key in _LINK_KEYS:
        url = draft.values.get(key, "").strip()
        if re.fullmatch(r"https?://[^\s<>\"]+", url):
            return link(url, draft.title)
    notes.append(Note(Topic.EMPTY, "It has no text.", draft.origin.path))
    return ""


def _refusals(post: PlacedPost, made: str, config: Config) -> list[Problem]:
    """Read the made file as a build will; what that would refuse is refused now, by the source's name."""
    found = parse(post.path, made.encode("utf-8", "replace"), kind=post.draft.kind, zone=config.zone)
    return [
        replace(problem, path=post.draft.origin.path, line=0, column=0)
        for problem in found.problems
        if problem.level is Level.ERROR
    ]


def _as_written(post: PlacedPost, links: LinkResolver) -> PostResult:
    draft = bool(post.draft.head.get("draft"))
    old = tuple(links.addresses.of.get(post.id, ())[:2])
    return PostResult(post.draft.origin.path, post.path, old, post.address, post.draft.kind, draft)
