"""Take a page off the site: make its source a draft, and find everything that was published for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator.checks.front_matter_edit import mark_draft
from generator.clock import Clock
from generator.config import Config
from generator.digest import digest_bytes
from generator.engine.engine import Engine
from generator.engine.tools.built_site import BuiltFile, BuiltSite
from generator.errors import ContentError, Level, Problem, error
from generator.model import BuildReport
from generator.progress import Progress
from generator.publish.guards import check_problems
from generator.publish.named_address import named_path
from generator.render.documents import DOCUMENTS
from generator.site.addresses import output_path
from generator.store.atomic import replace_if_unchanged

_ITS_OWN = frozenset({*DOCUMENTS.names, "file", "redirect", "calendar"})
"""The kinds of files whose addresses belong to one document; a list may come back with another."""


class Takedown(Struct, frozen=True):
    """What is taken down: the source that became a draft ("" if it was gone already), and the output paths.

    `errors` are those of other pages, which are off too.
    """

    source: str
    paths: frozenset[str]
    errors: tuple[Problem, ...] = ()


def take_down(
    root: Path, config: Config, address: str, clock: Clock, progress: Progress, *, despite_errors: bool = False
) -> Takedown:
    """Make the source of an address a draft, and build the site without it.

    A site with errors is refused unless `despite_errors` is True: then the pages with errors are off too.

    Raises: ContentError if the address is no page of a source, or the source cannot be changed; what a build raises.
    """
    with Engine(root, clock=clock) as engine:
        errors = _check(engine.build(progress), despite_errors=despite_errors)
        before = engine.use_built(_files)
        path = named_path(config, address, before)
        found = before.get(path)
        if found is None:
            own = engine.use_built(lambda site: frozenset(_published_with(site, path)))
            return Takedown("", frozenset({path, *(own - before.keys())}), errors)
        if not found.source:
            raise _not_a_page(address, found)
        engine.use_built(lambda site: _mark(site, found.source))
        errors = _check(engine.build(progress, hint={found.source}), despite_errors=despite_errors)
        after = engine.use_built(_files)
    gone = {each for each, file in before.items() if file.kind in _ITS_OWN and each not in after}
    return Takedown(found.source, frozenset({path, *gone}), errors)


def _check(report: BuildReport, *, despite_errors: bool) -> tuple[Problem, ...]:
    """Refuse a site with errors, or return them."""
    check_problems(report.problems, stopped=report.stopped, despite_errors=despite_errors, hint=_IN_A_HURRY)
    return tuple(problem for problem in report.problems if problem.level is Level.ERROR)


def _files(site: BuiltSite) -> Mapping[str, BuiltFile]:
    return {file.path: file for file in site.files}


def _published_with(site: BuiltSite, path: str) -> Iterator[str]:
    """List the output paths of the document that had a page, as far as they are known here: addresses and files."""
    folder = path.removesuffix("index.html")
    page = site.published.get(f"/{folder}")
    if page is None or not page.path:
        return
    yield from (output_path(address) for address, other in site.published.items() if other.path == page.path)
    source = site.root / page.path
    if source.name == "index.md":
        beside = (file.relative_to(source.parent) for file in source.parent.rglob("*") if file.is_file())
        yield from (f"{folder}{file.as_posix()}" for file in beside if file.name != source.name)


def _mark(site: BuiltSite, source: str) -> None:
    """Write `draft: true` into a source. Raises: ContentError if that must be done by hand."""
    file = (site.root / source).resolve()
    data = file.read_bytes()
    edited = mark_draft(source, data, site.documents[source].meta.kind, site.config.zone)
    if edited is None or not replace_if_unchanged(file, edited, digest_bytes(data)):
        message = "The front matter cannot be changed without changing something else in it."
        raise ContentError(error(source, "unpublish-by-hand", message, _BY_HAND))


def _not_a_page(address: str, found: BuiltFile) -> ContentError:
    if found.kind == "file":
        message = f"{address} is a file of the site, not a page."
        hint = f"Delete it from content, then run this again: openletter unpublish {address}"
        return ContentError(error("", "unpublish-not-a-page", message, hint))
    message = f"{address} is not the page of a post, page or issue: the site makes it from others."
    return ContentError(error("", "unpublish-not-a-page", message, "Name the address of the post that it shows."))


def unknown_address(address: str) -> ContentError:
    """Make the error of an address that is neither on the site nor on a target."""
    message = f"There is no page at {address}, neither on the site nor on a target."
    hint = "If it was taken down before, it is off. If not, copy the address from the browser."
    return ContentError(error("", "unpublish-unknown", message, hint))


def addresses(takedown: Takedown) -> Iterator[str]:
    """List the addresses that are taken down."""
    return (f"/{path.removesuffix('index.html')}" for path in sorted(takedown.paths))


_IN_A_HURRY = "Fix the errors, then run this again. If it must be off now, add --despite-errors."
_BY_HAND = "Add draft: true to it, or delete the file, then run this again."
