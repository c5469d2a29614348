"""The versions of installed libraries, without importing them or what would read all that is known of them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def versions(*libraries: str) -> list[str]:
    """Give the version of each library, in their order: what tells that one was exchanged for another.

    A wheel says it in the name of a folder beside it, which is read in 0.2 ms; `importlib.metadata` takes 13 to import
    alone, and is asked only about what was installed otherwise. Where a folder was left behind by an older version,
    both are named.
    Raises: PackageNotFoundError.
    """
    known = _installed()
    return ["+".join(sorted(known.get(_folded(name), ()))) or _asked(name) for name in libraries]


def installed_distributions() -> list[str]:
    """List all distributions that Python can import from, each with its version: `name-1.2.dist-info`, sorted.

    A checkout, which has no version in the name of its folder, is listed with the one in its metadata.
    """
    found = set()
    for folder in sys.path:
        for entry in _entries(folder):
            if entry.endswith(".dist-info"):
                found.add(entry)
            elif entry.endswith(".egg-info"):
                found.add(f"{entry} {_version_in(os.path.join(folder, entry))}")  # noqa: PTH118 (as above)
    return sorted(found)


def _entries(folder: str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder or ".")  # noqa: PTH208 (a `Path` takes ten times as long)
    return []


def _version_in(egg_info: str) -> str:
    """Read the line of the version in the metadata of what is no wheel: a file, or one in a folder."""
    for file in (egg_info, os.path.join(egg_info, "PKG-INFO")):  # noqa: PTH118 (as above)
        with suppress(OSError), open(file, encoding="utf-8", errors="replace") as metadata:  # noqa: PTH123 (as above)
            return next((line.strip() for line in metadata if line.startswith("Version:")), "")
    return ""


def _installed() -> dict[str, set[str]]:
    """Read versions off `name-1.2.dist-info` wherever modules are looked for; none where there is another form too."""
    found: dict[str, set[str]] = {}
    otherwise: set[str] = set()
    for folder in sys.path:
        for entry in _entries(folder):
            stem, _, form = entry.rpartition(".")
            if form == "dist-info":
                name, _, version = stem.rpartition("-")
                found.setdefault(_folded(name), set()).add(version)
            elif form == "egg-info":
                otherwise.add(_folded(stem.partition("-")[0]))
    return {name: numbers for name, numbers in found.items() if name not in otherwise}


def _folded(name: str) -> str:
    """Write a name as every spelling of it is compared. Source: PyPA, names and normalization."""
    return name.lower().replace("-", "_").replace(".", "_")


def _asked(name: str) -> str:
    from importlib.metadata import version

    return version(name)
