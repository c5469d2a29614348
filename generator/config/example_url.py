"""The address that a new site begins with: nobody's, so no page and no letter may go out with it."""

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
"""Source: RFC 2606, section 3. Hosts below them, such as `blog.example.org`, are not meant."""


def runs_in_ci() -> bool:
    """Return True in a run of continuous integration: nobody watches, and what is built is published."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def find_example_url(root: Path, url: str) -> tuple[Problem, ...]:
    """Warn of a site whose `url` is still an example; () if it is not."""
    if urlsplit(url).hostname not in _HOSTS:
        return ()
    place = Positions(read_settings(root / _FILE, _FILE)).place(("url",))
    message = f'The url is still the example "{url}", so feeds, mails and link previews lead to somebody else\'s site.'
    hint = "Write the address your readers will use, or build with --url, such as: --url https://you.github.io/letters/"
    return (warning(_FILE, "example-url", message, hint, line=place.line, column=place.value),)


def refuse_example_url(root: Path, url: str) -> None:
    """Go on only with a real address, because readers will get it.

    Raises: ConfigError if `url` is an example.
    """
    if found := find_example_url(root, url):
        raise ConfigError(replace(problem, level=Level.ERROR) for problem in found)
