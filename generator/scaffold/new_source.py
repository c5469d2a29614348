"""Start a new post, page or newsletter issue in a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from generator.clock import Clock
from generator.config import load_config
from generator.errors import ConfigError, error
from generator.model import Kind
from generator.scaffold.new_files import write_new_files
from generator.scaffold.templates import clean_title, fill_template, format_front_matter
from generator.slugs import slug_or_digest

SOURCE_FOLDERS = {Kind.POST: "content/posts", Kind.PAGE: "content/pages", Kind.ISSUE: "content/newsletters"}
_RESERVED = {"index", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""`index` is the home page's name; the others are devices on Windows."""
_NAME_BYTES = 180  # of 255 allowed, to leave room for the date, a number and `.md`
_DATED = re.compile(r"(?P<month>\d{4}-\d\d)-\d\d-(?P<slug>.+)")


def create_source(
    root: Path,
    kind: Kind,
    title: str,
    *,
    bundle: bool = False,
    posts: tuple[tuple[str, str], ...] = (),
    arrangement: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Write a new source and return its site-relative path; if the name is taken, add `-2`, `-3` and so on.

    The date of a post or issue is the current time in the site's time zone. Every source starts as a draft. `bundle`
    makes a folder with an `index.md`, for a post or page with its own pictures. `posts` are the names and titles of
    the posts in an issue, `arrangement` its blocks and their order.

    Raises: ConfigError if site.toml is missing or wrong, or the title is empty; OSError.
    """
    config, _ = load_config(root)
    title = clean_title(title)
    if not title:
        raise ConfigError(
            error("", "option", "The title is empty.", 'Write it after the kind: openletter new post "A good week"')
        )
    now = Clock.system().now.astimezone(config.zone)
    text = _text(kind, title, f"{now:%Y-%m-%d %H:%M}", posts, arrangement)
    slug = _file_slug(title, kind)
    while True:
        path = _path(kind, _free_name(root / SOURCE_FOLDERS[kind], kind, f"{now:%Y-%m-%d}", slug), bundle=bundle)
        try:
            write_new_files(root, {path: text})
        except FileExistsError:  # another process took the name in the meantime: try again
            continue
        return path


def _text(kind: Kind, title: str, date: str, posts: tuple[tuple[str, str], ...], arrangement: Mapping[str, Any]) -> str:
    head, more = format_front_matter({"title": title}), {}
    if kind is Kind.ISSUE:
        head += format_front_matter({"subject": title, **arrangement})
        more = {"posts": _posts(posts)}
    # Write the date without YAML, which would quote it: people edit it.
    return f"---\n{head}{fill_template(f'new-{kind}.md', date=date, id=str(uuid4()), **more)}"


def _posts(posts: tuple[tuple[str, str], ...]) -> str:
    """Write the list of an issue's posts, each with its title as a comment for the editor."""
    lines = (f"  {format_front_matter([name]).rstrip()}  # {clean_title(title)}" for name, title in posts)
    return "\n".join(["posts:", *lines]) if posts else "posts: []"


def _path(kind: Kind, name: str, *, bundle: bool) -> str:
    return f"{SOURCE_FOLDERS[kind]}/{name}/index.md" if bundle else f"{SOURCE_FOLDERS[kind]}/{name}.md"


def _file_slug(title: str, kind: Kind) -> str:
    slug = slug_or_digest(title, kind)
    cut = slug.encode()[:_NAME_BYTES].decode(errors="ignore").strip("-")
    return f"{cut}-{kind}" if cut in _RESERVED else cut


def _free_name(folder: Path, kind: Kind, day: str, slug: str) -> str:
    """Choose a file name whose page address is also free, judged by file names."""
    taken = {_unique_part(kind, entry.name.split(".")[0].lower()) for entry in folder.rglob("*")}
    for number in count(1):
        numbered = slug if number == 1 else f"{slug}-{number}"
        name = numbered if kind is Kind.PAGE else f"{day}-{numbered}"
        if _unique_part(kind, name) not in taken:
            return name
    raise AssertionError("count() ended")


def _unique_part(kind: Kind, name: str) -> str:
    """Reduce a name to its unique part: a post's slug with its month, an issue's slug, a page's name."""
    dated = _DATED.fullmatch(name)
    if dated is None or kind is Kind.PAGE:
        return name
    return dated["slug"] if kind is Kind.ISSUE else f"{dated['month']}-{dated['slug']}"
