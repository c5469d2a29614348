"""The settings that leave the index as it is: those that only pages and other files show, and those of the plan.

The index and the plan are made, and texts are converted, without those that are only shown. `without_planned` has those
that the plan alone is made from. Any other setting may matter to all three. `tests/engine/test_settings.py` notes what
each of them reads.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from generator.config.options import Config, ImagesConfig, OutputConfig, SocialConfig
from generator.config.security_options import SecurityConfig

SHOWN: dict[str, Any] = {
    "title": "",
    "description": "",
    "image_alt": "",
    "organisation": "",
    "theme": "",
    "theme_options": {},
    "nav": (),
    "newsletter": None,
    "contact": None,
    "check": None,
    "publish": None,
}
"""Those of the site, each with what stands for it where it does not matter."""

SHOWN_BY_LANGUAGE: dict[str, Any] = {
    "title": "",
    "description": "",
    "image_alt": "",
    "organisation": "",
    "footer_text": "",
    "nav": (),
    "newsletter": {},
}
"""Those of `[languages.TAG]`."""


def without_shown(config: Config) -> Config:
    """Return the settings without those that only files show: while it stays, the plan of the same sources does."""
    languages = {tag: replace(own, **SHOWN_BY_LANGUAGE) for tag, own in config.languages.items()}
    return replace(config, languages=languages, **SHOWN)


def without_planned(config: Config) -> Config:
    """Return the settings without those that only decide which files there are, and how many: the index does without.

    Pages read what such a setting decides as keys of `Cause.PLANNING`.
    """
    output = OutputConfig(archives=config.output.archives, authors=config.output.authors)
    images = ImagesConfig(hosts=config.images.hosts)
    return replace(config, output=output, images=images, security=SecurityConfig(), social=SocialConfig())
