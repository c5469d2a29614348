"""What a generator reads of its project, and what it publishes of that.

Each dialect has rules of its own. What lies outside of them is no source: it is neither imported nor refused. What a
generator reads and does not publish is imported as a draft. A setting that cannot be evaluated hides all that it might
hide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from generator.importers.markdown.source_text import SourceText
from generator.model import Kind
from generator.text.tree import Text, Value

Entries: TypeAlias = Mapping[str, tuple[Text, Value]]
"""Front matter that a source inherits."""


class SourceRules:
    """The rules of no generator: all is read, and published unless `doubts` say why it may not have been.

    Paths are relative to the project's folder, with forward slashes.
    """

    def __init__(self, doubts: tuple[str, ...] = ()) -> None:
        self.doubts = doubts

    def why_skipped(self, path: str, *, folder: bool) -> str:
        """Say why the generator does not read a file or folder; "" if it does."""
        steps = path.split("/")
        for count in range(1, len(steps)):
            if why := self._why_skipped("/".join(steps[:count]), folder=True):
                return why
        return self._why_skipped(path, folder=folder)

    def leads_to_content(self, path: str) -> bool:
        """Return True if the settings name this folder, or one below it, as a folder of content."""
        return False

    def content_path(self, path: str) -> str:
        """Return the path that a source has among the content: `docs/a.md` may be `content/a.md`."""
        return path

    def kind(self, path: str) -> Kind | None:
        """Return the kind that the folder of a source decides, None if it decides nothing."""
        return None

    def inherited(self, path: str) -> Entries:
        """Return the front matter that a source has from files and settings around it."""
        return {}

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """List the reasons why a source that is read was not, or may not have been, public."""
        return tuple(f"{doubt} It is a draft, because it may not have been public." for doubt in self.doubts)

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        """Judge a file or folder whose folders are read."""
        return ""


def below(path: str, folder: str) -> bool:
    """Return True if a path is a folder ("" for the project) or lies in it."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def leads_to(path: str, folders: tuple[str, ...]) -> bool:
    """Return True if one of the folders is at this path or lies below it."""
    return any(folder and below(folder, path) for folder in folders)
