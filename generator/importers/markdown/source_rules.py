"""What a generator reads of its project, and what it publishes of that.

Each dialect has its own rules. A file that its generator does not read is skipped: neither imported nor refused. A file
that it reads but does not publish is imported as a draft. A setting that cannot be evaluated makes drafts of all files
that it might hide.
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
    """The rules of an unknown generator: it reads everything, and publishes it unless there are `doubts`.

    Paths are relative to the project's folder, with forward slashes.
    """

    def __init__(self, doubts: tuple[str, ...] = ()) -> None:
        self.doubts = doubts

    def why_skipped(self, path: str, *, folder: bool) -> str:
        """Return why the generator does not read a file or folder; "" if it does."""
        steps = path.split("/")
        for count in range(1, len(steps)):
            if why := self._why_skipped("/".join(steps[:count]), folder=True):
                return why
        return self._why_skipped(path, folder=folder)

    def leads_to_content(self, path: str) -> bool:
        """Return True if this folder, or one below it, is a content folder in the settings."""
        return False

    def content_path(self, path: str) -> str:
        """Return a source's path in the content: `docs/a.md` may be `content/a.md`."""
        return path

    def kind(self, path: str) -> Kind | None:
        """Return the kind implied by a source's folder, None if it implies none."""
        return None

    def inherited(self, path: str) -> Entries:
        """Return the front matter that a source inherits from files and settings."""
        return {}

    def prepare(self, read: SourceText) -> SourceText:
        """Bring front matter into the form that other generators use."""
        return read

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """List why a source was not, or may not have been, public."""
        return tuple(f"{doubt} So it may not have been public." for doubt in self.doubts)

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        """Return why the generator does not read a file or folder, if it reads the folders around it."""
        return ""


def below(path: str, folder: str) -> bool:
    """Return True if a path is this folder ("" for the project) or is inside it."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def leads_to(path: str, folders: tuple[str, ...]) -> bool:
    """Return True if one of the folders is this path or is below it."""
    return any(folder and below(folder, path) for folder in folders)
