"""Check that the Markdown dialect in site.toml can be read here."""

from __future__ import annotations

from pathlib import Path

from generator.config import Config
from generator.errors import ConfigError, error
from generator.markup.engine import is_installed
from generator.text.toml_positions import Positions


def check_dialect(root: Path, config: Config) -> None:
    """Refuse a dialect whose library is not installed, before anything is built. Raises: ConfigError."""
    engine = config.markup.engine
    if is_installed(engine):
        return
    place = Positions((root / "site.toml").read_text("utf-8-sig")).place(("markup", "engine"))
    what = f'[markup] engine: "{engine}" needs a library that is not installed.'
    hint = f"Install it with: pip install 'openletter[{engine}]'"
    raise ConfigError(error("site.toml", "config-engine", what, hint, line=place.line, column=place.value))
