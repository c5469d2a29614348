"""The settings that, together with a source's bytes, decide its record."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.config import Config
from generator.config.shown import without_planned, without_shown
from generator.content.site_files import Role
from generator.digest import digest, digest_file

if TYPE_CHECKING:
    from generator.markup.settings import MarkupSettings

SETTINGS_FACT = "settings"
"""The fact with the digests of `settings_by_role`, by a name of all that they depend on."""


def hash_card_font(root: Path, config: Config) -> str:
    """Hash the font for social cards; "" for none, or for one that has gone since site.toml was checked."""
    if not config.social.font:
        return ""
    with suppress(OSError):
        return digest_file(root / config.social.font)
    return ""


def digest_config(config: Config) -> str:
    """Digest the settings that the index may be made from."""
    return digest(without_planned(without_shown(config)))


def digest_plan_settings(config: Config, card_font: str) -> str:
    """Digest the settings that outputs may be planned from, with the font for social cards that they name."""
    return digest(without_shown(config), card_font)


def name_settings(generator: str, config: str, extensions: str) -> str:
    """Name what `settings_by_role` depends on, by the digests of our code, of settings and of extensions."""
    return digest("settings", generator, config, extensions)


def markup_settings(config: Config, *, stock: bool = False) -> MarkupSettings:
    """Choose the markup settings that bodies depend on; `stock` makes bodies without accelerations."""
    from generator.markup.settings import MarkupSettings  # a build with nothing to do makes no bodies

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
