"""Choose the Markdown engine for imported texts, if the site has not chosen one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.config import Config
from generator.importers.existing_site import ExistingSite
from generator.importers.import_model import PlacedPost
from generator.importers.site_settings import is_new, parse_settings, read_settings, replace_settings
from generator.markup.engine import is_installed

_SECTION = re.compile(r"^[ \t]*\[[ \t]*markup[ \t]*\][^\n]*\n", re.MULTILINE)


def means_commonmark(posts: Sequence[PlacedPost]) -> bool:
    """Return True if most texts are written for CommonMark."""
    return 2 * sum(not post.draft.commonmark for post in posts) < len(posts)


def may_choose(root: Path, config: Config, existing: ExistingSite) -> bool:
    """Return True if the engine may be set: no posts but that of `init`, no `engine` in site.toml, parser installed."""
    return (
        is_new(existing)
        and config.markup.engine == "markdown"
        and "engine" not in _markup(parse_settings(read_settings(root)))
        and is_installed("commonmark")
    )


def choose_commonmark(root: Path) -> bool:
    """Add `engine = "commonmark"` to site.toml and change nothing else; return False if that is not possible.

    Raises: OSError.
    """
    old = read_settings(root)
    line_end = "\r\n" if "\r\n" in old else "\n"
    section = _SECTION.search(old)
    if section:
        new = f'{old[: section.end()]}engine = "commonmark"{line_end}{old[section.end() :]}'
    else:
        apart = "" if not old or old.endswith("\n") else line_end
        new = f'{old}{apart}{line_end}[markup]{line_end}engine = "commonmark"{line_end}'
    return replace_settings(root, old, new, {"markup": {**_markup(parse_settings(old)), "engine": "commonmark"}})


def _markup(settings: Mapping[str, Any]) -> dict[str, Any]:
    found = settings.get("markup")
    return found if isinstance(found, dict) else {}
