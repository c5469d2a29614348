"""Import what a reader collects from a source: the steps that all kinds of source share.

collect → give paths → find old addresses → convert texts and fix links → write what is new → report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from generator.config import Config, load_config
from generator.errors import ConfigError, error
from generator.importers.comment_files import CommentFiles
from generator.importers.existing_site import ExistingSite, read_existing
from generator.importers.file_writer import PlannedFile
from generator.importers.import_model import (
    DialectMatch,
    ImportLog,
    ImportOptions,
    ImportOutcome,
    Note,
    PlacedPost,
    Topic,
)
from generator.importers.manifest import load_manifest
from generator.importers.markup_engine import choose_commonmark, may_choose, means_commonmark
from generator.importers.media import open_media
from generator.importers.old_settings import take_settings
from generator.importers.old_urls import build_link_resolver
from generator.importers.paths import place_posts
from generator.importers.reader import Reader
from generator.importers.redirects import list_redirects, plan_redirects
from generator.importers.spool import Spool
from generator.importers.write_files import write_planned, write_report
from generator.importers.write_posts import make_post_files
from generator.text.counts import format_count

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def import_source(root: Path, options: ImportOptions, reader: Reader) -> ImportOutcome:
    """Import what `reader` collects into the site at `root`; with `dry_run`, write nothing.

    Every source becomes a post or page, or appears in `problems` or `notes`. A second run over the same sources writes
    nothing.

    Raises: ConfigError if site.toml is missing or wrong, or a source does not exist; OSError.
    """
    try:
        return _import(root, options, reader)
    finally:
        reader.close()


def _import(root: Path, options: ImportOptions, reader: Reader) -> ImportOutcome:
    config, _ = load_config(root)
    _check(root, options)
    collected = reader.collect(root, options, config)
    log = ImportLog(list(collected.notes), list(collected.problems), options.progress)
    existing, manifest = read_existing(root, config), load_manifest(root, reader.name)
    if collected.posts:
        config = take_settings(root, config, existing, collected, log, dry_run=options.dry_run)
    posts = place_posts(collected.posts, config, existing, manifest, reader.name, log)
    with open_media(root, options, log) as media, Spool() as spool:
        links = build_link_resolver(posts, collected, options, config, existing, reader, media)
        comments = CommentFiles(root, manifest)
        planned, results = make_post_files(posts, links, reader, config, log, comments, spool)
        public = ((each.aliases, each.address) for each in results if not each.draft)
        planned += plan_redirects(list_redirects(public, config.base_path))
        planned += [PlannedFile(path, source=file) for path, file in sorted(links.files.copies.items())]
        log.notes += _bylines(posts, config)
        chosen = bool(results) and _choose_engine(root, options, config, existing, posts)
        match = _match_dialect(posts, chosen=chosen or config.markup.engine == "commonmark")
        outcome, manifest = write_planned(root, planned, manifest, log, dry_run=options.dry_run)
    manifest = replace(manifest, comments={**manifest.comments, **comments.ids})
    manifest = replace(manifest, sources=manifest.sources | {post.id: post.draft.origin.path for post in posts})
    outcome = replace(
        outcome,
        posts=tuple(sorted(results, key=lambda each: each.path)),
        comments=comments.count,
        generators=Counter(post.draft.generator for post in posts),
        dialect=match,
        dialect_chosen=chosen,
    )
    return write_report(root, outcome, manifest, reader.name, dry_run=options.dry_run)


def _bylines(posts: Iterable[PlacedPost], config: Config) -> list[Note]:
    """List the authors that posts name by an id such as `jane-doe`, not by a name such as `Jane`."""
    counts = Counter(author for post in posts for author in post.draft.head.get("authors", ()))
    ids = {author: count for author, count in counts.items() if _ID.fullmatch(author) and author not in config.authors}
    return [
        Note(Topic.BYLINE, f"`[authors.{author}]` ({format_count(n, 'post')})", "site.toml")
        for author, n in ids.items()
    ]


def _choose_engine(
    root: Path, options: ImportOptions, config: Config, existing: ExistingSite, posts: Sequence[PlacedPost]
) -> bool:
    """Set the site's Markdown engine to CommonMark if the texts are written for it and the site has none set."""
    if not means_commonmark(posts) or not may_choose(root, config, existing):
        return False
    return options.dry_run or choose_commonmark(root)


def _match_dialect(posts: Sequence[PlacedPost], *, chosen: bool) -> DialectMatch:
    if not means_commonmark(posts):
        return DialectMatch.OURS
    return DialectMatch.COMMONMARK if chosen else DialectMatch.DIFFERS


def _check(root: Path, options: ImportOptions) -> None:
    problems = []
    content = (root / "content").resolve()
    for source in (*options.sources, *options.assets, *options.media):
        if not source.exists():
            problems.append(error(str(source), "option", "File or folder not found.", "Check the path."))
        elif source.resolve() == content or content in source.resolve().parents:
            hint = "Give the folder of the blog you want to import."
            problems.append(error(str(source), "option", "This is the content folder of your own site.", hint))
    if problems:
        raise ConfigError(problems)
