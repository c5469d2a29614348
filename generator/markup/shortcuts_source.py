"""Skip whole steps of Python-Markdown if a source has nothing for them."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

_BLANK = re.compile(r"\n +\n")


class Signs:
    """The signs in a source, read before any step changes it. Until then, each one counts as present."""

    braces = backslashes = html = fences = True

    def read(self, source: str) -> None:
        """Read the signs of a source."""
        self.braces = "{" in source
        self.backslashes = "\\" in source
        self.html = "<" in source or "&" in source
        self.fences = "```" in source or "~~~" in source


class FastWhitespace(NormalizeWhitespace):
    """Python-Markdown's first step: for most sources, it only adds two empty lines at the end."""

    def __init__(self, converter: Markdown, signs: Signs) -> None:
        super().__init__(converter)
        self._signs = signs

    def run(self, lines: list[str]) -> list[str]:
        """Normalise the lines, and record their signs."""
        source = "\n".join(lines)
        self._signs.read(source)
        if any(sign in source for sign in (STX, ETX, "\r", "\t")) or _BLANK.search(source) or source.endswith(" "):
            return super().run(lines)
        return [*lines, "", ""]


class SourceStep(Preprocessor):
    """A step that works on the source; skipped if the source has no such `sign`."""

    def __init__(self, step: Any, signs: Signs, sign: str) -> None:
        super().__init__(step.md)
        self._step, self._signs, self._sign = step, signs, sign

    def run(self, lines: list[str]) -> list[str]:
        """Process the lines."""
        processed: list[str] = self._step.run(lines) if getattr(self._signs, self._sign) else lines
        return processed


class TreeStep(Treeprocessor):
    """A step that works on the tree; skipped if the source has no such `sign`."""

    def __init__(self, step: Any, signs: Signs, sign: str) -> None:
        super().__init__(step.md)
        self._step, self._signs, self._sign = step, signs, sign

    def run(self, root: Element) -> Element | None:
        """Process a tree."""
        processed: Element | None = self._step.run(root) if getattr(self._signs, self._sign) else None
        return processed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._step, name)  # inline patterns use attributes of the step named "unescape"
