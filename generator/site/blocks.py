"""The blocks of each document: texts set, changes that return from earlier issues, the events of posts among dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from generator.blocks import UNFINISHED, Blocks, Change, DateEntry
from generator.config import Config
from generator.model import Document, Meta
from generator.site.addresses import site_link
from generator.site.index_model import DocumentBlocks, SiteIndex
from generator.site.typesetting import Typesetter
from generator.slugs import fold_label

AHEAD = timedelta(days=56)
"""How far an issue looks ahead for the events of posts."""
_ADDRESSES = frozenset(("url", "image", "file", "post", "state", "kind", "better", "month", "unit"))
"""The fields whose values are not set typographically."""


def portraits_of(meta: Meta) -> tuple[str, ...]:
    """List the addresses, as written, of the pictures of people in the blocks of a document; each once."""
    return tuple(dict.fromkeys(person.image for each in _all(meta) for person in each.people if person.image))


def files_in_blocks(meta: Meta) -> tuple[str, ...]:
    """List the addresses, as written, of the files that blocks name: pictures of people, and figures."""
    tables = (each.figure_table.file for each in _all(meta) if each.figure_table)
    return tuple(dict.fromkeys((*portraits_of(meta), *tables)))


def gather_blocks(
    documents: Iterable[Document], index: SiteIndex, configs: Mapping[str, Config]
) -> dict[str, DocumentBlocks]:
    """Gather the blocks of the published documents that have any, by path.

    An issue also gets the unfinished changes of the issue before, and the events of posts: those that its posts
    announce, with the dates in their front matter, and those of the next eight weeks. `configs` are the settings by
    language.
    """
    shown = [document for document in documents if document.path in index.cards]
    found = {document.path: made for document in shown if (made := _own(document, index, configs))}
    for tag, config in configs.items():
        keys = index.issues if not config.folder else index.editions[tag].issues
        posts = index.posts if not config.folder else index.editions[tag].posts
        open_changes: tuple[Change, ...] = ()
        for key in reversed(keys):  # oldest first
            made = found.get(key, DocumentBlocks())
            made = _with_changes(made, open_changes)
            made = _with_dates(made, tuple(_events(key, index, posts, found)))
            if made != DocumentBlocks():
                found[key] = made
            open_changes = tuple(_unfinished(made, index.cards[key].title))
    return dict(sorted(found.items()))


def _own(document: Document, index: SiteIndex, configs: Mapping[str, Config]) -> DocumentBlocks | None:
    meta = document.meta
    if meta.blocks is None and not meta.fenced and meta.event is None and not meta.order:
        return None
    lang = index.cards[document.path].lang
    config = next((own for own in configs.values() if own.folder and own.language == lang), configs[""])
    settle = partial(_settle, set_text=partial(Typesetter(config).set, language=lang), config=config)
    fenced = tuple(map(settle, meta.fenced))
    return DocumentBlocks(settle(meta.blocks or Blocks()), fenced, meta.order, settle(meta.event))


def _settle(value: Any, set_text: Callable[[str], str], config: Config) -> Any:
    """Set every text of a value, and give every address of the site its base path."""
    if isinstance(value, tuple):
        return tuple(_settle(each, set_text, config) for each in value)
    if not isinstance(value, Struct):
        return value
    changes: dict[str, Any] = {}
    for each in fields(value):
        old = getattr(value, each.name)
        if isinstance(old, Struct | tuple):
            changes[each.name] = _settle(old, set_text, config)
        elif isinstance(old, str) and each.name not in _ADDRESSES:
            changes[each.name] = set_text(old)
        elif each.name == "url" and old.startswith("/"):
            changes[each.name] = site_link(config, old)
    if "answers" in changes:
        changes["answers"] = tuple(map(set_text, changes["answers"]))
    return replace(value, **changes) if changes else value


def _all(meta: Meta) -> Iterator[Blocks]:
    if meta.blocks:
        yield meta.blocks
    yield from meta.fenced


def _with_changes(made: DocumentBlocks, earlier: tuple[Change, ...]) -> DocumentBlocks:
    """Add the changes of the issue before that this one does not have itself."""
    own = {fold_label(change.what) for each in (made.blocks, *made.fenced) for change in each.changes}
    return _joined(made, "changes", tuple(change for change in earlier if fold_label(change.what) not in own))


def _unfinished(made: DocumentBlocks, title: str) -> Iterator[Change]:
    for each in (made.blocks, *made.fenced):
        for change in each.changes:
            if change.state in UNFINISHED:
                yield replace(change, since=change.since or title)


def _events(
    key: str, index: SiteIndex, posts: Iterable[str], found: Mapping[str, DocumentBlocks]
) -> Iterator[DateEntry]:
    """List what an issue announces, first what begins first.

    These are the events and the dates in front matter of its own posts, and the events of others of `posts`.
    """
    layout, date = index.issue_layouts.get(key), index.cards[key].date
    if layout is None or date is None:
        return
    announced = []
    for post in dict.fromkeys((*layout.posts, *posts)):
        card, made = index.cards[post], found.get(post)
        if made is None:
            continue
        event = DateEntry(card.title, made.event, card.url, post) if made.event else None
        is_new = card.date is not None and card.date > date
        if post in layout.posts:
            announced += [replace(entry, url=entry.url or card.url, post=post) for entry in made.blocks.dates]
            announced += [event] if event else []
        elif event and event.event.start <= date + AHEAD and not is_new and card.newsletter:
            announced.append(event)
    ahead = (entry for entry in announced if (entry.event.end or entry.event.start) >= date)
    yield from sorted(ahead, key=_begins)


def _begins(entry: DateEntry) -> tuple[datetime, str]:
    return entry.event.start, entry.what


def collects_dates(made: DocumentBlocks) -> bool:
    """Return True if an issue with these blocks lists the events and dates of its posts."""
    return all(each.events for each in (made.blocks, *made.fenced))


def _with_dates(made: DocumentBlocks, entries: tuple[DateEntry, ...]) -> DocumentBlocks:
    if not collects_dates(made):
        return made
    own = {_named(entry) for each in (made.blocks, *made.fenced) for entry in each.dates}
    others = {_named(entry): entry for entry in reversed(entries)}  # of two posts with one date, the first in order
    more = _joined(made, "dates", tuple(entry for name, entry in reversed(others.items()) if name not in own))
    return replace(more, blocks=_in_time(more.blocks), fenced=tuple(map(_in_time, more.fenced)))


def _named(entry: DateEntry) -> tuple[str, datetime]:
    return fold_label(entry.what), entry.event.start


def _in_time(blocks: Blocks) -> Blocks:
    return replace(blocks, dates=tuple(sorted(blocks.dates, key=_begins))) if blocks.dates else blocks


def _joined(made: DocumentBlocks, name: str, more: tuple[Any, ...]) -> DocumentBlocks:
    """Add items to a block: to its first fence, if the text has one, else to that of the front matter."""
    if not more:
        return made
    place = next((n for n, each in enumerate(made.fenced) if getattr(each, name)), None)
    if place is None:
        return replace(made, blocks=replace(made.blocks, **{name: (*getattr(made.blocks, name), *more)}))
    fenced = list(made.fenced)
    fenced[place] = replace(fenced[place], **{name: (*getattr(fenced[place], name), *more)})
    return replace(made, fenced=tuple(fenced))


def own_dates(made: DocumentBlocks) -> tuple[DateEntry, ...]:
    """List the dates that a document itself has, without those of other posts."""
    return tuple(entry for each in (made.blocks, *made.fenced) for entry in each.dates if not entry.post)
