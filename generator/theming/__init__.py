"""Themes: a chain of folders → templates, static files and options, as one frozen value.

A theme is `themes/NAME/` with `theme.toml`, `templates/` and `static/`; docs/theming.md describes it for its authors.
"""

from generator.theming.layers import StaticFile, Template, ThemeLayer
from generator.theming.load import load_theme
from generator.theming.theme import Theme

__all__ = ["StaticFile", "Template", "Theme", "ThemeLayer", "load_theme"]
