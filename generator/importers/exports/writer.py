"""Write one block of HTML as Markdown."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from generator.errors import ConfigError, error


def write_markdown(html: str, *, careful: bool) -> str:
    """Write HTML as Markdown; `careful` escapes every sign that Markdown may read as its own."""
    text: str = _converter(careful).convert(html)
    return re.sub(r"[ \t]+$", lambda match: "  " if len(match[0]) > 1 else "", text, flags=re.MULTILINE).strip("\n")


def check_libraries() -> None:
    """Check that the libraries of the extra `import` are installed. Raises: ConfigError."""
    _converter(False)


def missing_libraries() -> ConfigError:
    """Make the error that says what to install."""
    what = "This import needs libraries that are not installed."
    return ConfigError(error("import", "option", what, "Run: pip install 'openletter[import]'"))


@cache
def _converter(careful: bool) -> Any:
    try:
        from generator.importers.exports.block_writer import BlockWriter
    except ImportError as fault:
        raise missing_libraries() from fault
    return BlockWriter(careful)
