"""Read the assignments in a Python settings file, without running it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.content.read import decode_source, read_source
from generator.errors import ContentError

_MAX_IMPORTS = 8


@dataclass(slots=True)
class PythonSettings:
    """The literals that a file assigns to names, and the names whose values only running it could reveal.

    `opaque` lists what may have set any name: a missing module, a file that is not Python.
    """

    values: dict[str, Any] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    opaque: list[str] = field(default_factory=list)

    def known(self, name: str, usual: Any) -> Any:
        """Return a value; `usual` if it is not set or unknown."""
        return usual if name in self.unknown else self.values.get(name, usual)


def read_python_settings(root: Path, name: str, text: str) -> PythonSettings:
    """Read a file and the files next to it that it imports with `*`."""
    found = PythonSettings()
    _read_into(found, root, name, text, {name})
    return found


def _read_into(found: PythonSettings, root: Path, name: str, text: str, seen: set[str]) -> None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found.opaque.append(f"{name} is not valid Python")
        return
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            _follow(found, root, node, seen)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and _assign(found, node):
            continue
        else:
            found.unknown |= _changed_names(node)


def _follow(found: PythonSettings, root: Path, node: ast.ImportFrom, seen: set[str]) -> None:
    name = f"{node.module}.py"
    if name in seen:
        return
    seen.add(name)
    file = root / name
    if "." in (node.module or ".") or len(seen) > _MAX_IMPORTS or not file.is_file() or file.is_symlink():
        found.opaque.append(f"from {'.' * node.level}{node.module or ''} import * refers to a file that does not exist")
        return
    try:
        _read_into(found, root, name, decode_source(name, read_source(file, name)), seen)
    except ContentError as refusal:
        found.opaque.append(f"{name}: {refusal.problems[0].message}")


def _assign(found: PythonSettings, node: ast.Assign | ast.AnnAssign) -> bool:
    """Add a plain assignment; return False if a target is not a name."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if len(names) != len(targets) or node.value is None:
        return False
    try:
        value = ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        found.unknown |= {*names, *_changed_names(node.value)}
        return True
    for name in names:
        found.values[name] = value
        found.unknown.discard(name)
    return True


def _changed_names(node: ast.AST) -> set[str]:
    """Collect the names that code assigns, or may change through a method, an item or a call."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            found.add(inner.id)
        elif isinstance(inner, (ast.Attribute, ast.Subscript)) and isinstance(inner.value, ast.Name):
            found.add(inner.value.id)
        elif isinstance(inner, ast.Call):
            found |= {arg.id for arg in inner.args if isinstance(arg, ast.Name)}
    return found


def plain_texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that are texts."""
    return {name: value for name, value in values.items() if isinstance(value, str)}
