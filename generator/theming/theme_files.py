"""Read the files of a theme's folder, without links that lead out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from generator.errors import Problem, ProblemCollector, error, warning
from generator.leftovers import is_leftover
from generator.theming.layers import Template, ThemeLayer

MAX_TEMPLATE_BYTES = 1_000_000


def list_theme_files(layer: ThemeLayer, below: str, problems: ProblemCollector) -> Iterator[tuple[str, Path]]:
    """List the files below a folder of a layer as (path relative to it, file), sorted.

    Hidden files and leftovers of programs are skipped; a link that leaves the theme's folder, or leads to a
    folder, is a warning.
    """
    top = layer.folder / below
    inside = layer.folder.resolve()
    if top.is_symlink() and not top.resolve().is_relative_to(inside):
        problems.add(_link_problem(f"{layer.label}{below}"))
        return
    for folder, subfolders, files in os.walk(top):
        subfolders[:] = sorted(name for name in subfolders if not is_leftover(name))
        here = Path(folder)
        for name in [*(name for name in subfolders if (here / name).is_symlink()), *sorted(files)]:
            file = here / name
            path = file.relative_to(top).as_posix()
            if is_leftover(name):
                continue
            if file.is_symlink() and not (file.is_file() and file.resolve().is_relative_to(inside)):
                problems.add(_link_problem(f"{layer.label}{below}/{path}"))
            elif file.is_file():
                yield path, file


def _link_problem(path: str) -> Problem:
    message = "This symbolic link leads out of the theme's folder, or to a folder. Openletter does not follow it."
    return warning(path, "theme-link", message, "Put a copy of the file in its place.")


def read_templates(layer: ThemeLayer, problems: ProblemCollector) -> dict[str, Template]:
    """Read all templates of a layer: name → template. One that is not UTF-8 text has a problem instead."""
    return {name: _read(layer, name, file) for name, file in list_theme_files(layer, "templates", problems)}


def _read(layer: ThemeLayer, name: str, file: Path) -> Template:
    path = f"{layer.label}templates/{name}"
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_TEMPLATE_BYTES + 1)
        if len(data) > MAX_TEMPLATE_BYTES:
            return _unreadable(name, path, "The template is larger than 1 MB.")
        return Template(name, path, data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        return _unreadable(name, path, "The template is not UTF-8 text.")
    except OSError as failure:
        return _unreadable(name, path, f"The template cannot be read: {failure.strerror}.")


def _unreadable(name: str, path: str, message: str) -> Template:
    return Template(name, path, "", error(path, "template-unreadable", message, "Save it with the encoding UTF-8."))
