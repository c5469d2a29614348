"""Find the extensions that site.toml names, without running any of their code.

An extension is a file or folder of that name in the site's `extensions/`, else an installed package's entry point in
the group `openletter.extensions`. A digest of every file ensures that the code that runs later is the code read here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.config.load import FILE
from generator.digest import digest, digest_bytes
from generator.errors import ConfigError, Problem, error
from generator.text.suggestions import did_you_mean
from generator.text.toml_positions import Positions
from generator.text.toml_settings import read_settings

FOLDER = "extensions"
GROUP = "openletter.extensions"
_COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True)
class ExtensionSources:
    """The extensions of a site, in order, with the digest of the source of each.

    `surroundings` is the digest of the other installed packages. The value is small, so that it can be sent to worker
    processes.
    """

    root: Path
    names: tuple[str, ...]
    digests: tuple[str, ...]
    surroundings: str

    @property
    def digest(self) -> str:
        """Hash everything that the extensions' results depend on, except the site; independent of the site's folder."""
        return digest(self.names, self.digests, self.surroundings)


@dataclass(frozen=True)
class FoundExtension:
    """One extension as found. `files` maps the path its problems name to the file and its bytes.

    `entry` is the entry point of an installed one ("package.module:extend"), "" for one of the site's own.
    `top` is the name of the package or module the files belong to.
    """

    name: str
    top: str
    entry: str
    files: Mapping[str, tuple[Path, bytes]]

    @cached_property
    def digest(self) -> str:
        """Hash every file with its path."""
        return digest(self.entry, [(shown, digest_bytes(data)) for shown, (_, data) in sorted(self.files.items())])

    @cached_property
    def shown(self) -> dict[str, str]:
        """Map each file's full name in tracebacks to its path in problems."""
        return {str(file): shown for shown, (file, _) in self.files.items()}


def find(root: Path, names: tuple[str, ...]) -> ExtensionSources:
    """Find the extensions of a site. Raises: ConfigError with all that are missing or unreadable."""
    root = root.absolute()
    found = read(root, names)
    return ExtensionSources(root, names, tuple(each.digest for each in found), _surroundings())


def read(root: Path, names: tuple[str, ...]) -> tuple[FoundExtension, ...]:
    """Read the source of extensions. Raises: ConfigError, as `find` does."""
    found = [_own(root, name) or _installed(root, name) for name in names]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise ConfigError(problems)
    return tuple(each for each in found if isinstance(each, FoundExtension))


def _own(root: Path, name: str) -> FoundExtension | Problem | None:
    """Search the site's folder of extensions, for a package first, as Python does."""
    folder = root / FOLDER
    package, module = folder / name, folder / f"{name}.py"
    there = (
        {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    )  # with exact spelling, on every system
    if name in there and (package / "__init__.py").is_file():
        return _read(root, name, name, "", _tree(package), root)
    return _read(root, name, name, "", [module], root) if module.name in there and module.is_file() else None


def _installed(root: Path, name: str) -> FoundExtension | Problem:
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    points = entry_points(group=GROUP)
    entry = next((point for point in points if point.name == name), None)
    if entry is None:
        own = [each.stem for each in (root / FOLDER).glob("[!_.]*") if each.is_dir() or each.suffix == ".py"]
        hint = did_you_mean(name, sorted({*own, *(point.name for point in points)}))
        message = f'There is no extension "{name}": there is no {FOLDER}/{name}.py, and no installed package has it.'
        return _at_use(root, "extension-unknown", message, hint or "Remove the name from use in [extensions].")
    parts = entry.module.split(".")
    for count in range(1, len(parts) + 1):
        try:
            spec = find_spec(".".join(parts[:count]))
        except (ImportError, ValueError):
            spec = None
        if spec is not None and spec.origin is not None:
            file = Path(spec.origin)
            package = spec.submodule_search_locations is not None
            files = _tree(file.parent) if package else [file]
            base = file.parent.parent if package else file.parent
            return _read(root, name, spec.name, entry.value, files, base)
    message = f'The extension "{name}" is installed, but its module {entry.module} is missing.'
    return _at_use(root, "extension-unknown", message, "Install its package again.")


def _tree(folder: Path) -> Iterator[Path]:
    """List all files of a package, of any type, because it may read them."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each != _COMPILED and not each.startswith("."))
        yield from (Path(at, name) for name in sorted(names) if not name.startswith("."))


def _read(root: Path, name: str, top: str, entry: str, files: Iterable[Path], base: Path) -> FoundExtension | Problem:
    try:
        pairs = {file.relative_to(base).as_posix(): (file, file.read_bytes()) for file in files}
    except OSError as reason:
        message = f'The extension "{name}" cannot be read: {reason.strerror}.'
        return _at_use(root, "extension-failed", message, "Check its permissions.")
    return FoundExtension(name, top, entry, pairs)


def _at_use(root: Path, code: str, message: str, hint: str) -> Problem:
    """Make a problem at the line of site.toml that names the extensions."""
    place = Positions(read_settings(root / FILE, FILE)).place((FOLDER, "use"))
    return error(FILE, code, message, hint, line=place.line, column=place.value)


def _surroundings() -> str:
    """Hash Python's version, and the names and versions of all installed packages, because extensions may use them.

    It reads only the names of folders: 0.2 ms.
    """
    names: set[str] = set()
    for entry in dict.fromkeys(sys.path):
        try:
            with os.scandir(entry or ".") as listed:
                names.update(each.name for each in listed if each.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return digest(sorted(names), list(sys.version_info[:3]))
