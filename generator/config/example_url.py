"""Warn of the example address of a new site: no page and no letter may be published with it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace

from generator.errors import ConfigError, Level, Problem, warning
from generator.text.toml_positions import Positions
from generator.text.toml_settings import read_settings

_FILE = "site.toml"
_HOSTS = frozenset(f"{www}example.{end}" for www in ("", "www.") for end in ("org", "com", "net"))
"""Source: RFC 2606, section 3. Hosts below them, such as `blog.example.org`, are allowed."""


def runs_in_ci() -> bool:
    """Return True in continuous integration: no one is watching, and the built site is published."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def find_example_url(root: Path, url: str) -> tuple[Problem, ...]:
    """Warn of a site whose `url` is still an example; () if it is not."""
    if urlsplit(url).hostname not in _HOSTS:
        return ()
    place = Positions(read_settings(root / _FILE, _FILE)).place(("url",))
    message = f'The url is still the example "{url}", so feeds, mails and link previews lead to somebody else\'s site.'
    hint = "Write the address your readers will use, or build with --url, such as: --url https://you.github.io/letters/"
    return (warning(_FILE, "example-url", message, hint, line=place.line, column=place.value),)


def judge_example_url(root: Path, url: str) -> tuple[Problem, ...]:
    """Find an example address as `find_example_url` does; in CI, where the site is published, it is an error."""
    found = find_example_url(root, url)
    return tuple(replace(problem, level=Level.ERROR) for problem in found) if runs_in_ci() else found


def refuse_example_url(root: Path, url: str) -> None:
    """Refuse an example address, because readers would get it.

    Raises: ConfigError if `url` is an example.
    """
    if found := find_example_url(root, url):
        raise ConfigError(replace(problem, level=Level.ERROR) for problem in found)
