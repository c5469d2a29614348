"""Shortcuts past whole steps of Python-Markdown, for which a source has nothing."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX


class Signs:
    """What a source holds, looked at before anything is taken out of it. Until then all is held for possible."""

    braces = backslashes = html = fences = True

    def read(self, source: str) -> None:
        """Look at a source."""
        self.braces = "{" in source
        self.backslashes = "\\" in source
        self.html = "<" in source or "&" in source
        self.fences = "```" in source or "~~~" in source


class FastWhitespace(NormalizeWhitespace):
    """Python-Markdown's first step: for most sources, two empty lines at the end are all it adds."""

    def __init__(self, converter: Markdown, signs: Signs) -> None:
        super().__init__(converter)
        self._signs = signs

    def run(self, lines: list[str]) -> list[str]:
        """Normalise the lines, and note what they hold."""
        source = "\n".join(lines)
        self._signs.read(source)
        if any(sign in source for sign in (STX, ETX, "\r", "\t", " \n")) or source.endswith(" "):
            return super().run(lines)
        return [*lines, "", ""]


class SourceStep(Preprocessor):
    """A step that works on the source, left out where `sign` says that there is nothing to do."""

    def __init__(self, step: Any, signs: Signs, sign: str) -> None:
        super().__init__(step.md)
        self._step, self._signs, self._sign = step, signs, sign

    def run(self, lines: list[str]) -> list[str]:
        """Process the lines."""
        processed: list[str] = self._step.run(lines) if getattr(self._signs, self._sign) else lines
        return processed


class TreeStep(Treeprocessor):
    """A step that works on the tree, left out where `sign` says that there is nothing to do."""

    def __init__(self, step: Any, signs: Signs, sign: str) -> None:
        super().__init__(step.md)
        self._step, self._signs, self._sign = step, signs, sign

    def run(self, root: Element) -> Element | None:
        """Process a tree."""
        processed: Element | None = self._step.run(root) if getattr(self._signs, self._sign) else None
        return processed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._step, name)  # inline patterns use what the step named "unescape" has
