"""Say in plain words why a page was rebuilt."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from generator.config import Config
from generator.model import BuildReport
from generator.site.addresses import as_address, output_path
from generator.site.keys import describe_change


def explain(report: BuildReport, config: Config, url: str) -> str:
    """Say why the page at an address was rebuilt in this build, or that there was no need."""
    path = _path(url, config)
    if path not in report.rendered:
        return f"{url} was not rebuilt: nothing that it shows has changed."
    reasons = [_in_words(reason) for reason in report.rendered[path]]
    return f"{url} was rebuilt because {'; '.join(dict.fromkeys(reasons))}."


def _path(url: str, config: Config) -> str:
    """Name the output file of an address given as a full URL, with or without the base path, or as a path."""
    address = unquote(urlsplit(url).path)
    if address.startswith(config.base_path):
        address = "/" + address.removeprefix(config.base_path)
    last = address.rsplit("/", 1)[-1]
    return address.lstrip("/") if "." in last else output_path(as_address(address))


def _in_words(reason: str) -> str:
    if "|" in reason:
        return describe_change(reason)
    return {"new": "it is new", "failed before": "it could not be built before"}.get(reason, reason)
