"""Eleventy: its settings and dialect, and the dialect of blogs with an unknown generator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import ContentError
from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.eleventy_rules import EleventyRules, read_text_file
from generator.importers.markdown.front_matter_keys import truth
from generator.importers.markdown.project_settings import ProjectSettings, parse_yaml
from generator.importers.markdown.template_tags import drop_inline_comments
from generator.text.tree import Text, Value

if TYPE_CHECKING:
    from generator.importers.markdown.template_tags import TagContext

CONFIGS = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts",
    "eleventy.config.mts", "eleventy.config.cts",
)  # fmt: skip
"""The possible names of Eleventy's configuration file."""
_EMOJI = re.compile(r"markdown-it-emoji|eleventy-plugin-(?:\w+-)*emoji")
_FLAG = re.compile(r"--(input|output)[= ]\s*[\"']?([^\s\"'&|;]+)")


class UnknownDialect(Dialect):
    """The dialect of unknown generators."""

    attribute_lists = True


class EleventyDialect(UnknownDialect):
    """The dialect of Eleventy."""

    label = "Eleventy"

    def unprotect(self, text: str, context: TagContext) -> str:
        """Also remove the comments of Nunjucks and LiquidJS."""
        return drop_inline_comments(super().unprotect(text, context), context)

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True, because Eleventy makes a page of every text."""
        return True


UNKNOWN = UnknownDialect()
ELEVENTY = EleventyDialect()


def read_eleventy_config(root: Path, text: str) -> ProjectSettings:
    """Read a project's rules from the plain values in its configuration, without running it."""
    rules = EleventyRules(root, text, _find_flags(root))
    return ProjectSettings(root, ELEVENTY, rules=rules, emoji=_EMOJI.search(text) is not None)


def read_package(root: Path, text: str) -> ProjectSettings | None:
    """Read a `package.json`; None if the project does not use Eleventy. Raises: ContentError."""
    if '"@11ty/eleventy"' not in text:
        return None
    return read_eleventy_config(root, "")


def makes_no_page(permalink: Value) -> bool:
    """Return True for `permalink: false`, and for a template that may result in `false`."""
    if isinstance(permalink, Text) and "{" in permalink.text and re.search(r"\bfalse\b", permalink.text):
        return True
    return truth(permalink) is False


def _find_flags(root: Path) -> dict[str, str]:
    """Find the folders that scripts in `package.json` pass to Eleventy's command."""
    try:
        data: dict[str, Any] = parse_yaml(read_text_file(root, "package.json"))
    except ContentError:
        return {}
    scripts = data.get("scripts")
    commands = [each for each in scripts.values() if isinstance(each, str)] if isinstance(scripts, dict) else []
    return {
        match[1]: match[2]
        for command in commands
        if "eleventy" in command or "11ty" in command
        for match in _FLAG.finditer(command)
    }
