"""Find the file of an address that a person gives: copied from a browser, or typed."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from generator.config import Config
from generator.site.addresses import output_path


def named_path(config: Config, address: str, known: Collection[str] = ()) -> str:
    """Return the output path of an address of the site or of one of its targets.

    Browsers copy `/2026/01/caf%C3%A9/` for `/2026/01/café/`; people leave out the last slash. `known` are output
    paths that exist: only they tell a page with a dot in its name from a file.
    """
    path = output_path(unquote(_within_site(config, address)))
    page = f"{path}/index.html"
    is_file = path in known or "." in path.rpartition("/")[2]
    return page if page in known or not is_file else path


def _within_site(config: Config, address: str) -> str:
    """Remove the host and the base path of an address that was copied from a browser."""
    bases = (config.url, *(target.url for target in config.publish.targets.values()))
    for base in filter(None, bases):
        if address.startswith(base):
            return "/" + address.removeprefix(base).partition("#")[0].partition("?")[0]
    return urlsplit(address).path or "/"
