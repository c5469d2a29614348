"""Choose the Markdown engine for imported texts, if the site has not chosen one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.config import Config
from generator.digest import digest_bytes
from generator.importers.existing_site import ExistingSite
from generator.importers.import_model import PlacedPost
from generator.markup.engine import is_installed
from generator.store.atomic import replace_if_unchanged

FILE = "site.toml"
_SECTION = re.compile(r"^[ \t]*\[[ \t]*markup[ \t]*\][^\n]*\n", re.MULTILINE)
_WELCOME = re.compile(r"content/posts/\d{4}-\d\d-\d\d-welcome\.md")


def means_commonmark(posts: Sequence[PlacedPost]) -> bool:
    """Return True if most texts are written for CommonMark."""
    return 2 * sum(not post.draft.commonmark for post in posts) < len(posts)


def may_choose(root: Path, config: Config, existing: ExistingSite) -> bool:
    """Return True if the engine may be set: no posts but that of `init`, no `engine` in site.toml, parser installed."""
    return (
        all(_WELCOME.fullmatch(path) for path in existing.posts)
        and config.markup.engine == "markdown"
        and "engine" not in _markup(_parsed(_text(root / FILE)))
        and is_installed("commonmark")
    )


def choose_commonmark(root: Path) -> bool:
    """Add `engine = "commonmark"` to site.toml and change nothing else; return False if that is not possible.

    Raises: OSError.
    """
    old = _text(root / FILE)
    line_end = "\r\n" if "\r\n" in old else "\n"
    section = _SECTION.search(old)
    if section:
        new = f'{old[: section.end()]}engine = "commonmark"{line_end}{old[section.end() :]}'
    else:
        apart = "" if not old or old.endswith("\n") else line_end
        new = f'{old}{apart}{line_end}[markup]{line_end}engine = "commonmark"{line_end}'
    before, after = _parsed(old), _parsed(new)
    if not after or after != {**before, "markup": {**_markup(before), "engine": "commonmark"}}:
        return False
    return replace_if_unchanged(root / FILE, new.encode("utf-8"), digest_bytes(old.encode("utf-8")))


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8")  # keep its byte order mark and line endings


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _markup(settings: Mapping[str, Any]) -> dict[str, Any]:
    found = settings.get("markup")
    return found if isinstance(found, dict) else {}
