"""Files that a web server or service reads: redirects, headers, its name. Each host has its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from generator.config import Config
from generator.config.targets.options import TargetConfig
from generator.publish import apache_rules, host_rules
from generator.publish.announce import FEEDS
from generator.publish.live_check import address_of
from generator.publish.paths import FOLDER
from generator.publish.redirects import read_redirects

_Made = Mapping[str, bytes]
_SPECIAL = re.compile(r"""[\s"'\\`{}$;]""")


def host_files(
    chosen: TargetConfig, config: Config, digests: Collection[str], output: Path
) -> tuple[_Made, tuple[str, ...]]:
    """Make the files of the target's host: path → bytes. Also lists those that the site has itself, which stay."""
    url = chosen.url or config.url
    base = urlsplit(url).path
    feeds = sorted(path for path in digests if chosen.websub and _is_plain_feed(path))
    links = {base + path: _link(address_of(url, path), chosen.websub) for path in feeds}
    site = host_rules.HostedSite(url, base, read_redirects(output), links, chosen.precompress)
    made = dict(_HOSTS[chosen.host](site))
    if chosen.indexnow:  # IndexNow looks there for the proof that the key is the site's
        made[f"{chosen.indexnow}.txt"] = chosen.indexnow.encode()
    own = tuple(path for path in made if path in digests)
    return {path: data for path, data in made.items() if path not in own}, own


def _is_plain_feed(path: str) -> bool:
    """Return True for a feed whose path needs no quotation in the rules."""
    return path.rsplit("/", 1)[-1] in FEEDS and not _SPECIAL.search(path)


def _link(feed: str, hubs: Sequence[str]) -> str:
    return ", ".join((*(f'<{hub}>; rel="hub"' for hub in hubs), f'<{feed}>; rel="self"'))


def _none(site: host_rules.HostedSite) -> _Made:
    return {}


def _headers(site: host_rules.HostedSite) -> _Made:
    return {"_headers": host_rules.headers_file(site)}


def _github(site: host_rules.HostedSite) -> _Made:
    """Make `.nojekyll`, without which GitHub leaves out names that begin with an underscore, and `CNAME`."""
    host = urlsplit(site.url).hostname or ""
    own = {} if host.endswith(".github.io") else {"CNAME": f"{host}\n".encode()}
    return {".nojekyll": b"", **own}


def _apache(site: host_rules.HostedSite) -> _Made:
    return {".htaccess": apache_rules.htaccess(site)}


def _nginx(site: host_rules.HostedSite) -> _Made:
    return {f"{FOLDER}nginx.conf": host_rules.nginx(site)}


def _caddy(site: host_rules.HostedSite) -> _Made:
    return {f"{FOLDER}Caddyfile": host_rules.caddy(site)}


_HOSTS: Mapping[str, Callable[[host_rules.HostedSite], _Made]] = {
    "none": _none,
    "netlify": _headers,
    "cloudflare": _headers,
    "github": _github,
    "gitlab": _none,
    "apache": _apache,
    "nginx": _nginx,
    "caddy": _caddy,
}
