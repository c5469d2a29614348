"""Find the folders of a theme: its own, that of the theme it extends, and so on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

import generator
from generator.errors import ConfigError, Problem, ProblemCollector, error
from generator.patterns import lazy_pattern
from generator.text.suggestions import did_you_mean
from generator.text.toml_positions import Positions
from generator.text.toml_settings import parse_settings, read_settings
from generator.text.typed_rules import Settings, TypedRules, warn_of_unknown
from generator.theming.card_colours import read_card_colours
from generator.theming.layers import ThemeLayer
from generator.theming.theme_options import Option, read_options

MAX_DEPTH = 10
_NAME = lazy_pattern(r"^\w[\w.-]*$")


class ChainLink(Struct, frozen=True):
    """One theme of the chain with its theme.toml; `extends` is "" at the end of the chain."""

    layer: ThemeLayer
    extends: str
    options: dict[str, Option]
    card_colours: dict[str, str]


def find_chain(root: Path, name: str, at: Problem, problems: ProblemCollector) -> tuple[ChainLink, ...]:
    """Find a theme and all it extends, the child first. `at` is the place in site.toml that names the theme.

    Raises: ConfigError for an invalid name, a theme that does not exist, a circle, a theme.toml with errors.
    """
    chain: list[ChainLink] = []
    seen: list[Path] = []
    while name:
        folders = list(_folders(root, _check_name(name, at)))
        folder = next((each for each in folders if each.resolve() not in seen), None)
        if folder is None or len(chain) == MAX_DEPTH:
            raise ConfigError(_circle(name, at) if folders else _unknown(root, name, at))
        seen.append(folder.resolve())
        found = _read(root, name, folder, problems)
        chain.append(found)
        name = found.extends
        at = _extends_place(found, at) if name else at
    return tuple(chain)


def builtin_folder() -> Path:
    """Find the folder of the themes that come with the program: inside the wheel, else at the checkout's root."""
    package = Path(generator.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def _folders(root: Path, name: str) -> Iterator[Path]:
    for themes in (root / "themes", builtin_folder()):
        if (themes / name).is_dir():
            yield themes / name


def _check_name(name: str, at: Problem) -> str:
    if not _NAME.match(name) or ".." in name:
        raise ConfigError(
            _problem(
                at, "theme-name", f'"{name}" cannot be the name of a theme.', "Write the name of its folder in themes."
            )
        )
    return name


def _problem(at: Problem, code: str, message: str, hint: str) -> Problem:
    return error(at.path, code, message, hint, line=at.line, column=at.column)


def _unknown(root: Path, name: str, at: Problem) -> Problem:
    parents = (root / "themes", builtin_folder())
    known = {each.name for parent in parents if parent.is_dir() for each in parent.iterdir() if each.is_dir()}
    names = sorted(each for each in known if _NAME.match(each))
    hint = did_you_mean(name, names)
    listed = f"Available: {', '.join(names)}."
    hint = f"{hint} {listed}" if hint.startswith("Did") else hint
    return _problem(at, "theme-unknown", f'There is no theme "{name}".', hint)


def _circle(name: str, at: Problem) -> Problem:
    message = f'The theme "{name}" extends itself, directly or through others.'
    return _problem(at, "theme-circle", message, 'Delete one of the lines extends = "…".')


def _extends_place(found: ChainLink, at: Problem) -> Problem:
    path = f"{found.layer.label}theme.toml"
    file = found.layer.folder / "theme.toml"
    if not file.is_file():
        return at
    place = Positions(read_settings(file, path)).place(("extends",))
    return error(path, at.code, "", line=place.line, column=place.value)


def _read(root: Path, name: str, folder: Path, problems: ProblemCollector) -> ChainLink:
    label = f"themes/{name}/" if folder.parent.resolve() == (root / "themes").resolve() else f"theme {name}: "
    layer = ThemeLayer(name, folder, label)
    file = folder / "theme.toml"
    if not file.is_file():
        # A folder with only a few templates is a theme that extends the built-in one.
        is_default = folder.resolve() == (builtin_folder() / "default").resolve()
        return ChainLink(layer, "" if is_default else "default", {}, {})
    text = read_settings(file, f"{label}theme.toml")
    path = f"{label}theme.toml"
    table = Settings(path, parse_settings(text, path), TypedRules(), problems)
    for about in ("name", "description", "author", "licence", "license", "version", "url"):
        table.text(about, "")
    extends = table.text("extends", "")
    options = read_options(table)
    colours = read_card_colours(table)
    warn_of_unknown(table)
    return ChainLink(layer, extends, options, colours)
