"""The settings that, together with a source's bytes, decide its record."""

from __future__ import annotations

from generator.config import Config
from generator.content.site_files import Role
from generator.digest import digest
from generator.markup.settings import MarkupSettings


def markup_settings(config: Config, *, stock: bool = False) -> MarkupSettings:
    """Choose the markup settings that bodies depend on; `stock` makes bodies without accelerations."""
    markup = config.markup
    return MarkupSettings(
        markup.engine,
        markup.typography,
        config.language,
        markup.raw_html,
        stock=stock,
        emoji=markup.emoji,
        embeds=config.embeds.providers,
    )


def settings_by_role(config: Config, generator: str, extensions: str) -> dict[str, str]:
    """Digest the settings that a source's record depends on: role → digest.

    `generator` is the digest of our code; `extensions` is that of the extensions that change documents.
    """
    text = digest(markup_settings(config).fingerprint(), config.timezone, generator, extensions)
    return {role: generator if role in (Role.FILE_BESIDE, Role.STATIC) else text for role in Role}
