"""Import an extension; a site's own one from the fingerprinted bytes, under a private name.

Compiled files beside the source are neither read nor written, because they would hide an edit within the same second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module, invalidate_caches
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from pathlib import Path, PurePosixPath
from types import ModuleType

from generator.digest import digest
from generator.extensions.find import FoundExtension
from generator.registry import RegistrationError

_MARK = "__openletter_digest__"


def import_extension(found: FoundExtension) -> ModuleType:
    """Import an extension's module. Raises: whatever its code raises."""
    return _import_installed(found) if found.entry else _import_own(found)


def _import_own(found: FoundExtension) -> ModuleType:
    name = _private_name(found)
    if not any(isinstance(finder, _OwnFinder) and finder.name == name for finder in sys.meta_path):
        sys.meta_path.append(_OwnFinder(name, found))
    return import_module(name)


def _private_name(found: FoundExtension) -> str:
    """Make a module name that no other site's extension and no older version of this one has."""
    where = next(iter(found.shown))
    return f"_openletter_{digest(where, found.digest)[:16]}_{found.name.replace('-', '_')}"


class _OwnFinder(MetaPathFinder, ExecutionLoader):
    """Finds and loads the modules of one extension among the files that were read."""

    def __init__(self, name: str, found: FoundExtension) -> None:
        self.name = name
        self._files: dict[str, tuple[Path, bytes, bool]] = {}
        for shown, (file, data) in found.files.items():
            path = PurePosixPath(shown)
            if path.suffix == ".py":
                package = path.name == "__init__.py"
                inner = (path.parent if package else path.with_suffix("")).parts[2:]  # below extensions/name
                self._files[".".join((name, *inner))] = (file, data, package)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of the extension."""
        if fullname not in self._files:
            return None
        spec = spec_from_loader(fullname, self, origin=str(self._files[fullname][0]))
        assert spec is not None
        spec.has_location = True  # so that the module has a __file__, to find its data files
        return spec

    def is_package(self, fullname: str) -> bool:
        """Return True if a module is a package."""
        return self._files[fullname][2]

    def get_filename(self, fullname: str) -> str:
        """Return the name of a module's file."""
        return str(self._files[fullname][0])

    def get_source(self, fullname: str) -> str:
        """Return a module's source."""
        return decode_source(self._files[fullname][1])


def _import_installed(found: FoundExtension) -> ModuleType:
    """Import an installed extension. If it was replaced while this process runs, it cannot be imported again."""
    invalidate_caches()
    module = import_module(found.entry.partition(":")[0].strip())
    top = sys.modules[found.top]
    if getattr(top, _MARK, found.digest) != found.digest:
        raise RegistrationError("The package changed while Openletter was running. Start Openletter again.")
    setattr(top, _MARK, found.digest)
    return module
