"""The settings that only pages and other files show: the one list of those that leave the index as it is.

The index and the plan are made, and texts are converted, without them. A setting that is not listed here may matter to
any of the three. `tests/engine/test_settings.py` notes what each of them reads.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from generator.config.options import Config

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
    """Return the settings without those that only files show: while it stays, the index of the same sources does."""
    languages = {tag: replace(own, **SHOWN_BY_LANGUAGE) for tag, own in config.languages.items()}
    return replace(config, languages=languages, **SHOWN)
