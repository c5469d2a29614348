"""The generator's own fingerprint: stored work is reused only by the code that would do it alike."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import generator
from generator.digest import digest, digest_bytes
from generator.versions import installed_distributions


@cache
def generator_fingerprint() -> str:
    """Hash all that the generator's output may depend on beside the site: its code, and what that code runs on.

    That is the interpreter, its Unicode tables and all installed distributions, not a list of those that matter: one
    would be forgotten, and extensions use others. An upgrade of an unrelated distribution costs a full build; keeping
    the work of an older library would leave its bytes in the output.
    """
    code = []
    for path, file in sorted(_modules(str(Path(generator.__file__).parent), "")):
        with open(file, "rb", buffering=0) as source:  # noqa: PTH123 (a `Path` doubles the time)
            code.append((path, digest_bytes(source.read())))
    interpreter = [sys.implementation.name, sys.hexversion, unicodedata.unidata_version]
    return digest(code, interpreter, installed_distributions())


def _modules(folder: str, below: str) -> Iterator[tuple[str, str]]:
    """List the modules and catalogues of a package and what lies in it: a name with slashes, and the file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".po", ".mo")):
                yield below + entry.name, entry.path
            elif entry.is_dir() and entry.name not in ("__pycache__", "themes"):
                yield from _modules(entry.path, f"{below}{entry.name}/")
