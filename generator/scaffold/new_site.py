"""Create a new site that is ready to build."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from generator import __version__
from generator.clock import Clock
from generator.errors import ConfigError, Problem, error
from generator.scaffold.new_files import write_new_files
from generator.scaffold.templates import clean_title, fill_template, quote_toml

CiService = Literal["github", "gitlab"]
WORKFLOWS: dict[CiService, str] = {"github": ".github/workflows/publish.yml", "gitlab": ".gitlab-ci.yml"}


def create_site(
    folder: Path, *, title: str | None = None, url: str = "https://www.example.org/", ci: CiService | None = None
) -> list[str]:
    """Write a new site into `folder` and return the paths written, site-relative.

    The folder may contain other files if none of them would be overwritten. Without a title, the folder's name becomes
    the title.

    Raises: ConfigError with every file in the way, or if the title or the address is wrong; nothing is written then.
    OSError if the disk fails; files already written are deleted again.
    """
    title = clean_title(_title_of(folder) if title is None else title)
    address = url.strip() if url.strip().endswith("/") else f"{url.strip()}/"
    problems = [*_check_options(title, address), *_list_conflicts(folder, _paths(ci))]
    if problems:
        raise ConfigError(problems)
    texts = _texts(title, address, ci)
    try:
        write_new_files(folder, texts)
    except FileExistsError as fault:  # created after the check above
        raise ConfigError(_conflict(str(fault.filename or folder))) from fault
    return list(texts)


def guess_local_zone() -> str:
    """Guess the IANA name of the computer's time zone; "UTC" if it is unknown."""
    import tzlocal

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns if clock and files disagree, but a guess is enough here
            name = tzlocal.reload_localzone().key  # not `get_localzone_name`, which caches its first result
        ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError):
        return "UTC"
    return "UTC" if name in ("Etc/UTC", "UTC", "local") else name


def _title_of(folder: Path) -> str:
    words = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "My site"


def _paths(ci: CiService | None) -> list[str]:
    paths = ["site.toml", ".gitignore", "content/pages/about.md"]
    return [*paths, WORKFLOWS[ci]] if ci else paths


def _texts(title: str, url: str, ci: CiService | None) -> dict[str, str]:
    zone = guess_local_zone()
    now = Clock.system().now.astimezone(ZoneInfo(zone))
    texts = {
        "site.toml": fill_template(
            "site.toml", title=quote_toml(title), url=quote_toml(url), timezone=quote_toml(zone)
        ),
        ".gitignore": fill_template("gitignore"),
        f"content/posts/{now:%Y-%m-%d}-welcome.md": fill_template(
            "welcome.md", id=str(uuid4()), date=f"{now:%Y-%m-%d %H:%M}"
        ),
        "content/pages/about.md": fill_template("about.md", id=str(uuid4())),
    }
    if ci:
        texts[WORKFLOWS[ci]] = fill_template(f"{ci}.yml", version=".".join(__version__.split(".")[:2]))
    return texts


def _check_options(title: str, url: str) -> list[Problem]:
    problems = []
    if not title:
        problems.append(error("", "option", "The title is empty.", 'Add one: --title "Letters from the library"'))
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.query or parts.fragment or url != clean_title(url) or " " in url:
        hint = "Write it as --url https://www.example.org/ or --url https://example.org/blog/"
        problems.append(error("", "option", f'"{url}" cannot be the web address of a site.', hint))
    return problems


def _list_conflicts(folder: Path, paths: list[str]) -> list[Problem]:
    if os.path.lexists(folder) and not folder.is_dir():
        return [_conflict(folder.as_posix())]
    found = []
    for path in paths:
        places = [Path(path), *Path(path).parents][:-1]
        taken = [place for place in places[1:] if os.path.lexists(folder / place) and not (folder / place).is_dir()]
        if os.path.lexists(folder / path):
            taken.append(Path(path))
        found += [_conflict(place.as_posix()) for place in taken]
    return sorted(set(found))


def _conflict(path: str) -> Problem:
    return error(
        path, "in-the-way", "This file already exists. Nothing was written.", "Move it, or choose another folder."
    )
