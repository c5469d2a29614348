"""Load a theme: its chain, its options as the site sets them, its templates and static files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.config.load import FILE
from generator.errors import ConfigError, Problem, ProblemCollector, error
from generator.text.toml_positions import Positions
from generator.text.toml_settings import locate_settings, read_settings
from generator.text.typed_rules import Settings, TypedRules
from generator.theming.card_colours import choose_card_colours
from generator.theming.chain import find_chain
from generator.theming.static import CleanFile, as_it_is, read_static
from generator.theming.theme import Theme
from generator.theming.theme_files import read_templates
from generator.theming.theme_options import inherit, set_options


def load_theme(
    root: Path,
    name: str,
    options: Mapping[str, Any],
    *,
    plain_names: bool = False,
    clean: CleanFile = as_it_is,
) -> Theme:
    """Load the theme `name` from `root`/themes, else from those that come with the program.

    A folder without theme.toml extends the built-in default theme. A template that cannot be read affects only the
    pages that use it: see `Theme.check`.

    With `plain_names`, names of static files have no digests, so that a preview's pages need not change with a style
    sheet. `clean` prepares static files for publication.

    Raises: ConfigError with all problems of the theme's name, its theme.toml, its options and style sheets.
    """
    problems = ProblemCollector()
    positions = _site_positions(root)
    found = find_chain(root, name, _named_at(positions), problems)
    site = Settings(FILE, locate_settings({"theme": options}, positions), TypedRules(), problems).section("theme")
    layers = tuple(each.layer for each in found)
    values = set_options(inherit([each.options for each in found]), site)
    templates = tuple(read_templates(layer, problems) for layer in layers)
    static = read_static(layers, problems, plain_names=plain_names, clean=clean)
    if problems.has_errors:
        raise ConfigError(problems.problems)
    colours = choose_card_colours((each.card_colours for each in found), values)
    return Theme(name, layers, values, templates, static, colours, problems.in_order())


def _site_positions(root: Path) -> Positions:
    try:
        return Positions(read_settings(root / FILE, FILE))
    except ConfigError:
        return Positions("")


def _named_at(positions: Positions) -> Problem:
    in_table = positions.place(("theme", "name"))
    return error(FILE, "theme-unknown", "", line=in_table.line, column=in_table.value)
