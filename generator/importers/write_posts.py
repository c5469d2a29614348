"""Make the files of posts: resolve tags, fix links, write front matter, and check the result as a build would."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, relpath

from msgspec.structs import replace

from generator.config import Config
from generator.content.document import parse_source
from generator.errors import Level, Problem
from generator.importers.comment_files import CommentFiles
from generator.importers.cut_html import list_cut_html
from generator.importers.draft_links import summarise_draft_links
from generator.importers.file_names import fold
from generator.importers.file_writer import PlannedFile
from generator.importers.heading_ids import add_heading_ids
from generator.importers.html_blocks import lay_out_html
from generator.importers.import_model import ImportedPost, ImportLog, Note, PlacedPost, PostResult, Topic
from generator.importers.links import LinkResolver
from generator.importers.marks import FINAL, remove_marks
from generator.importers.old_urls import add_usual_urls, fold_url, list_aliases
from generator.importers.outside_pictures import list_outside_pictures
from generator.importers.post_file import format_post
from generator.importers.reader import ConvertedText, Reader, References
from generator.importers.snippets import format_link
from generator.importers.spool import Spool, Spooled


def make_post_files(
    posts: Sequence[PlacedPost],
    links: LinkResolver,
    reader: Reader,
    config: Config,
    log: ImportLog,
    comments: CommentFiles,
    spool: Spool,
) -> tuple[list[PlannedFile], list[PostResult]]:
    """Make the files of all posts: tags first (they make links), links twice (the first round finds addresses).

    Texts stay in the spool between these steps.
    """
    trusted = config.markup.raw_html == "trusted"
    texts: list[Spooled] = []
    talks: list[PlannedFile | None] = []
    for post in log.track(posts, "Converting posts"):
        converted = _convert(post, links, reader, log, trusted=trusted)
        texts.append(spool.put_text(converted.text))
        talks.append(comments.plan(post.path, converted.comments, spool))
    for post, text in zip(posts, texts, strict=True):
        links.fix_links(text.text(), post, [])
    add_usual_urls(posts, links)
    links.to_drafts.clear()
    texts = [
        spool.put_text(links.fix_links(text.text(), post, log.notes))
        for post, text in zip(log.track(posts, "Fixing links"), texts, strict=True)
    ]
    log.notes += summarise_draft_links(links.to_drafts)
    owners = {fold_url(post.address): post for post in posts}
    given: dict[str, PlacedPost] = {}
    files: list[PlannedFile] = []
    results: list[PostResult] = []
    for post, text, talk in zip(posts, texts, talks, strict=True):
        aliases = list_aliases(post, links, owners, given, log.notes)
        made = _make_post(post, links, text.text(), aliases, reader, config, log.notes)
        refusals = _refusals(post, made, config)
        if refusals:
            log.problems += refusals
            continue
        files.append(PlannedFile(post.path, spooled=spool.put(made.encode())))
        files += [talk] if talk is not None else []
        results.append(_result(post, links, aliases))
        folder = dirname(post.path)
        for name, file in post.draft.origin.bundle if post.bundle else ():
            files.append(PlannedFile(f"{folder}/{post.files[fold(name)]}", source=file))
    return files, results


def _convert(post: PlacedPost, links: LinkResolver, reader: Reader, log: ImportLog, *, trusted: bool) -> ConvertedText:
    def other(reference: str) -> str:
        name = fold(reference.strip("/").removesuffix("/"))
        found = links.sources.get(name) or links.sources.get(name.removesuffix(".html"))
        found = found or links.urls.find(f"/{reference.strip('/')}/")
        return _between(post, found) if found else ""

    def beside(name: str) -> str:
        stem = fold(name)
        matches = [path for path in post.files if path == stem or path.rpartition(".")[0] == stem]
        return post.files[matches[0]] if len(matches) == 1 else ""

    converted = reader.convert_text(post, References(other, beside))
    log.notes += [*converted.notes, *list_cut_html(post.draft, trusted=trusted)]
    return converted


def _between(post: PlacedPost, other: PlacedPost) -> str:
    return FINAL + relpath(other.path, dirname(post.path))


def _make_post(
    post: PlacedPost,
    links: LinkResolver,
    text: str,
    aliases: list[str],
    reader: Reader,
    config: Config,
    notes: list[Note],
) -> str:
    draft = post.draft
    text = remove_marks(text)
    if not draft.html and links.wanted.get(post.id):
        text = add_heading_ids(text, links.wanted[post.id], reader.heading_ids)
    if draft.html:
        text, whole = lay_out_html(text)
        if not whole:
            notes.append(
                Note(
                    Topic.HTML,
                    "The HTML was broken, so text may be missing. Compare it with the original.",
                    draft.origin.path,
                )
            )
    changed = {}
    if src := draft.head.get("image"):
        found = links.resolve_picture(src, post)
        if found is None and not src.startswith(("http:", "https:")):
            notes.append(Note(Topic.MISSING_FILE, f"`{src}`", draft.origin.path))
        changed["image"] = found or (src if not src.startswith("{") else "")
    notes += list_outside_pictures(text, changed.get("image", ""), draft.origin.path, config.images.hosts)
    if not text.strip():
        text = _link_post(draft, notes)
    return format_post(post, aliases, text, **changed)


def _link_post(draft: ImportedPost, notes: list[Note]) -> str:
    """Write the text of a post without text: the link that it is about."""
    if draft.link:
        return format_link(draft.link, draft.title)
    notes.append(Note(Topic.EMPTY, "The post has no text.", draft.origin.path))
    return ""


def _refusals(post: PlacedPost, made: str, config: Config) -> list[Problem]:
    """Read the new file as a build would; report errors now, under the source's name."""
    found = parse_source(post.path, made.encode("utf-8", "replace"), kind=post.draft.kind, zone=config.zone)
    return [
        replace(problem, path=post.draft.origin.path, line=0, column=0)
        for problem in found.problems
        if problem.level is Level.ERROR
    ]


def _result(post: PlacedPost, links: LinkResolver, aliases: list[str]) -> PostResult:
    draft = bool(post.draft.head.get("draft"))
    old = tuple(links.urls.of.get(post.id, ())[:2])
    return PostResult(post.draft.origin.path, post.path, old, post.address, post.draft.kind, draft, tuple(aliases))
