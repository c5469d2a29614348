"""Who lives where: every source's address, decided before anything is written, with all collisions at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.config import Config
from generator.model import Document
from generator.site.addresses import as_address, document_address, file_key, output_path, root_relative
from generator.site.findings import Findings


@dataclass(frozen=True, slots=True)
class Routes:
    """The decided addresses.

    `documents`: source path → address. `files`: source path → output path. `aliases`: address → source path that
    it leads to. `urls`: source path → root-relative URL, for documents and files.
    """

    documents: Mapping[str, str]
    files: Mapping[str, str]
    aliases: Mapping[str, str]
    urls: Mapping[str, str]


class _Claims:
    """Output paths given away so far, as a file system that ignores case would see them."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def owner(self, path: str) -> str | None:
        """Name the source whose output stands in the way of `path`, as a file or as a folder."""
        key = file_key(path)
        above = (self._owners[folder] for folder in _folders(key) if folder in self._owners)
        return self._owners.get(key) or self._folders.get(key) or next(above, None)

    def take(self, path: str, source: str) -> None:
        key = file_key(path)
        self._owners[key] = source
        for folder in _folders(key):
            self._folders.setdefault(folder, source)


def _folders(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path


def decide(
    documents: Iterable[Document],
    files: Mapping[str, str | None],
    config: Config,
    listings: Iterable[str],
    findings: Findings,
) -> Routes:
    """Give every document and file its address; the first in path order keeps a contested one.

    `files` maps a file's source path to the document it lies beside, None for `content/static`. `listings` are the
    addresses of generated listings: a page there becomes the listing's introduction, any other document is refused.
    """
    claims = _Claims()
    kept = _place_documents(documents, config, claims, frozenset(listings), findings)
    placed = {document.path: address for document, address in kept}
    outputs = _place_files(files, placed, claims, findings)
    aliases = _place_aliases(kept, claims, findings)
    urls = {path: root_relative(config, address) for path, address in placed.items()}
    urls |= {path: root_relative(config, output) for path, output in outputs.items()}
    return Routes(placed, outputs, aliases, urls)


def _place_documents(
    documents: Iterable[Document], config: Config, claims: _Claims, listings: frozenset[str], findings: Findings
) -> list[tuple[Document, str]]:
    kept = []
    ids: dict[str, str] = {}
    for document in sorted(documents, key=lambda d: d.path):
        first = ids.setdefault(document.meta.id, document.path)
        if first != document.path:
            message = f"Its id is that of {first}."
            hint = "Remove the id line: a copied post needs an id of its own."
            findings.error(document.path, document.meta.id, "id-taken", message, hint)
            continue
        address = document_address(document, config.permalinks)
        path = output_path(address)
        owner = claims.owner(path)
        if owner is None and address in listings and document.meta.kind != "page":
            owner = "a listing of the site"
        if owner is not None:
            _collision(findings, document.path, address, owner)
            continue
        claims.take(path, document.path)
        kept.append((document, address))
    return kept


def _collision(findings: Findings, path: str, address: str, owner: str) -> None:
    hint = "Give one of them another slug or permalink."
    words = address.strip("/").rsplit("/", 1)[-1]
    findings.error(path, words, "address-taken", f"Its address {address} belongs to {owner} already.", hint)


def _place_files(
    files: Mapping[str, str | None], placed: Mapping[str, str], claims: _Claims, findings: Findings
) -> dict[str, str]:
    outputs = {}
    for path, owner in sorted(files.items()):
        if owner is None:
            output = path.removeprefix("content/static/")
        elif owner in placed:
            folder = output_path(placed[owner]).rpartition("/")[0]
            output = f"{folder}/{path.removeprefix(owner.rpartition('/')[0] + '/')}".lstrip("/")
        else:
            continue  # its document is not published: neither are the files beside it
        taken = claims.owner(output)
        if taken is not None:
            _collision(findings, path, f"/{output}", taken)
            continue
        claims.take(output, path)
        outputs[path] = output
    return outputs


def _place_aliases(kept: Iterable[tuple[Document, str]], claims: _Claims, findings: Findings) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for document, own in kept:
        for alias in dict.fromkeys(map(as_address, document.meta.aliases)):
            taken = document.path if alias == own else claims.owner(output_path(alias))
            if taken is None:
                claims.take(output_path(alias), document.path)
                aliases[alias] = document.path
            elif alias != own:
                what = f"The alias {alias} is the address of {taken}, which keeps it."
                findings.warn(document.path, alias.strip("/"), "alias-taken", what, "Remove the alias.")
    return aliases
