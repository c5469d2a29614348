"""What the places where a site is published have in common."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from msgspec import Struct

from generator.config.checks import web_url
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import Check, RefusedError
from generator.text.typed_rules import Settings, required_text

_TOKEN = lazy_pattern(r"gh[a-z]_|github_pat_|glpat-|[A-Za-z0-9_-]{32}")
"""How keys begin that services take in place of a user's name."""
HOSTS = ("none", "netlify", "cloudflare", "github", "gitlab", "apache", "nginx", "caddy")
"""The web servers and services for which a site can have files of its own."""


class TargetOptions(Struct, frozen=True):
    """The options of one type of target; each type has a class of its own, made from this one."""

    @property
    def place(self) -> str:
        """Return where the site goes, in words for a person and without a secret."""
        raise NotImplementedError

    def without_history(self) -> Self:
        """Return the options with which no earlier version stays at the target; most types keep none."""
        return self


class TargetConfig(Struct, frozen=True, kw_only=True):
    """A place where the site is published, `[publish.NAME]`."""

    type: str
    """The type of the place: `folder`, `git`, `s3` and others."""
    url: str = ""
    """The web address of the site there; "" for the `url` of the site."""
    host: str = "none"
    """The web server or service, which gets redirects and headers in files as it reads them: one of `HOSTS`."""
    precompress: bool = False
    """Whether compressed copies of texts (.gz, .br) are published too, for web servers that send them."""
    check: bool = False
    """Whether `openletter check` must find no error before the site is published."""
    max_deletes: int = 20
    """The largest share of the published files, in per cent, that a publication may delete without being asked."""
    websub: tuple[str, ...] = ()
    """The WebSub hubs to tell that the feeds have changed."""
    indexnow: str = ""
    """The IndexNow key with which search engines are told which pages have changed; "" tells none."""
    name: str = ""
    """The name in `[publish.NAME]`."""
    options: TargetOptions = TargetOptions()
    """The options of its type."""


def required(table: Settings, key: str, example: str, check: Check | None = None) -> str:
    """Read an option that a type cannot do without; "" with an error if it is missing."""
    return required_text(table, key, f'"{example}"', check)


def without_secret(text: str) -> str:
    """Refuse an address with a password in it: site.toml is often public, and its history keeps everything."""
    try:
        parts = urlsplit(text)
        has_secret = parts.password is not None or _TOKEN.match(parts.username or "") is not None
    except ValueError:
        has_secret = False
    if has_secret:
        raise RefusedError(
            "config-secret",
            "has a password in it, which everyone who can read site.toml can use.",
            "Delete the password here and change it there. docs/publishing.md says where it belongs.",
        )
    return text


def service_endpoint(text: str) -> str:
    """Check the address of a service, without a slash at its end."""
    return web_url(without_secret(text)).rstrip("/")


def folder_prefix(text: str) -> str:
    """Check a folder inside a target: no slash at its ends, and no way out."""
    path = text.strip("/")
    if "\\" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise RefusedError("config-value", f'"{text}" is not a folder there.', "Write it as site or a/b, without dots.")
    return path
