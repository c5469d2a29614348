"""Kinds of output that extensions add: their functions see the index and the tracked site, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.errors import OpenletterError, Problem, TemplateError, error
from generator.model import Target
from generator.registry import Additions, KindAddition
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.addresses import file_key

PREFIX = "x-"
_WELL_KNOWN = ".well-known"
_REFUSED = frozenset('\\:*?"<>|')
_HINT = "Give it another path, below the output folder, such as humans.txt or events/2026.ics."


def added_kinds(additions: Additions) -> Iterator[OutputKind]:
    """List the kinds that extensions add; the names of their targets begin with `x-`."""
    return (_added_kind(name, addition, additions.origins[name]) for name, addition in additions.kinds.items())


def _added_kind(own: str, addition: KindAddition, origin: str) -> OutputKind:

    def render(target: Target, site: Site) -> bytes | Path:
        content: object = addition.render(site, *target.args)
        if isinstance(content, str):
            return content.encode("utf-8", "replace")
        if isinstance(content, bytes):
            return bytes(content)
        message = f"the kind {own} returned a {type(content).__name__} for {target.path}, not text or bytes."
        raise TemplateError(error(origin, "extension-failed", message, "Return text or bytes."))

    def plan(context: RenderContext) -> Iterator[Target]:
        return _targets(own, addition, origin, context)

    words = f"a file of the kind {own}, which an extension adds"
    return OutputKind({PREFIX + own: words}, "PATH", Phase.NOTICES, plan, render)


def plan_added(context: RenderContext, planned: Iterable[Target]) -> tuple[list[Target], list[Problem]]:
    """Plan the files that extensions add; a path that is planned already is a problem.

    A file of the site wins over an added file, as over one of ours; with any other owner, the problem is the
    extension's.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    if not context.additions.kinds:
        return targets, problems
    taken = {file_key(target.path): target.kind for target in planned}
    folders = {folder for path in taken for folder in _folders(path)}
    for name in context.additions.kinds:
        origin = context.additions.origins[name]
        try:
            for target in context.kinds[PREFIX + name].plan(context):
                key = file_key(target.path)
                message = _refusal(target.path) or _collision(key, taken, folders, context)
                if taken.get(key) == "file":
                    continue
                if message:
                    problems.append(_problem(origin, name, target.path, message))
                    continue
                taken[key] = target.kind
                folders.update(_folders(key))
                targets.append(target)
        except OpenletterError as failure:
            problems += failure.problems
    return targets, problems


def _targets(name: str, addition: KindAddition, origin: str, context: RenderContext) -> Iterator[Target]:
    for item in addition.plan(context.queries.index):
        path, *args = (item,) if isinstance(item, str) else item
        if not all(isinstance(each, str) for each in (path, *args)):
            message = f"the kind {name} planned {item!r}, but paths and arguments must be strings."
            raise TemplateError(error(origin, "extension-failed", message, _HINT))
        yield Target(unicodedata.normalize("NFC", path), PREFIX + name, tuple(args))


def _problem(origin: str, name: str, path: str, message: str) -> Problem:
    return error(origin, "extension-path", f'the kind {name} cannot make "{path}": {message}', _HINT)


def _refusal(path: str) -> str:
    """Explain why a path cannot be used for an output file on every system; "" if it can."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part != part.strip() or part.endswith(".") for part in parts):
        return "it is not a path below the output folder."
    if any(part.startswith(".") and part != _WELL_KNOWN for part in parts):
        return "hidden files are not published."
    if any(char in _REFUSED or not char.isprintable() for char in path) or len(path.encode("utf-8", "replace")) > 500:
        return "it is too long, or has a character that not every system allows in file names."
    return ""


def _collision(key: str, taken: Mapping[str, str], folders: set[str], context: RenderContext) -> str:
    if key in taken:
        kind = taken[key]
        return f"it is {context.kinds[kind].names[kind]} already."
    if key in folders:
        return "there is a folder of that name."
    return "one of its folders has the name of a file." if any(folder in taken for folder in _folders(key)) else ""


def _folders(path: str) -> Iterator[str]:
    """List the folders a path leads through: `a/b/c` → `a`, `a/b`."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
