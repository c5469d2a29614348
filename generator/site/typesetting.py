"""Set plain texts of the site typographically, as bodies are: titles, summaries, notes, names, descriptions."""

from __future__ import annotations

from generator.config import Config
from generator.markup.typography import smarten


class Typesetter:
    """Sets texts by their language: quotation marks, apostrophes, dashes, ellipses. Off where site.toml says so."""

    def __init__(self, config: Config) -> None:
        self._language = config.language
        self._on = config.markup.typography

    def set(self, text: str, language: str = "") -> str:
        """Set a text in its language, as a rule the site's."""
        if not self._on or not ("'" in text or '"' in text or "--" in text or "..." in text):
            return text
        return smarten(text, language or self._language)
