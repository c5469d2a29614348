"""The generator's own fingerprint: only the same code may reuse stored results."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import time_ns

import generator
from generator.digest import SIZE_BYTES, digest, digest_files
from generator.stamps import Stamp, believable_stamp, stamp_of
from generator.store.atomic import replace_file
from generator.versions import installed_distributions

FILE = "program"
_DIGITS = 2 * SIZE_BYTES
_Module = tuple[str, str, Stamp]


@cache
def generator_fingerprint(state: Path) -> str:
    """Hash all that the generator's output may depend on beside the site: its code, and what that code runs on.

    It covers the interpreter, its Unicode tables and all installed distributions. A list of relevant ones would miss
    some, and extensions use others. So an upgrade of an unrelated distribution costs a full build, but results of an
    older library never remain in the output.

    The folder `state` keeps the digest of the code, with the stamps of all its files.
    """
    interpreter = [sys.implementation.name, sys.hexversion, unicodedata.unidata_version]
    return digest(_digest_code(state / FILE), interpreter, installed_distributions())


def _digest_code(kept: Path) -> str:
    """Hash our code; the digest in the file `kept` is used again if every file still has the same stamp."""
    modules = sorted(_modules(str(Path(generator.__file__).parent), ""))
    stamps = digest(modules)
    with suppress(OSError):
        known = kept.read_bytes()
        if len(known) == 2 * _DIGITS and known.startswith(stamps.encode()):
            return known[_DIGITS:].decode("latin-1")
    code = digest_files((name, file) for name, file, _ in modules)
    if _are_believable(modules):
        with suppress(OSError):  # without it, the next build hashes the code again
            kept.parent.mkdir(parents=True, exist_ok=True)
            replace_file(kept, f"{stamps}{code}".encode())
    return code


def _are_believable(modules: Sequence[_Module]) -> bool:
    """Return True if no file is so new that it may have changed again without getting another stamp."""
    now = time_ns()
    return all(believable_stamp(stamp, now) == stamp for _, _, stamp in modules)


def _modules(folder: str, below: str) -> Iterator[_Module]:
    """List the modules, catalogues and fonts below a package: a name with slashes, the file and its stamp."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".po", ".mo", ".ttf")):
                yield below + entry.name, entry.path, stamp_of(entry.stat())
            elif entry.name not in ("__pycache__", "themes") and entry.is_dir():
                yield from _modules(entry.path, f"{below}{entry.name}/")
