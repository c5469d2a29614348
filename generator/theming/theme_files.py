"""Read the files of a theme's folder, without links that lead out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

from generator.errors import Problem, ProblemCollector, error, warning
from generator.leftovers import is_leftover
from generator.theming.layers import Template, ThemeLayer

MAX_TEMPLATE_BYTES = 1_000_000


def list_theme_files(layer: ThemeLayer, below: str, problems: ProblemCollector) -> Iterator[tuple[str, str]]:
    """List the files below a folder of a layer as (path relative to it, file), sorted within each folder.

    Hidden files and leftovers of programs are skipped; a link that leaves the theme's folder, or leads to a
    folder, is a warning.
    """
    top, inside = layer.folder / below, layer.folder.resolve()
    if top.is_symlink() and not top.resolve().is_relative_to(inside):
        problems.add(_link_problem(f"{layer.label}{below}"))
        return
    waiting = [(str(top), "")]
    while waiting:
        folder, before = waiting.pop(0)
        for entry in _entries(folder):
            path = f"{before}{entry.name}"
            if entry.is_symlink() and not _leads_to_file(Path(entry.path), inside):
                problems.add(_link_problem(f"{layer.label}{below}/{path}"))
            elif entry.is_file():
                yield path, entry.path
            elif entry.is_dir():
                waiting.append((entry.path, f"{path}/"))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """List a folder, sorted by name; a folder that cannot be read is empty."""
    with suppress(OSError), os.scandir(folder) as found:
        return sorted((each for each in found if not is_leftover(each.name)), key=attrgetter("name"))
    return []


def _leads_to_file(link: Path, inside: Path) -> bool:
    return link.is_file() and link.resolve().is_relative_to(inside)


def _link_problem(path: str) -> Problem:
    message = "This symbolic link leads out of the theme's folder, or to a folder. Openletter does not follow it."
    return warning(path, "theme-link", message, "Put a copy of the file in its place.")


def read_templates(layer: ThemeLayer, problems: ProblemCollector) -> dict[str, Template]:
    """Read all templates of a layer: name → template. One that is not UTF-8 text has a problem instead."""
    return {name: _read(layer, name, file) for name, file in list_theme_files(layer, "templates", problems)}


def _read(layer: ThemeLayer, name: str, file: str) -> Template:
    path = f"{layer.label}templates/{name}"
    try:
        with open(file, "rb", buffering=0) as stream:  # noqa: PTH123 (a `Path` for each of a hundred doubles the time)
            if os.fstat(stream.fileno()).st_size > MAX_TEMPLATE_BYTES:
                return _unreadable(name, path, "The template is larger than 1 MB.")
            data = stream.read()
        return Template(name, path, data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        return _unreadable(name, path, "The template is not UTF-8 text.")
    except OSError as failure:
        return _unreadable(name, path, f"The template cannot be read: {failure.strerror}.")


def _unreadable(name: str, path: str, message: str) -> Template:
    return Template(name, path, "", error(path, "template-unreadable", message, "Save it with the encoding UTF-8."))
