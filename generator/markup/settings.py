"""A site's settings for markup, and the fingerprint that decides when bodies are converted again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.digest import digest
from generator.versions import versions

if TYPE_CHECKING:
    from generator.registry import MarkdownAddition

FORMAT = 6
"""The form of stored bodies: raised whenever the same source would give another `Body`."""

ENGINES = ("markdown", "commonmark")
RAW_HTML = ("safe", "trusted")


class MarkupSettings(Struct, frozen=True):
    """`[markup]` of site.toml, with the language whose quotation marks are wanted.

    `engine` is one of ENGINES. `emoji` asks for emoji in the place of their names. `raw_html` is "safe", or "trusted",
    which also lets frames through; no script, event handler or style attribute passes either. `additions` are what
    extensions add to Python-Markdown. `stock` takes the plain, slow way to every body: the libraries as they are, and
    a tree for each.
    """

    engine: str = "markdown"
    typography: bool = True
    language: str = "en"
    raw_html: str = "safe"
    additions: tuple[MarkdownAddition, ...] = ()
    stock: bool = False
    emoji: bool = False

    def fingerprint(self) -> str:
        """Hash all a body depends on beside its source: these settings, the libraries' versions, FORMAT.

        Not the additions: whoever loads them knows the digest of their code. Nor `stock`: the body is the same.
        """
        chosen = (self.engine, self.typography, self.language, self.raw_html, self.emoji)
        return digest(FORMAT, *chosen, *_libraries(self.engine))


@cache
def _libraries(engine: str) -> tuple[object, ...]:
    """Name the versions of what makes a body. Reading them costs half as much as converting a post: once a process."""
    from lxml import etree

    parser = "pyromark" if engine == "commonmark" else "markdown"
    return versions(parser, "nh3", "lxml", "rich"), etree.LIBXML_VERSION
