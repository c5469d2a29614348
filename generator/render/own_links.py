"""Check absolute links to the site itself, in texts, comments and mails, like links without a host."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from msgspec.structs import replace

from generator.errors import Problem
from generator.model import Action
from generator.render.link_problems import describe_link
from generator.render.links import LinkTarget, resolve_address
from generator.site.addresses import own_address

if TYPE_CHECKING:
    from generator.render.facade import Site

_WHERE_ACTION = "of the call to action"
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*?"""
_LINK = re.compile(
    rf"""<a(?P<before>{_ATTRIBUTES}) href="(?P<url>https?://[^"]*)"(?P<after>{_ATTRIBUTES})>(?P<words>.*?)</a>""",
    re.S | re.I,
)


def check_own_links(site: Site, path: str, html: str, problems: list[Problem] | None) -> str:
    """Check the absolute links to this site in stored HTML, and return it; links to hidden targets become words.

    `path` is the source that the HTML was made from; `problems` is None where none are reported. Without such links, it
    costs one search for the host's name.
    """
    config = site.context.config
    if f"//{config.host}" not in html:
        return html

    def check(link: re.Match[str]) -> str:
        url = unescape(link["url"])
        if own_address(config, url) is None:
            return link[0]
        found = resolve_address(site, url)
        if problems is not None and (found.broken or found.state):
            problems.extend(describe_link(path, site.locate(path, url), url, found))
        return link["words"] if found.state else link[0]

    return _LINK.sub(check, html)


def resolve_action(site: Site, action: Action) -> Action:
    """Resolve a call to action; its address is "" while its target is not public."""
    return replace(action, url="") if _find(site, action.url).state else action


def check_action(site: Site, key: str) -> None:
    """Report what is wrong with the call to action of a document."""
    card = site.stored_card(key)
    if card and card.action:
        site.problems.extend(describe_action(site, key, card.action))


def describe_action(site: Site, key: str, action: Action) -> list[Problem]:
    """Describe what is wrong with a call to action in the source `key`; [] for a good one."""
    found = _find(site, action.url)
    if not (found.state or found.broken):
        return []
    target = own_address(site.context.config, site.absolute(action.url)) or action.url
    return describe_link(key, [site.locate_field(key, target, "action")], target, found, _WHERE_ACTION)


def _find(site: Site, url: str) -> LinkTarget:
    return resolve_address(site, site.absolute(url))
