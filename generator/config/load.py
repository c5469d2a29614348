"""Read site.toml, section by section, into a `Config`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from generator.config import checks
from generator.config.check_section import read_check
from generator.config.contact_options import ContactConfig
from generator.config.font_file import font_file
from generator.config.load_labels import read_author, read_languages, read_named, read_nav_item, read_series, read_tag
from generator.config.load_newsletter import read_newsletter
from generator.config.load_publish import read_publish
from generator.config.options import (
    SITE_OPTIONS,
    CommentsConfig,
    Config,
    EmbedsConfig,
    ExtensionsConfig,
    GoneConfig,
    ImagesConfig,
    MarkupConfig,
    OutputConfig,
    Permalinks,
    SearchConfig,
    SocialConfig,
)
from generator.config.providers import PROVIDERS, read_service
from generator.config.security import read_security
from generator.errors import ConfigError, Problem, ProblemCollector, warning
from generator.text.mapping_reader import RefusedError
from generator.text.toml_settings import parse_settings, read_settings
from generator.text.tree import Table, Value
from generator.text.typed_rules import (
    Settings,
    TypedRules,
    choice_of,
    list_of_numbers,
    plain_setting,
    required_text,
    table_list,
    warn_of_unknown,
    within_bounds,
)

FILE = "site.toml"
_FEEDS = OutputConfig().feeds
_LISTING_FEEDS = OutputConfig().listing_feeds
_PICTURES = ImagesConfig()
_PROVIDERS = EmbedsConfig().providers
_WIDTHS = (16, 5000)  # pixels
_LISTS = ("home", "tags", "authors", "months", "newsletter")
_FEEDS_FOR = OutputConfig().feeds_for
_LISTINGS = ("/tags/", "/archive/", "/newsletter/")
_POST_PLACEHOLDERS = ("year", "month", "day", "slug")
T = TypeVar("T")


def load(root: Path) -> tuple[Config, tuple[Problem, ...]]:
    """Read and check `root`/site.toml; see `generator.config.load_config`."""
    problems = ProblemCollector()
    table = parse_settings(read_settings(root / FILE, FILE), FILE, lists=("nav",))
    config = _config(Settings(FILE, table, TypedRules((*SITE_OPTIONS, "theme")), problems), root)
    if problems.has_errors:
        raise ConfigError(problems.problems)
    return config, problems.in_order()


def _config(top: Settings, root: Path) -> Config:
    theme, theme_options = _theme(top)
    languages = read_languages(top)
    timezone = top.text("timezone", "UTC", checks.timezone) or "UTC"
    config = Config(
        title=required_text(top, "title", '"Letters from the Director"'),
        url=required_text(top, "url", '"https://www.example.org/"', checks.site_url),
        language=top.text("language", "en", checks.language),
        timezone=timezone,
        description=top.text("description", ""),
        image=top.text("image", "", checks.site_path),
        image_alt=top.text("image_alt", ""),
        organisation=top.text("organisation", ""),
        theme=theme,
        theme_options=theme_options,
        nav=tuple(read_nav_item(item) for item in table_list(top, "nav")),
        authors=read_named(top, "authors", read_author),
        tags=read_named(top, "tags", read_tag),
        series=read_named(top, "series", read_series),
        permalinks=replace(_permalinks(top.section("permalinks")), languages=tuple(languages)),
        markup=_markup(top.section("markup")),
        output=_output(top.section("output")),
        images=_images(top.section("images")),
        embeds=_embeds(top.section("embeds")),
        social=_social(top.section("social"), root),
        comments=_comments(top.section("comments")),
        search=_search(top.section("search")),
        newsletter=read_newsletter(top.section("newsletter")),
        contact=_contact(top.section("contact")),
        extensions=_extensions(top.section("extensions")),
        gone=_gone(top.section("gone")),
        languages=languages,
        check=read_check(top.section("check")),
        publish=read_publish(top.section("publish"), timezone),
        security=read_security(top.section("security")),
    )
    warn_of_unknown(top)
    return config


def _theme(top: Settings) -> tuple[str, dict[str, Any]]:
    if type(top.value("theme")) is not Table:
        return top.text("theme", "default") or "default", {}
    table = top.section("theme")
    options = {key: plain_setting(value) for key, (_, value) in table.table.entries.items() if key != "name"}
    return table.text("name", "default") or "default", options


def _permalinks(table: Settings) -> Permalinks:
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
        table.error(
            "home", None, f'"{permalinks.home}" is already the address of another list.', code="config-permalink"
        )
    warn_of_unknown(table)
    return permalinks


def _markup(table: Settings) -> MarkupConfig:
    markup = MarkupConfig(
        engine=table.take("engine", choice_of(("markdown", "commonmark")), "markdown"),
        typography=table.flag("typography", default=True),
        emoji=table.flag("emoji", default=False),
        raw_html=table.take("raw_html", choice_of(("safe", "trusted")), "safe"),
    )
    warn_of_unknown(table)
    return markup


def _output(table: Settings) -> OutputConfig:
    output = OutputConfig(
        feeds=table.texts("feeds", _FEEDS, checks.one_of(_FEEDS)),
        listing_feeds=table.texts("listing_feeds", _LISTING_FEEDS, checks.one_of(_FEEDS)),
        feeds_for=table.texts("feeds_for", _FEEDS_FOR, checks.one_of(_FEEDS_FOR)),
        archives=table.flag("archives", default=True),
        authors=table.flag("authors", default=True),
        related=table.flag("related", default=True),
        per_page=table.take("per_page", within_bounds(1, 1000), 10),
        unpaged=table.texts("unpaged", (), checks.one_of(_LISTS)),
    )
    warn_of_unknown(table)
    return output


def _images(table: Settings) -> ImagesConfig:
    images = ImagesConfig(
        hosts=table.texts("hosts", (), checks.host),
        widths=table.take("widths", list_of_numbers(*_WIDTHS), _PICTURES.widths),
        max_width=table.take("max_width", _largest_width, _PICTURES.max_width),
        formats=table.texts("formats", _PICTURES.formats, checks.one_of(("webp", "avif"))),
        quality=table.take("quality", within_bounds(1, 100), _PICTURES.quality),
        cache_size=table.take("cache_size", within_bounds(1, 1_000_000), _PICTURES.cache_size),
    )
    warn_of_unknown(table)
    return images


def _largest_width(key: str, value: Value) -> int:
    """Take a width, or 0 for none."""
    number = within_bounds(0, _WIDTHS[1])(key, value)
    if 0 < number < _WIDTHS[0]:
        raise RefusedError("config-value", f"must be 0, or between {_WIDTHS[0]} and {_WIDTHS[1]}, not {number}.")
    return number


def _embeds(table: Settings) -> EmbedsConfig:
    embeds = EmbedsConfig(providers=table.texts("providers", _PROVIDERS, checks.one_of(_PROVIDERS)))
    warn_of_unknown(table)
    return embeds


def _social(table: Settings, root: Path) -> SocialConfig:
    social = SocialConfig(
        cards=table.flag("cards", default=False),
        font=table.text("font", "", partial(font_file, root)),
    )
    warn_of_unknown(table)
    return social


def _comments(table: Settings) -> CommentsConfig:
    provider = table.take("provider", choice_of(("none", *PROVIDERS)), "none")
    comments = CommentsConfig(
        provider=provider,
        closed_after_days=table.take("closed_after_days", within_bounds(1, 36_500)),
        rules=table.text("rules", "", checks.house_rules),
        moderation=table.text("moderation", "", checks.address),
        service=read_service(provider, table) if provider != "none" else None,
    )
    _read_other_providers(table, provider)
    warn_of_unknown(table)
    return comments


def _read_other_providers(table: Settings, chosen: str) -> None:
    """Check the options of the providers that are not chosen, and warn of those that change nothing."""
    own = frozenset(table.asked)
    others = [name for name in table.table.entries if name not in own]
    for provider in PROVIDERS if others else ():
        reader = Settings(table.path, table.table, table.rules, ProblemCollector(), table.within)
        read_service(provider, reader)
        claimed = [name for name in others if name in reader.asked]
        if claimed and chosen == "none":
            known = table.problems.problems
            table.problems.add(*(problem for problem in reader.problems.problems if problem not in known))
        for name in claimed:
            others.remove(name)
            table.asked.append(name)
            if "provider" not in table.table.entries:
                at = table.table.entries[name][0]
                message = f'"{name}" in [comments] changes nothing, because there is no provider.'
                place = {"line": at.line, "column": at.column}
                hint = f'Add, for example: provider = "{provider}"'
                table.problems.add(warning(table.path, "config-unknown", message, hint, **place))
            elif chosen != "none":
                at = table.table.entries[name][0]
                message = f'"{name}" in [comments] belongs to the provider "{provider}", not to "{chosen}".'
                place = {"line": at.line, "column": at.column}
                table.problems.add(warning(table.path, "config-unknown", message, "Delete it.", **place))


def _search(table: Settings) -> SearchConfig:
    search = SearchConfig(
        engine=table.take("engine", choice_of(("none", "pagefind")), "none"),
        max_pages=table.take("max_pages", within_bounds(1, 1_000_000), SearchConfig().max_pages),
    )
    warn_of_unknown(table)
    return search


def _contact(table: Settings) -> ContactConfig:
    contact = ContactConfig(
        phone=table.text("phone", ""),
        email=table.text("email", "", checks.address),
        place=table.text("place", ""),
        hours=table.text("hours", ""),
        url=table.text("url", "", checks.web_url),
        status=table.text("status", "", checks.web_url),
    )
    warn_of_unknown(table)
    return contact


def _extensions(table: Settings) -> ExtensionsConfig:
    extensions = ExtensionsConfig(use=table.texts("use", (), checks.extension))
    warn_of_unknown(table)
    return extensions


def _gone(table: Settings) -> GoneConfig:
    gone = GoneConfig(addresses=table.texts("addresses", (), checks.gone_address))
    warn_of_unknown(table)
    return gone
