"""Put the comments of another service beside the posts that they belong to, found by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from generator.config import Config, load_config
from generator.content.document import parse_source
from generator.content.read import read_source
from generator.content.site_files import Role, scan_content
from generator.errors import ConfigError, ContentError, error
from generator.importers.comment_files import CommentFiles
from generator.importers.exports.export_comments import make_comments
from generator.importers.exports.export_reader import markup_settings
from generator.importers.exports.store import KeptComment
from generator.importers.exports.writer import check_libraries
from generator.importers.file_writer import PlannedFile
from generator.importers.import_model import ImportLog, ImportOptions, ImportOutcome, Note, Topic
from generator.importers.manifest import load_manifest
from generator.importers.spool import Spool
from generator.importers.threads.thread_model import PageThread, ThreadReader
from generator.importers.url_index import canonical
from generator.importers.write_files import write_planned, write_report
from generator.model import Document, Kind
from generator.site.addresses import document_address
from generator.site.discussion import thread_address

_KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE}


def import_threads(root: Path, options: ImportOptions, reader: ThreadReader) -> ImportOutcome:
    """Import the comments of one source into the site at `root`. A second run changes nothing.

    Raises: ConfigError if site.toml is missing or wrong, or the source does not exist; OSError.
    """
    config, _ = load_config(root)
    check_libraries()
    missing = [each for each in options.sources if not each.is_file()]
    if missing:
        raise ConfigError(error(str(missing[0]), "option", "File not found.", "Check the path."))
    log, manifest = ImportLog(), load_manifest(root, reader.name)
    posts = dict(_addresses(root, config))
    files, planned = CommentFiles(root, manifest), list[PlannedFile]()
    settings = markup_settings(config)
    with Spool() as spool:
        found: dict[str, list[KeptComment]] = {}
        for thread in reader.threads(pending=options.pending):
            path = _find(thread, posts, config)
            if path:
                found.setdefault(path, []).extend(thread.comments)
            else:
                words = f"{len(thread.comments):,} belong to a page that is not here: `{_shown(thread)}`."
                log.notes.append(Note(Topic.COMMENT, words, ""))
        for path, kept in found.items():
            comments, notes, _ = make_comments(kept, settings, config.zone, _EPOCH, path)
            log.notes += notes
            made = files.plan(path, comments, spool)
            planned += [made] if made is not None else []
        log.problems += reader.problems
        outcome, manifest = write_planned(root, planned, manifest, log, dry_run=options.dry_run)
    manifest = replace(manifest, comments={**manifest.comments, **files.ids})
    outcome = replace(outcome, comments=files.count)
    return write_report(root, outcome, manifest, reader.name, dry_run=options.dry_run)


_EPOCH = datetime(1970, 1, 1)


def _addresses(root: Path, config: Config) -> Iterator[tuple[str, str]]:
    """Yield the addresses, aliases, ids and named threads of the site's posts and pages, with their paths."""
    for item in scan_content(root).found:
        kind = _KINDS.get(item.role)
        if kind is None:
            continue
        try:
            data = read_source(root / item.real, item.path)
        except ContentError:
            continue
        meta = parse_source(item.path, data, kind=kind, zone=config.zone).meta
        if meta is not None:
            yield meta.id, item.path
            yield canonical(thread_address(meta.id)), item.path
            if meta.thread:
                yield meta.thread, item.path
                yield canonical(urlsplit(meta.thread).path), item.path
            document = Document(path=item.path, meta=meta, lead="", minutes=0)
            for address in (*meta.aliases, document_address(document, config.permalinks)):
                yield address if "?" in address else canonical(address), item.path


def _find(thread: PageThread, posts: dict[str, str], config: Config) -> str:
    """Find the file of a thread's page: by its address with and without the site's base path, else by its id."""
    parts = urlsplit(thread.address)
    query = parse_qsl(parts.query)
    if len(query) == 1 and (found := posts.get(f"/?{query[0][0]}={query[0][1]}")):
        return found
    below = parts.path.removeprefix(config.base_path.rstrip("/"))
    keys = (canonical(parts.path), canonical(below), thread.identifier)
    return next((posts[key] for key in keys if key and key in posts), "")


def _shown(thread: PageThread) -> str:
    parts = urlsplit(thread.address)
    return f"{parts.netloc}{parts.path}"[:300] or thread.title[:300]
