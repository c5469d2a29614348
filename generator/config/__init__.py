"""site.toml → a frozen `Config`: all problems at once, each with its line and a way out."""

from __future__ import annotations

from pathlib import Path

from generator.config.contact_options import ContactConfig
from generator.config.label_options import AuthorConfig, LanguageConfig, NavItem, SeriesConfig, TagConfig
from generator.config.options import (
    SECTIONS,
    CommentsConfig,
    Config,
    DkimConfig,
    EmbedsConfig,
    ExtensionsConfig,
    GoneConfig,
    ImagesConfig,
    MarkupConfig,
    MarkupDialect,
    NewsletterConfig,
    OutputConfig,
    Permalinks,
    RawHtml,
    SearchConfig,
    SearchEngine,
    Security,
    SmtpConfig,
    SocialConfig,
)
from generator.config.security_options import SecurityConfig
from generator.errors import Problem

__all__ = [
    "SECTIONS",
    "AuthorConfig",
    "CommentsConfig",
    "Config",
    "ContactConfig",
    "DkimConfig",
    "EmbedsConfig",
    "ExtensionsConfig",
    "GoneConfig",
    "ImagesConfig",
    "LanguageConfig",
    "MarkupConfig",
    "MarkupDialect",
    "NavItem",
    "NewsletterConfig",
    "OutputConfig",
    "Permalinks",
    "RawHtml",
    "SearchConfig",
    "SearchEngine",
    "Security",
    "SecurityConfig",
    "SeriesConfig",
    "SmtpConfig",
    "SocialConfig",
    "TagConfig",
    "load_config",
]


def load_config(root: Path) -> tuple[Config, tuple[Problem, ...]]:
    """Read `root`/site.toml and check it whole; the problems returned are warnings, in the order of their places.

    Raises: ConfigError with every error and warning of the file, or that there is none.
    """
    from generator.config.load import load

    return load(root)
