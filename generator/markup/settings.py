"""A site's settings for markup, and the fingerprint that decides when bodies are converted again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.digest import digest
from generator.markup.embeds import PROVIDERS
from generator.versions import versions

if TYPE_CHECKING:
    from generator.registry import MarkdownAddition

FORMAT = 8
"""The version of stored bodies. Raise it if the same source gives another `Body`."""

ENGINES = ("markdown", "commonmark")
RAW_HTML = ("safe", "trusted")


class MarkupSettings(Struct, frozen=True):
    """`[markup]` of site.toml, and the language, which decides the quotation marks.

    `engine` is one of ENGINES. `emoji` replaces names of emoji. `embeds` are the
    providers whose films become cards (see `embeds`). `raw_html` is "safe", or "trusted", which also allows
    frames; both remove scripts, event handlers and style attributes. `additions` are what extensions add to
    Python-Markdown. `stock` switches the accelerations off: the libraries are used unchanged, and every body gets a
    tree.
    """

    engine: str = "markdown"
    typography: bool = True
    language: str = "en"
    raw_html: str = "safe"
    additions: tuple[MarkdownAddition, ...] = ()
    stock: bool = False
    emoji: bool = False
    embeds: tuple[str, ...] = PROVIDERS

    def fingerprint(self) -> str:
        """Hash everything that a body depends on besides its source: these settings, the libraries' versions, FORMAT.

        The additions are not included, because their loader has the digest of their code. `stock` is not included,
        because the body is the same.
        """
        chosen = (self.engine, self.typography, self.language, self.raw_html, self.emoji, self.embeds)
        return digest(FORMAT, *chosen, *_libraries(self.engine))


@cache
def _libraries(engine: str) -> tuple[object, ...]:
    """Return the versions of the libraries. Reading them takes half as long as converting a post, so it is cached."""
    from lxml import etree

    parser = "pyromark" if engine == "commonmark" else "markdown"
    return versions(parser, "nh3", "lxml", "rich"), etree.LIBXML_VERSION
