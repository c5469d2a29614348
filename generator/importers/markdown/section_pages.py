"""Tell the index of a folder of posts, which Openletter lists by itself, from a page with a folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.importers.import_model import ImportLog, Note, Topic
from generator.importers.markdown.languages import LANGUAGES
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.model import Kind

_INDEX = "It is the index of a folder of posts, imported as a page. Publish it if you need it."
_EMPTY = "The index of a folder, without text. Openletter makes lists of posts itself."


def keep_section_pages(posts: Sequence[MarkdownPost], log: ImportLog) -> list[MarkdownPost]:
    """Keep the indexes that have a text: as public pages if no post is below them, else as drafts."""
    holders = {""}
    for post in posts:
        if post.kind is Kind.POST:
            folder = _folder(post)
            while folder and folder not in holders:
                holders.add(folder)
                folder = folder.rpartition("/")[0]
    kept = []
    for post in posts:
        if not post.origin.section or post.kind is not Kind.PAGE:
            kept.append(post)
        elif not post.text.strip():
            log.notes.append(Note(Topic.FILE, _EMPTY, post.origin.path))
        elif _is_top(post) or _folder(post) in holders:
            log.notes.append(Note(Topic.HIDDEN, _INDEX, post.origin.path))
            kept.append(replace(post, head={**post.head, "draft": True}))
        else:
            kept.append(post)
    return kept


def _folder(post: MarkdownPost) -> str:
    """Return the folder that a source lies in; that of an index is the one it speaks for. Languages share folders."""
    group = post.origin.group
    return group if post.origin.section else group.rpartition("/")[0]


def _is_top(post: MarkdownPost) -> bool:
    """Return True if an index is that of the whole site, in any language."""
    return _folder(post).removeprefix("content").strip("/") in ("", "index", "_index", *LANGUAGES)
