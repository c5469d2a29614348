"""After the commit: make the search index again if what it is made from has changed.

Its files are not outputs of the plan: two runs of Pagefind over the same pages give different bytes. The state lists
them, so that they go when the search is turned off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.config.load import FILE
from generator.digest import digest, digest_file
from generator.engine.cache import EngineCache
from generator.engine.facts import SEARCH_PROBLEMS
from generator.engine.processes.pagefind import find_pagefind, run_pagefind
from generator.engine.request import BuildRequest
from generator.errors import Problem, error
from generator.site.listings import SEARCH_INDEX

if TYPE_CHECKING:
    from generator.engine.stages.index import IndexResult

_STATE = "search index"
_ENTRY = f"{SEARCH_INDEX}pagefind-entry.json"
_LAST = ("pagefind.js", "pagefind-entry.json")
_UNUSED = ("pagefind-ui.", "pagefind-modular-ui.", "pagefind-component-ui.", "pagefind-highlight.")


class SearchState(Struct, frozen=True):
    """The index in the output: digests of what it was made from, and its files.

    `cards` and `bodies` are of the published documents, `frame` is of what writes their pages. They are "" if unknown.
    """

    cards: str = ""
    bodies: str = ""
    frame: str = ""
    files: tuple[str, ...] = ()


def update_search(request: BuildRequest, index: IndexResult | None, cache: EngineCache) -> int:
    """Make the index if it is not up to date; returns the number of its pages, 0 if nothing was to be done.

    `index` is None if this build changed nothing. Raises: ConfigError if Pagefind is not installed; OutputError.
    """
    settings = request.inputs.config.search
    before = cache.store.fact(_STATE, SearchState | None) or SearchState()
    if settings.engine == "none":
        _forget(before, cache)
        return 0
    if index is None and _is_there(before, cache):
        return 0
    snapshot = index.snapshot if index is not None else cache.snapshot
    assert snapshot is not None, "a build has stored it"
    now = _describe(request, index, cache, before)
    pages = len(snapshot.index.cards)
    problems = _too_many(pages, settings.max_pages)
    cache.store.set_fact(SEARCH_PROBLEMS, problems)
    if problems or not pages or (_is_there(before, cache) and now == before):
        cache.store.commit()
        return 0
    import tempfile

    program = find_pagefind(request.root)
    with tempfile.TemporaryDirectory(prefix="search-", dir=cache.store.folder) as folder:
        run_pagefind(program, cache.outputs.folder.folder, Path(folder))
        _publish(Path(folder), now, before, cache)
        return _count_pages(Path(folder))


def _describe(request: BuildRequest, index: IndexResult | None, cache: EngineCache, before: SearchState) -> SearchState:
    """Describe what the index is made from now; the files are those of the last one."""
    if index is None:
        return SearchState(files=before.files)
    snapshot, basis = index.snapshot, request.inputs.basis
    keys = sorted(snapshot.index.cards)
    return SearchState(
        cards=digest([snapshot.cards[key] for key in keys]) if index.is_new else before.cards,
        bodies=digest([(key, snapshot.bodies.get(key, "")) for key in keys]),
        frame=digest(basis.theme, basis.generator, basis.extensions),
        files=before.files,
    )


def _is_there(state: SearchState, cache: EngineCache) -> bool:
    return bool(state.files) and cache.outputs.folder.file(_ENTRY).is_file()


def _too_many(pages: int, most: int) -> tuple[Problem, ...]:
    if pages <= most:
        return ()
    message = f"The search index was not made: the site has {pages:,} pages, and max_pages in [search] is {most:,}."
    hint = f"Making it takes about {pages * 0.16:,.0f} MB of memory. To allow it, write: max_pages = {pages + 1000}"
    return (error(FILE, "search-too-large", message, hint),)


def _publish(made: Path, now: SearchState, before: SearchState, cache: EngineCache) -> None:
    """Put the new index in place of the old: what others name comes first, the list of it all last.

    The state knows of every file before the first is written, so a build that is killed leaves no unknown file.
    """
    folder, files = cache.outputs.folder, dict(_wanted(made))
    _store(SearchState(files=tuple(sorted({*files, *before.files}))), cache)
    for path, file in files.items():
        folder.copy(path, file, digest_file(file))
    _delete((path for path in before.files if path not in files), cache)
    _store(replace(now, files=tuple(sorted(files))), cache)


def _wanted(made: Path) -> Iterator[tuple[str, Path]]:
    """List the files of an index that pages use: path in the output → file."""
    files = [file for file in made.rglob("*") if file.is_file() and not file.name.startswith(_UNUSED)]
    for file in sorted(files, key=lambda file: (file.name in _LAST, file)):
        yield SEARCH_INDEX + file.relative_to(made).as_posix(), file


def _count_pages(made: Path) -> int:
    entry = msgspec.json.decode((made / "pagefind-entry.json").read_bytes())
    return sum(int(language["page_count"]) for language in entry["languages"].values())


def _forget(before: SearchState, cache: EngineCache) -> None:
    """Delete the index of a search that was turned off."""
    if before.files:
        _delete(before.files, cache)
        cache.store.set_fact(SEARCH_PROBLEMS, ())
        _store(None, cache)


def _delete(paths: Iterable[str], cache: EngineCache) -> None:
    for path in paths:
        if path not in cache.outputs.rows:  # a file of the site may have its place now
            cache.outputs.folder.delete(path)


def _store(state: SearchState | None, cache: EngineCache) -> None:
    cache.store.set_fact(_STATE, state)
    cache.store.commit()
