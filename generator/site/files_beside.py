"""Files beside documents that are not bundles: find the document each belongs to, and where it is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import basename, commonpath, dirname

from generator.errors import Problem, note
from generator.model import Document
from generator.site.media_files import ENDINGS, find_beside
from generator.site.source_names import STATIC, SourceNames, source_path


def without_owner(files: Mapping[str, str | None]) -> frozenset[str]:
    """Choose the files that are neither in a bundle nor in content/static. `files`: path → owner."""
    return frozenset(path for path, owner in files.items() if owner is None and not path.startswith(STATIC))


def find_owners(documents: Iterable[Document], loose: Collection[str], names: SourceNames) -> dict[str, str]:
    """Find the document that shows or links to each loose file, its owner: file's path → document's path.

    If there are several, it is the oldest, so that a picture's address stays when a newer post shows it too. Documents
    that name the file without its folder come last.
    """
    if not loose:
        return {}
    claims = [
        (path not in _written(document), _age(document), document.path, path)
        for document in documents
        for path in references(document, loose, names)
    ]
    return {path: owner for _, _, owner, path in sorted(claims, reverse=True)}


def references(document: Document, loose: Collection[str], names: SourceNames) -> Iterator[str]:
    """List the loose files that a document shows or links to, also those that it names without their folder.

    What belongs to a film, such as its captions, counts as referred to.
    """
    for path in _written(document):
        if path not in loose and dirname(path) == dirname(document.path):
            path = names.only(basename(path))
        if path in loose:
            yield path
        if path.lower().endswith(ENDINGS):
            yield from find_beside(path, loose)


def _written(document: Document) -> tuple[str, ...]:
    named = (document.meta.image, document.meta.audio)
    return (*document.files, *(source_path(document.path, each) for each in named if each))


def place_beside(path: str, owner: str) -> str:
    """Return where a file is published, relative to its owner's page: in the same folders as in the sources."""
    return path.removeprefix(f"{commonpath([dirname(path), dirname(owner)])}/")


def unused_file(path: str) -> Problem:
    """Make the note about a loose file that no document refers to."""
    name = basename(path).replace(" ", "%20")
    hint = f"Show it with ![what it shows]({name}), link to it, or move it to content/static."
    message = "The file is not published, because no post or page without errors shows or links to it."
    return note(path, "not-published", message, hint)


def _age(document: Document) -> float:
    date = document.meta.date
    return date.timestamp() if date else 0.0
