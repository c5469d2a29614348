"""Complete a wheel: compiled catalogues and templates, manual pages. A checkout needs none of them."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compile(BuildHookInterface[Any]):
    """Put `locale/LANG.mo` into the wheel for each `locale/LANG.po`, and the templates as Python source.

    The checkout itself stays as it is, and an editable install uses it.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile everything; see the base class."""
        if version != "editable":
            self._compile_words(build_data)
            self._compile_templates(build_data)
            self._add_manual(build_data)

    def _compile_words(self, build_data: dict[str, Any]) -> None:
        folder = Path(mkdtemp(prefix="openletter-words-"))
        for source in sorted(Path(self.root, "generator/words/locale").glob("*.po")):
            compiled = BytesIO()
            write_mo(compiled, read_po(BytesIO(source.read_bytes())))
            file = folder / f"{source.stem}.mo"
            file.write_bytes(compiled.getvalue())
            build_data["force_include"][str(file)] = f"generator/words/locale/{file.name}"

    def _compile_templates(self, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from generator.render.compiled import FILE, encode_themes

        file = Path(mkdtemp(prefix="openletter-templates-"), FILE.name)
        file.write_bytes(encode_themes(Path(self.root, "themes", name) for name in ("default", "notice")))
        build_data["force_include"][str(file)] = FILE.relative_to(self.root).as_posix()

    def _add_manual(self, build_data: dict[str, Any]) -> None:
        """Add what `make man` has written into share/, if it has: pip copies it into the environment's own share/."""
        share = Path(self.root, "share")
        for file in sorted(each for each in share.rglob("*") if each.is_file()):
            build_data["shared_data"][str(file)] = f"share/{file.relative_to(share).as_posix()}"
