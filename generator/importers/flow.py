"""Import posts written for Jekyll, Hugo, Zola, Pelican and their like: a folder of theirs becomes content of ours.

read → map → place → resolve tags → mend links → compose → check with our own reader → write what is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from generator.config import Config, load_config
from generator.errors import ConfigError, ContentError, error
from generator.importers import manifest as manifests
from generator.importers import report
from generator.importers.existing_site import ExistingSite, look_at
from generator.importers.file_writer import PlannedFile, WriteAction, fate_of, write
from generator.importers.import_model import (
    DialectMatch,
    Generator,
    ImportOptions,
    ImportOutcome,
    Note,
    PlacedPost,
    PostResult,
    Topic,
)
from generator.importers.manifest import ImportManifest
from generator.importers.markdown.collect import Gathered, gather
from generator.importers.markup_engine import choose_commonmark, may_choose, means_commonmark
from generator.importers.old_urls import make_links
from generator.importers.paths import place
from generator.importers.write_posts import compose_all

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def import_markdown(root: Path, options: ImportOptions) -> ImportOutcome:
    """Import into the site at `root`; with `dry_run` nothing is written.

    Every source becomes a post or page, or is named in `problems` or `notes`. A second run over the same sources
    writes nothing.

    Raises: ConfigError, when site.toml is missing or wrong, or there is no such source. OSError.
    """
    config, _ = load_config(root)
    _check(root, options)
    gathered = gather(root, options.sources)
    existing, manifest = look_at(root, config), manifests.load(root)
    posts, notes = place(gathered.drafts, config, existing, manifest)
    gathered.notes += notes
    links = make_links(posts, gathered, options, config, existing)
    writings, written = compose_all(posts, links, gathered, config)
    files = [PlannedFile(path, source=file) for path, file in sorted(links.assets.copies.items())]
    gathered.notes += _bylines(posts, config)
    chosen = bool(written) and _choose(root, options, config, existing, posts)
    dialect = _dialect(posts, chosen=chosen or config.markup.engine == "commonmark")
    outcome = _settle(root, options, gathered, [*writings, *files], written, manifest, posts)
    return _finish(root, options, replace(outcome[0], dialect=dialect, dialect_chosen=chosen), outcome[1])


def _bylines(posts: Iterable[PlacedPost], config: Config) -> list[Note]:
    """Name the authors that posts name by what can only be an id: `jane-doe`, not `Jane`."""
    counts = Counter(author for post in posts for author in post.draft.head.get("authors", ()))
    ids = {author: count for author, count in counts.items() if _ID.fullmatch(author) and author not in config.authors}
    return [Note(Topic.BYLINE, f"`[authors.{author}]` ({_posts(n)})", "site.toml") for author, n in ids.items()]


def _posts(number: int) -> str:
    return f"{number:,} post{'' if number == 1 else 's'}"


def _choose(
    root: Path, options: ImportOptions, config: Config, existing: ExistingSite, posts: Sequence[PlacedPost]
) -> bool:
    """Set the site's dialect where the texts mean CommonMark and nobody has chosen one."""
    if not means_commonmark(_shapes(posts)) or not may_choose(root, config, existing):
        return False
    return options.dry_run or choose_commonmark(root)


def _dialect(posts: Sequence[PlacedPost], *, chosen: bool) -> DialectMatch:
    if not means_commonmark(_shapes(posts)):
        return DialectMatch.OURS
    return DialectMatch.COMMONMARK if chosen else DialectMatch.DIFFERS


def _shapes(posts: Iterable[PlacedPost]) -> Counter[Generator]:
    return Counter(post.draft.shape for post in posts)


def _check(root: Path, options: ImportOptions) -> None:
    problems = []
    content = (root / "content").resolve()
    for source in (*options.sources, *options.assets):
        if not source.exists():
            problems.append(error(str(source), "option", "There is no such file or folder.", "Check the name."))
        elif source.resolve() == content or content in source.resolve().parents:
            hint = "Name the folder of the blog you want to import."
            problems.append(error(str(source), "option", "This is the content of the site itself.", hint))
    if problems:
        raise ConfigError(problems)


def _settle(
    root: Path,
    options: ImportOptions,
    gathered: Gathered,
    writings: Sequence[PlannedFile],
    written: Sequence[PostResult],
    manifest: ImportManifest,
    posts: Sequence[PlacedPost],
) -> tuple[ImportOutcome, ImportManifest]:
    """Write what is new; give what was done, and what is to be remembered."""
    fates: list[tuple[PlannedFile, WriteAction]] = []
    files = dict(manifest.files)
    for writing in writings:
        try:
            digest = writing.digest()
            fate = fate_of(root, writing, digest, manifest.files)
        except ContentError as refusal:
            gathered.problems += refusal.problems
            continue
        fates.append((writing, fate))
        if fate in (WriteAction.NEW, WriteAction.UPDATE) and not options.dry_run:
            write(root, writing)
        if fate in (WriteAction.NEW, WriteAction.UPDATE, WriteAction.SAME):
            files[writing.path] = digest
    kept = tuple(writing.path for writing, fate in fates if fate in (WriteAction.KEPT, WriteAction.DELETED))
    gathered.notes += [Note(Topic.KEPT, f"`{path}`", path) for path in kept]
    outcome = ImportOutcome(
        posts=tuple(sorted(written, key=lambda each: each.path)),
        written=tuple(writing.path for writing, fate in fates if fate in (WriteAction.NEW, WriteAction.UPDATE)),
        same=sum(fate is WriteAction.SAME for _, fate in fates),
        kept=kept,
        files=tuple(writing.path for writing, _ in fates if writing.source is not None),
        notes=tuple(sorted(set(gathered.notes))),
        problems=tuple(sorted(set(gathered.problems))),
        shapes=_shapes(posts),
    )
    return outcome, ImportManifest(files, _sources(manifest, posts))


def _sources(manifest: ImportManifest, posts: Iterable[PlacedPost]) -> dict[str, str]:
    return {**manifest.sources, **{post.id: post.draft.origin.path for post in posts}}


def _finish(root: Path, options: ImportOptions, outcome: ImportOutcome, manifest: ImportManifest) -> ImportOutcome:
    """Write the report; one that somebody wrote into stays, and the new one stands beside it."""
    data = report.write_report(outcome).encode("utf-8", "replace")
    if options.dry_run:
        return replace(outcome, report=report.PATH)
    for number in count(1):
        writing = PlannedFile(report.PATH if number == 1 else report.PATH.replace(".md", f"-{number}.md"), data)
        digest = writing.digest()
        fate = fate_of(root, writing, digest, manifest.files)
        if manifest.files.get(writing.path) == digest or fate is not WriteAction.KEPT:
            break
    if fate is not WriteAction.SAME and manifest.files.get(writing.path) != digest:
        write(root, writing)
    manifests.save(root, replace(manifest, files={**manifest.files, writing.path: digest}))
    return replace(outcome, report=writing.path)
