"""The generator's own fingerprint: only the same code may reuse stored results."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import generator
from generator.digest import digest, digest_files
from generator.versions import installed_distributions


@cache
def generator_fingerprint() -> str:
    """Hash all that the generator's output may depend on beside the site: its code, and what that code runs on.

    It covers the interpreter, its Unicode tables and all installed distributions. A list of relevant ones would miss
    some, and extensions use others. So an upgrade of an unrelated distribution costs a full build, but results of an
    older library never remain in the output.
    """
    files = sorted(_modules(str(Path(generator.__file__).parent), ""))
    interpreter = [sys.implementation.name, sys.hexversion, unicodedata.unidata_version]
    return digest(digest_files(files), interpreter, installed_distributions())


def _modules(folder: str, below: str) -> Iterator[tuple[str, str]]:
    """List the modules, catalogues and fonts below a package: a name with slashes, and the file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".po", ".mo", ".ttf")):
                yield below + entry.name, entry.path
            elif entry.is_dir() and entry.name not in ("__pycache__", "themes"):
                yield from _modules(entry.path, f"{below}{entry.name}/")
