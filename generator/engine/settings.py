"""The settings that decide, beside a source's bytes, what its record holds."""

from __future__ import annotations

from generator.config import Config
from generator.content.find import Role
from generator.digest import digest
from generator.markup.settings import MarkupSettings


def markup_settings(config: Config) -> MarkupSettings:
    """Choose the markup settings that bodies depend on."""
    markup = config.markup
    return MarkupSettings(markup.engine, markup.typography, config.language, markup.raw_html)


def settings_by_role(config: Config, generator: str, extensions: str) -> dict[str, str]:
    """Digest the settings that a source's record depends on: role → digest.

    `generator` is the digest of our code; `extensions` is that of the extensions that change documents.
    """
    text = digest(markup_settings(config).fingerprint(), config.timezone, generator, extensions)
    return {role: generator if role in (Role.BUNDLE_FILE, Role.STATIC) else text for role in Role}
