"""The engines: each converts Markdown of its dialect to HTML, and does nothing else."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from generator.markup.settings import MarkupSettings


class MarkupEngine(Protocol):
    """A Markdown dialect.

    `to_html` may return any HTML: it is sanitised and processed afterwards.
    """

    name: str

    def to_html(self, text: str) -> str:
        """Convert Markdown to HTML. Raises: Refusal for input that would take too long or nest too deep."""
        ...


@lru_cache(maxsize=8)
def make_engine(settings: MarkupSettings) -> MarkupEngine:
    """Make the engine that the settings name, once in each process: making one costs more than using it."""
    if settings.engine == "commonmark":
        from generator.markup.commonmark import CommonMark

        return CommonMark()
    from generator.markup.python_markdown import PythonMarkdown

    return PythonMarkdown(settings.additions, stock=settings.stock)


def engine_html(text: str, settings: MarkupSettings) -> str:
    """Convert Markdown as people type it, in either dialect, to an engine's HTML. Raises: Refusal."""
    from generator.markup.bare_addresses import bring_back, put_away  # a build with nothing to do needs no sanitiser

    text, kept = put_away(text)
    return bring_back(make_engine(settings).to_html(text), kept)


def is_installed(engine: str) -> bool:
    """Return True if an engine's library is installed; `openletter[commonmark]` installs the second one."""
    return engine != "commonmark" or find_spec("pyromark") is not None
