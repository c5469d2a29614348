"""`folder`: a folder on this machine or on a mounted drive, such as a web server's."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, required
from generator.text.typed_rules import Settings


class FolderOptions(TargetOptions, frozen=True):
    """The options of `folder`."""

    path: str
    """The folder; a relative path starts at the site's folder."""

    @property
    def place(self) -> str:
        """Return the folder."""
        return self.path


def read(table: Settings) -> FolderOptions:
    """Read the options of `folder`."""
    return FolderOptions(required(table, "path", "/var/www/letters"))
