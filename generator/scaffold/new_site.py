"""Create a new site that is ready to build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from generator.clock import Clock
from generator.config import checks
from generator.errors import ConfigError, Problem, error
from generator.scaffold.machine import guess_language, guess_local_zone
from generator.scaffold.new_files import write_new_files
from generator.scaffold.templates import clean_title, fill_template, quote_toml
from generator.scaffold.workflow import (
    WORKFLOWS,
    CiService,
    conflict,
    list_conflicts,
    target_settings,
    workflow_text,
)
from generator.text.mapping_reader import RefusedError

EXAMPLE_URL = "https://www.example.org/"


def create_site(
    folder: Path,
    *,
    title: str | None = None,
    url: str = EXAMPLE_URL,
    language: str = "",
    timezone: str = "",
    ci: CiService | None = None,
) -> list[str]:
    """Write a new site into `folder` and return the paths written, site-relative.

    The folder may contain other files if none of them would be overwritten. Without a title, the folder's name becomes
    the title; language and time zone are the computer's by default.

    Raises: ConfigError with every file in the way, or if a choice is wrong; nothing is written then. OSError if the
    disk fails; files already written are deleted again.
    """
    problems: list[Problem] = []
    title = clean_title(_title_of(folder) if title is None else title)
    if not title:
        problems.append(error("", "option", "The title is empty.", 'Add one: --title "Letters from the library"'))
    settings = {
        "title": title,
        "url": _checked("url", url.strip(), checks.site_url, problems),
        "language": _checked("language", language or guess_language(), checks.language, problems),
        "timezone": _checked("timezone", timezone or guess_local_zone(), checks.timezone, problems),
    }
    problems += list_conflicts(folder, _paths(ci))
    if problems:
        raise ConfigError(problems)
    texts = _texts(settings, ci)
    try:
        write_new_files(folder, texts)
    except FileExistsError as fault:  # created after the check above
        raise ConfigError(conflict(str(fault.filename or folder))) from fault
    return list(texts)


def _title_of(folder: Path) -> str:
    words = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "My site"


def _paths(ci: CiService | None) -> list[str]:
    paths = ["site.toml", ".gitignore", "content/pages/about.md", "content/pages/privacy.md"]
    return [*paths, WORKFLOWS[ci]] if ci else paths


def _texts(settings: Mapping[str, str], ci: CiService | None) -> dict[str, str]:
    now = Clock.system().now.astimezone(ZoneInfo(settings["timezone"]))
    texts = {
        "site.toml": fill_template("site.toml", **{name: quote_toml(value) for name, value in settings.items()}),
        ".gitignore": fill_template("gitignore"),
        f"content/posts/{now:%Y-%m-%d}-welcome.md": fill_template(
            "welcome.md", id=str(uuid4()), date=f"{now:%Y-%m-%d %H:%M}"
        ),
        "content/pages/about.md": fill_template("about.md", id=str(uuid4())),
        "content/pages/privacy.md": fill_template("privacy.md", id=str(uuid4())),
    }
    if ci:
        texts["site.toml"] += target_settings(ci)
        texts[WORKFLOWS[ci]] = workflow_text(ci)
    return texts


def _checked(option: str, value: str, check: Callable[[str], str], problems: list[Problem]) -> str:
    """Check a choice by the rule of its setting in site.toml."""
    try:
        return check(value)
    except RefusedError as refused:
        problems.append(error("", "option", f"--{option}: {refused.message}", refused.hint))
        return value
