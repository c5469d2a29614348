"""Decide every source's address before anything is written, and report all collisions together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.addresses import (
    as_address,
    document_address,
    language_folder,
    output_path,
    plain_address,
    root_relative,
)
from generator.site.editions import edition_of
from generator.site.files_beside import find_owners, place_beside, without_owner
from generator.site.in_order import leave_out, put_in_order
from generator.site.path_registry import PathRegistry
from generator.site.source_names import STATIC, SourceNames


class Routes(Struct, frozen=True):
    """The decided addresses.

    `documents`: source path → address. `files`: source path → output path. `aliases`: address → source path that
    it leads to. `urls`: source path → root-relative URL, for documents and files.
    """

    documents: Mapping[str, str]
    files: Mapping[str, str]
    aliases: Mapping[str, str]
    urls: Mapping[str, str]


def decide(
    documents: Iterable[Document],
    files: Mapping[str, str | None],
    suffixes: Mapping[str, str],
    config: Config,
    listings: Iterable[str],
    findings: ProblemCollector,
) -> tuple[Routes, PathRegistry]:
    """Decide the address of every document and file; if two want one address, the first by path keeps it.

    `files` maps a file's source path to the document whose bundle it is in, None for `content/static`. A file in
    neither belongs to the oldest document that shows it. `suffixes` are what published names get at the end, for files
    that are converted. `listings` are the addresses of generated listings: a page
    there becomes the listing's introduction, any other document is refused.
    """
    paths = PathRegistry(frozenset(listings))
    kept = _place_documents(documents, config, paths, findings)
    placed = {document.path: address for document, address in kept}
    loose = without_owner(files)
    owners = find_owners((document for document, _ in kept), loose, SourceNames(files, ()))
    shown = {path: owners.get(path) for path in loose}
    outputs = _place_files({**files, **shown}, suffixes, placed, paths, findings)
    aliases = _place_aliases(kept, paths, findings)
    aliases |= _place_former(kept, config, paths)
    urls = {path: root_relative(config, address) for path, address in placed.items()}
    urls |= {path: root_relative(config, output) for path, output in outputs.items()}
    return Routes(placed, outputs, aliases, urls), paths


def update_routes(
    routes: Routes,
    registry: PathRegistry,
    gone: Collection[str],
    new: Collection[Document],
    config: Config,
) -> Routes | None:
    """Return routes without some documents and with new ones, in `registry` too; None if a path is not free.

    No other document or file may depend on either, and the site has one language.
    """
    kept = leave_out(routes.documents, gone)
    placed: dict[str, str] = {}
    aliases = {alias: path for alias, path in routes.aliases.items() if path not in gone}
    urls = dict(routes.urls)
    for path in gone:
        urls.pop(path)
        registry.release(output_path(routes.documents[path]))
    for alias in routes.aliases.keys() - aliases.keys():
        registry.release(output_path(alias))
    for document in new:
        address = placed[document.path] = document_address(document, config.permalinks)
        urls[document.path] = root_relative(config, address)
        former = [alias for alias in dict.fromkeys(map(as_address, document.meta.aliases)) if alias != address]
        aliases |= dict.fromkeys(former, document.path)
        for path in map(output_path, (address, *former)):
            if registry.owner(path) or registry.generated(path):
                return None
            registry.take(path, document.path)
    documents = put_in_order(kept, placed)
    aliases = dict(sorted(aliases.items(), key=lambda each: each[1]))  # by document, and in its order
    in_order = (*documents, *routes.files)
    return Routes(documents, routes.files, aliases, dict(zip(in_order, map(urls.__getitem__, in_order), strict=True)))


def _place_documents(
    documents: Iterable[Document], config: Config, paths: PathRegistry, findings: ProblemCollector
) -> list[tuple[Document, str]]:
    kept = []
    ids: dict[str, str] = {}
    for document in sorted(documents, key=lambda d: d.path):
        first = ids.setdefault(document.meta.id, document.path)
        if first != document.path:
            message = f"{first} already has this id."
            hint = "Remove the id line. A copied post needs its own id."
            findings.error(document.path, document.meta.id, "id-taken", message, hint, field="id")
            continue
        address = document_address(document, config.permalinks)
        path = output_path(address)
        if language := _foreign_folder(document, address, config):
            message = (
                f"Its address {address} is among the pages of the language {language}, in which it is not written."
            )
            findings.error(
                document.path, "", "language-folder", message, f"Add the line: lang: {language}", field="lang"
            )
            continue
        introduces = document.meta.kind == "page" and address in paths.listings
        owner = paths.owner(path) or (None if introduces else paths.generated(path))
        if owner is not None:
            _collision(findings, document.path, address, owner)
            continue
        paths.take(path, document.path)
        kept.append((document, address))
    return kept


def _foreign_folder(document: Document, address: str, config: Config) -> str:
    """Return the language in whose folder a document would be that is not written in it; "" for none."""
    language = edition_of(address, config.languages)
    return language if language and language_folder(document, config.permalinks) != f"/{language}" else ""


def _place_former(kept: Iterable[tuple[Document, str]], config: Config, paths: PathRegistry) -> dict[str, str]:
    """Let the addresses that documents had before their language got pages of its own lead to them, where free."""
    former: dict[str, str] = {}
    for document, own in kept if config.languages else ():
        before = plain_address(document, config.permalinks)
        path = output_path(before)
        if before != own and (paths.owner(path) or paths.generated(path)) is None:
            paths.take(path, document.path)
            former[before] = document.path
    return former


def _collision(findings: ProblemCollector, path: str, address: str, owner: str) -> None:
    hint = "Give one of them another slug or permalink."
    words = address.strip("/").rsplit("/", 1)[-1] or "permalink"
    findings.error(
        path, words, "address-taken", f"Its address {address} is already taken by {owner}.", hint, field="slug"
    )


def _place_files(
    files: Mapping[str, str | None],
    suffixes: Mapping[str, str],
    placed: Mapping[str, str],
    paths: PathRegistry,
    findings: ProblemCollector,
) -> dict[str, str]:
    outputs = {}
    for path, owner in sorted(files.items()):
        if owner is not None and owner in placed:
            folder = output_path(placed[owner]).rpartition("/")[0]
            output = f"{folder}/{place_beside(path, owner)}".lstrip("/")
        elif path.startswith(STATIC):
            output = path.removeprefix(STATIC)
        else:
            continue  # its document is not published, so neither are the files beside it
        output += suffixes.get(path, "")
        taken = paths.owner(output) or paths.generated(output, replaces=owner is None)
        if taken is not None:
            hint = "Rename one of the two files."
            findings.error(path, "", "address-taken", f"Its address /{output} is already taken by {taken}.", hint)
            continue
        paths.take(output, path)
        outputs[path] = output
    return outputs


def _place_aliases(
    kept: Iterable[tuple[Document, str]], paths: PathRegistry, findings: ProblemCollector
) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for document, own in kept:
        for alias in dict.fromkeys(map(as_address, document.meta.aliases)):
            path = output_path(alias)
            taken = document.path if alias == own else paths.owner(path) or paths.generated(path)
            if taken is None:
                paths.take(path, document.path)
                aliases[alias] = document.path
            elif alias != own:
                what = f"The alias {alias} is already the address of {taken}, so it is ignored."
                findings.warn(
                    document.path,
                    alias.strip("/") or "aliases",
                    "alias-taken",
                    what,
                    "Remove the alias.",
                    field="aliases",
                )
    return aliases
