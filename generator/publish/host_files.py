"""Files that a web server or service reads: redirects, headers, its name. Each host has its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from generator.config import Config
from generator.config.targets.options import TargetConfig
from generator.publish import host_rules
from generator.publish.paths import FOLDER

_Made = Mapping[str, bytes]
_REDIRECTS = "_redirects"


def host_files(
    chosen: TargetConfig, config: Config, digests: Collection[str], output: Path
) -> tuple[_Made, tuple[str, ...]]:
    """Make the files of the target's host: path → bytes. Also lists those that the site has itself, which stay."""
    url = urlsplit(chosen.url or config.url)
    redirects = _read_redirects(output / _REDIRECTS)
    made = dict(_HOSTS[chosen.host](url.hostname or "", url.path, redirects))
    if chosen.indexnow:  # IndexNow looks there for the proof that the key is the site's
        made[f"{chosen.indexnow}.txt"] = chosen.indexnow.encode()
    own = tuple(path for path in made if path in digests)
    return {path: data for path, data in made.items() if path not in own}, own


def _read_redirects(file: Path) -> list[host_rules.HostRedirect]:
    """Read the redirects that the build wrote: `old [query] new 301` lines."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    parts = (line.split() for line in lines)
    return [
        host_rules.HostRedirect(each[0], "&".join(each[1:-2]), each[-2].replace("$", "%24"))
        for each in parts
        if len(each) > 2
    ]


def _none(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    return {}


def _headers(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    return {"_headers": host_rules.headers_file(base)}


def _github(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    """Make `.nojekyll`, without which GitHub leaves out names that begin with an underscore, and `CNAME`."""
    own = {} if host.endswith(".github.io") else {"CNAME": f"{host}\n".encode()}
    return {".nojekyll": b"", **own}


def _apache(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    return {".htaccess": host_rules.htaccess(base, redirects)}


def _nginx(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    return {f"{FOLDER}nginx.conf": host_rules.nginx(base, redirects)}


def _caddy(host: str, base: str, redirects: list[host_rules.HostRedirect]) -> _Made:
    return {f"{FOLDER}Caddyfile": host_rules.caddy(base, redirects)}


_HOSTS: Mapping[str, Callable[[str, str, list[host_rules.HostRedirect]], _Made]] = {
    "none": _none,
    "netlify": _headers,
    "cloudflare": _headers,
    "github": _github,
    "gitlab": _none,
    "apache": _apache,
    "nginx": _nginx,
    "caddy": _caddy,
}
