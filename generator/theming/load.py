"""Load a theme: its chain, its options as the site sets them, its templates and static files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.config.load import FILE, read_text
from generator.config.positions import Positions
from generator.config.table import Source
from generator.errors import ConfigError, Level, Problem, error
from generator.theming.chain import find_chain
from generator.theming.files import read_templates
from generator.theming.options import inherit, set_options
from generator.theming.static import CleanFile, as_it_is, read_static
from generator.theming.values import Theme


def load_theme(
    root: Path,
    name: str,
    options: Mapping[str, Any],
    *,
    plain_names: bool = False,
    clean: CleanFile = as_it_is,
) -> Theme:
    """Load the theme `name` from `root`/themes, else from those that come with the program.

    A folder without theme.toml extends the built-in default theme. A template that cannot be read spoils only the
    pages that use it: see `Theme.closure` and `Theme.check`.

    With `plain_names` the names of static files do not carry their digests: for a preview, whose pages need not change
    when a style does. `clean` makes static files ready to be published.

    Raises: ConfigError with all that is wrong with the theme's name, its theme.toml, its options and style sheets.
    """
    problems: list[Problem] = []
    site = Source(FILE, _site_positions(root), problems)
    found = find_chain(root, name, _named_at(site), problems)
    layers = tuple(each.layer for each in found)
    values = set_options(inherit([each.options for each in found]), options, site)
    templates = tuple(read_templates(layer, problems) for layer in layers)
    static = read_static(layers, problems, plain_names=plain_names, clean=clean)
    if any(problem.level is Level.ERROR for problem in problems):
        raise ConfigError(problems)
    return Theme(name, layers, values, templates, static, tuple(sorted(problems)))


def _site_positions(root: Path) -> Positions:
    try:
        return Positions(read_text(root / FILE, FILE))
    except ConfigError:
        return Positions("")


def _named_at(site: Source) -> Problem:
    in_table = site.positions.place(("theme", "name"))
    return error(site.path, "theme-unknown", "", line=in_table.line, column=in_table.value)
