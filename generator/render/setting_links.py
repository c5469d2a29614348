"""The addresses that site.toml gives to every page: the menu, pictures, the theme's logo and style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from generator.errors import Problem
from generator.render.facade import Site
from generator.render.link_problems import describe_link, describe_missing_picture
from generator.render.links import LinkTarget, resolve_address
from generator.site.addresses import output_path

Way = tuple[str | int, ...]
"""Where a setting is: the names of its sections and its own, and the number of an entry of a list, from 0."""
_FILE = "site.toml"
_NOWHERE = ((0, 0),)
_PICTURE = re.compile(r"\.(?:avif|gif|ico|jpe?g|png|svg|webp)$", re.I)
_LOOKS_LIKE_FILE = re.compile(r"[\w./~-]+\.(?:avif|css|gif|ico|jpe?g|js|png|svg|webp)", re.I)


def check_settings(site: Site) -> tuple[tuple[Way, Problem], ...]:
    """List what is wrong with the addresses in site.toml, each problem with its setting instead of a line."""
    config, found = site.context.config, []
    links: list[tuple[Way, str, str]] = [
        (("nav", number, "url"), item.url, "at the foot of each page" if item.footer else "in the menu")
        for number, item in enumerate(config.nav)
    ]
    links += [
        (("authors", name, "url"), author.url, f"of the author {name}") for name, author in config.authors.items()
    ]
    links.append((("newsletter", "subscribe"), config.newsletter.subscribe, "to subscribe"))
    links += [
        (("contact", "url"), config.contact.url, "to the contact page"),
        (("contact", "status"), config.contact.status, "to the status page"),
    ]
    if config.comments.rules.startswith("/"):
        links.append((("comments", "rules"), config.comments.rules, "to the house rules"))
    for way, address, where in links:
        place = resolve_address(site, address) if address else LinkTarget("")
        found += [(way, problem) for problem in describe_link(_FILE, _NOWHERE, address, place, where)]
    pictures: list[tuple[Way, str, str]] = [(("image",), config.image, "for link previews")]
    pictures += [
        (("authors", name, "image"), each.image, f"of the author {name}") for name, each in config.authors.items()
    ]
    for way, address, where in pictures:
        if address and not (_is_there(site, address) or site.picture_at(site.link(address))):
            found += [(way, problem) for problem in describe_missing_picture(_FILE, _NOWHERE, address, where)]
    return (*found, *_check_theme(site))


def _check_theme(site: Site) -> Iterator[tuple[Way, Problem]]:
    """Check the theme's options that are addresses: they begin with a slash, or look like the name of a file."""
    for name, value in site.theme_options().items():
        if not isinstance(value, str) or not value:
            continue
        if value.startswith("/") and not re.search(r"\s", value):
            broken = "" if _is_there(site, value) else "the site has no such file"
        elif _LOOKS_LIKE_FILE.fullmatch(value):
            broken = f'it has no slash at its start. Write it as "/{value.lstrip("./")}"'
        else:
            found = resolve_address(site, value) if value.startswith("http") else LinkTarget(value)
            broken = found.broken
        if not broken:
            continue
        way, where = ("theme", name), f"of [theme] {name}"
        if _PICTURE.search(value) and value.startswith("/"):
            yield from ((way, problem) for problem in describe_missing_picture(_FILE, _NOWHERE, value, where))
        else:
            found_links = describe_link(_FILE, _NOWHERE, value, LinkTarget(value, broken), where)
            yield from ((way, problem) for problem in found_links)


def _is_there(site: Site, address: str) -> bool:
    return site.has_output(output_path(unquote(urlsplit(address).path)))
