"""Themes: a chain of folders → templates, static files and options, as one frozen value.

A theme is `themes/NAME/` with `theme.toml`, `templates/` and `static/`; docs/theming.md describes it for its authors.
"""

from generator.theming.load import load_theme
from generator.theming.values import StaticFile, Template, Theme, ThemeLayer

__all__ = ["StaticFile", "Template", "Theme", "ThemeLayer", "load_theme"]
