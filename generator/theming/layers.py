"""The parts of a theme: its folders, and the templates and static files in them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from generator.errors import Problem


class ThemeLayer(Struct, frozen=True):
    """One folder of the chain. `label` begins the paths its problems name: `themes/x/`, or `theme x: `."""

    name: str
    folder: Path
    label: str


class Template(Struct, frozen=True):
    """One template: its name below templates/, the path problems name, its text; `problem` if it cannot be read."""

    name: str
    path: str
    text: str
    problem: Problem | None = None


class StaticFile(Struct, frozen=True):
    """One file of a theme's static/ folder.

    `path` is relative to static/, `output_path` to the output folder, with the digest of the final bytes in its name
    (`assets/fonts/serif.3f2a9c1d.woff2`). `rewritten` holds a style sheet's bytes after its references were renamed.
    """

    path: str
    file: Path
    digest: str
    output_path: str
    rewritten: bytes | None = None

    def read(self) -> bytes:
        """Read the final bytes.

        Raises: OSError if the file was deleted after the theme was loaded.
        """
        return self.file.read_bytes() if self.rewritten is None else self.rewritten
