"""The generator's own fingerprint: stored work is reused only by the code that would do it alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import generator
from generator.digest import digest, digest_bytes
from generator.versions import installed_version, versions

_LIBRARIES = ("markdown", "python-frontmatter", "pyyaml", "nh3", "lxml", "pillow", "jinja2", "babel")


@cache
def generator_fingerprint() -> str:
    """Hash the generator's source code and the versions of the libraries that shape its output."""
    code = []
    for path, file in sorted(_modules(str(Path(generator.__file__).parent), "")):
        with open(file, "rb", buffering=0) as source:  # noqa: PTH123 (a `Path` doubles the time)
            code.append((path, digest_bytes(source.read())))
    return digest(code, versions(*_LIBRARIES), installed_version("pikepdf"))


def _modules(folder: str, below: str) -> Iterator[tuple[str, str]]:
    """List the modules of a package and what lies in it: a name with slashes, and the file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield below + entry.name, entry.path
            elif entry.is_dir() and entry.name not in ("__pycache__", "themes"):
                yield from _modules(entry.path, f"{below}{entry.name}/")
