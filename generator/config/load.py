"""Read site.toml, section by section, into a `Config`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from generator.config import checks
from generator.config.positions import Positions
from generator.config.table import Source, Table
from generator.config.values import (
    SITE_OPTIONS,
    AuthorConfig,
    CommentsConfig,
    Config,
    Engine,
    ExtensionsConfig,
    ImagesConfig,
    MarkupConfig,
    NavItem,
    NewsletterConfig,
    OutputConfig,
    Permalinks,
    Provider,
    RawHtml,
    Security,
    SeriesConfig,
    SmtpConfig,
    TagConfig,
)
from generator.errors import ConfigError, Level, Problem, error
from generator.slugs import slugify

FILE = "site.toml"
MAX_BYTES = 1_000_000
_FEEDS = OutputConfig().feeds
_LISTS = ("home", "tags", "authors", "months", "newsletter")
_FEEDS_FOR = OutputConfig().feeds_for
_MAX_BITS = 10_000
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LISTINGS = ("/tags/", "/archive/", "/newsletter/")
_POST_PLACEHOLDERS = ("year", "month", "day", "slug")
T = TypeVar("T")


def load(root: Path) -> tuple[Config, tuple[Problem, ...]]:
    """Read and check `root`/site.toml; see `generator.config.load_config`."""
    text = read_text(root / FILE, FILE)
    values = parse(text, FILE)
    source = Source(FILE, Positions(text), top=SITE_OPTIONS)
    config = _config(Table(source, values))
    problems = tuple(sorted(source.problems))
    if any(problem.level is Level.ERROR for problem in problems):
        raise ConfigError(problems)
    return config, problems


def read_text(file: Path, path: str) -> str:
    """Read a TOML file as text, without a byte order mark and with line feeds alone; at most 1 MB.

    Raises: ConfigError, when there is no such file, it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if not file.is_file():
            hint = "Go to your site's folder, or make a new site with: openletter init my-site"
            raise ConfigError(error(path, "config-missing-file", f"there is no {path} here.", hint))
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        reason = failure.strerror or "it cannot be read"
        raise ConfigError(error(path, "config-unreadable", f"the file cannot be opened: {reason}.")) from failure
    if len(data) > MAX_BYTES:
        raise ConfigError(error(path, "config-unreadable", "the file is larger than 1 MB."))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        before = data[: failure.start]
        line, column = before.count(b"\n") + 1, failure.start - before.rfind(b"\n")
        hint = "Save the file in the encoding UTF-8."
        problem = error(path, "config-encoding", "the file is not UTF-8 text.", hint, line=line, column=column)
        raise ConfigError(problem) from failure


def parse(text: str, path: str) -> dict[str, Any]:
    """Read TOML.

    Raises: ConfigError with line and column of the first mistake of syntax.
    """
    try:
        data = tomllib.loads(text)
        _check_numbers(data)
        return data
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as failure:
        raise ConfigError(_syntax_problem(text, path, str(failure))) from failure


def _check_numbers(value: Any) -> None:
    """Refuse a whole number that Python would not write in a message: `0xFFF…` is read at any length."""
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise ValueError("a number in it is too large")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _check_numbers(each)


def _syntax_problem(text: str, path: str, message: str) -> Problem:
    at = _AT.search(message)
    lines = text.rstrip("\n").split("\n")
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    said = _AT.sub("", message)
    hint = 'Write options as name = "text"; a name may stand only once in its section.'
    if re.search(r"^\s*theme\s*=", text, re.M) and re.search(r"^\s*\[theme\]", text, re.M):
        hint = 'Leave out the line theme = "…", and write name = "…" below [theme].'
    return error(path, "config-syntax", f"this is not TOML: {said}.", hint, line=line, column=column)


def _config(top: Table) -> Config:
    theme, theme_options = _theme(top)
    config = Config(
        title=top.required("title", '"Letters from the Director"'),
        url=top.required("url", '"https://www.example.org/"', checks.site_url),
        language=top.text("language", "en", checks.language),
        timezone=top.text("timezone", "UTC", checks.timezone) or "UTC",
        description=top.text("description"),
        image=top.text("image", check=checks.site_path),
        image_alt=top.text("image_alt"),
        theme=theme,
        theme_options=theme_options,
        nav=tuple(_nav_item(item) for item in top.items("nav")),
        authors=_named(top, "authors", _author),
        tags=_named(top, "tags", _tag),
        series=_named(top, "series", _series),
        permalinks=_permalinks(top.table("permalinks")),
        markup=_markup(top.table("markup")),
        output=_output(top.table("output")),
        images=_images(top.table("images")),
        comments=_comments(top.table("comments")),
        newsletter=_newsletter(top.table("newsletter")),
        extensions=_extensions(top.table("extensions")),
    )
    top.close()
    return config


def _theme(top: Table) -> tuple[str, dict[str, Any]]:
    if not isinstance(top.values.get("theme"), dict):
        return top.text("theme", "default") or "default", {}
    table = top.table("theme")
    options = {key: value for key, value in table.values.items() if key != "name"}
    return table.text("name", "default") or "default", options


def _named(top: Table, key: str, read: Callable[[str, Table], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, table in top.tables(key):
        slug = slugify(name)
        if key == "authors" and slug and not any(char in name for char in "/\\"):
            slug = name
        if name == slug:
            found[name] = read(name, table)
        else:
            hint = f"Write it as [{key}.{slug}]" if slug else "Use letters, digits and hyphens."
            message = f'[{key}]: "{name}" cannot be part of an address.'
            top.source.note((key, name), "config-value", message, hint, at_key=True)
    return found


def _nav_item(table: Table) -> NavItem:
    item = NavItem(
        title=table.required("title", '"About"'),
        url=table.required("url", '"/about/"', checks.link_url),
        footer=table.flag("footer", False),
    )
    table.close()
    return item


def _author(name: str, table: Table) -> AuthorConfig:
    author = AuthorConfig(
        name=table.text("name", name) or name,
        role=table.text("role"),
        bio=table.text("bio"),
        image=table.text("image", check=checks.site_path),
        url=table.text("url", check=partial(checks.web_url, schemes=("https", "http", "mailto"))),
    )
    table.close()
    return author


def _tag(_slug: str, table: Table) -> TagConfig:
    tag = TagConfig(name=table.text("name"), description=table.text("description"))
    table.close()
    return tag


def _series(_slug: str, table: Table) -> SeriesConfig:
    best = table.get("rating_max", float, 0.0)
    if "rating_max" in table.values and not 0 < best <= 1_000_000:
        table.refuse("rating_max", "config-value", "the best rating must be more than 0 and at most a million.")
    series = SeriesConfig(
        name=table.text("name"),
        description=table.text("description"),
        rating_max=best or None,
        gaps=table.numbers("gaps", 0, 1_000_000),
    )
    table.close()
    return series


def _permalinks(table: Table) -> Permalinks:
    usual = Permalinks()
    post = partial(checks.permalink, allowed=_POST_PLACEHOLDERS, needed="slug")
    page = partial(checks.permalink, allowed=("path", "slug"), needed="path")
    permalinks = Permalinks(
        post=table.text("post", usual.post, post) or usual.post,
        page=table.text("page", usual.page, page) or usual.page,
        home=table.text("home", usual.home, partial(checks.permalink, allowed=())) or usual.home,
        newsletter=table.text("newsletter", usual.newsletter, post) or usual.newsletter,
    )
    if permalinks.home in _LISTINGS:
        table.refuse("home", "config-permalink", f'"{permalinks.home}" is the address of another list.')
    table.close()
    return permalinks


def _markup(table: Table) -> MarkupConfig:
    markup = MarkupConfig(
        engine=cast(Engine, table.choice("engine", "markdown", ("markdown", "commonmark"))),
        typography=table.flag("typography", True),
        raw_html=cast(RawHtml, table.choice("raw_html", "safe", ("safe", "trusted"))),
    )
    table.close()
    return markup


def _output(table: Table) -> OutputConfig:
    output = OutputConfig(
        feeds=table.texts("feeds", _FEEDS, checks.one_of(_FEEDS)),
        feeds_for=table.texts("feeds_for", _FEEDS_FOR, checks.one_of(_FEEDS_FOR)),
        archives=table.flag("archives", True),
        authors=table.flag("authors", True),
        related=table.flag("related", True),
        per_page=table.number("per_page", 10, 1, 1000),
        unpaged=table.texts("unpaged", (), checks.one_of(_LISTS)),
    )
    table.close()
    return output


def _images(table: Table) -> ImagesConfig:
    images = ImagesConfig(hosts=table.texts("hosts", (), checks.host))
    table.close()
    return images


def _comments(table: Table) -> CommentsConfig:
    comments = CommentsConfig(
        provider=cast(Provider, table.choice("provider", "none", ("none", "link", "mailto"))),
        url=table.text("url", check=checks.discussion_url),
        address=table.text("address", check=checks.address),
    )
    if comments.provider == "link" and not table.values.get("url"):
        hint = 'Write, for example: url = "https://talk.example.org/new?title={title}&link={link}"'
        table.refuse("provider", "config-missing", 'the provider "link" needs an url.', hint)
    if comments.provider == "mailto" and not table.values.get("address"):
        hint = 'Write, for example: address = "feedback@example.org"'
        table.refuse("provider", "config-missing", 'the provider "mailto" needs an address.', hint)
    table.close()
    return comments


def _newsletter(table: Table) -> NewsletterConfig:
    newsletter = NewsletterConfig(
        subscribe=table.text("subscribe", check=partial(checks.web_url, schemes=("https",))),
        unsubscribe=table.text("unsubscribe", check=partial(checks.web_url, schemes=("https", "mailto"))),
        from_=table.text("from", check=checks.named_address),
        to=table.text("to", check=checks.named_address),
        list_id=table.text("list_id", check=checks.list_id),
        one_click=table.flag("one_click", False),
        postal_address=table.text("postal_address"),
        smtp=_smtp(table.table("smtp")),
    )
    if newsletter.one_click and not newsletter.unsubscribe.startswith("https:"):
        hint = 'Write, for example: unsubscribe = "https://lists.example.org/leave"'
        table.refuse("one_click", "config-missing", "this needs an https address to unsubscribe at.", hint)
    table.close()
    return newsletter


def _smtp(table: Table) -> SmtpConfig:
    usual = SmtpConfig()
    smtp = SmtpConfig(
        host=table.text("host", check=checks.host),
        port=table.number("port", usual.port, 1, 65535),
        security=cast(Security, table.choice("security", usual.security, ("none", "starttls", "tls"))),
        user=table.text("user"),
    )
    table.close()
    return smtp


def _extensions(table: Table) -> ExtensionsConfig:
    extensions = ExtensionsConfig(use=table.texts("use", (), checks.extension))
    table.close()
    return extensions
