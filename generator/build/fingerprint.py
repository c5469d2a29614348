"""The generator's own fingerprint: stored work is reused only by the code that would do it alike."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

import generator
from generator.digest import digest, digest_bytes

_LIBRARIES = ("markdown", "python-frontmatter", "pyyaml", "nh3", "lxml", "pillow", "jinja2", "babel")


@cache
def generator_fingerprint() -> str:
    """Hash the generator's source code and the versions of the libraries that shape its output."""
    package = Path(generator.__file__).parent
    sources = sorted(file for file in package.rglob("*.py") if "themes" not in file.parts)
    code = [(file.relative_to(package).as_posix(), digest_bytes(file.read_bytes())) for file in sources]
    return digest(code, [version(name) for name in _LIBRARIES])
