"""Compile the catalogues of words when a wheel is built. A checkout needs none: it reads the .po files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileWords(BuildHookInterface[Any]):
    """Put `locale/LANG.mo` into the wheel for each `locale/LANG.po`; the checkout itself stays as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue; see the base class. An editable install (`version`) uses the checkout."""
        if version == "editable":
            return
        folder = Path(mkdtemp(prefix="openletter-words-"))
        for source in sorted(Path(self.root, "generator/words/locale").glob("*.po")):
            compiled = BytesIO()
            write_mo(compiled, read_po(BytesIO(source.read_bytes())))
            file = folder / f"{source.stem}.mo"
            file.write_bytes(compiled.getvalue())
            build_data["force_include"][str(file)] = f"generator/words/locale/{file.name}"
