"""Explain in plain words why a page was rebuilt."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.config import Config
from generator.model import BuildReport
from generator.site.addresses import as_address, output_path
from generator.site.keys import describe_change

_PAGE = "index.html"


def explain(report: BuildReport, config: Config, url: str, output: Path) -> str:
    """Explain why this build rendered the page at an address, or did not; or report that there is no such page.

    `output` is the folder of the build.
    """
    path = _path(url, config)
    if path in report.rendered:
        reasons = [_in_words(reason) for reason in report.rendered[path]]
        return f"{url} was rebuilt because {'; '.join(dict.fromkeys(reasons))}."
    if (output / path).is_file():
        return f"{url} was not rebuilt: nothing that it shows has changed."
    return f"There is no page at {url}.{_suggestion(path, output)}"


def _path(url: str, config: Config) -> str:
    """Name the output file of an address given as a full URL, with or without the base path, or as a path."""
    address = unquote(urlsplit(url).path)
    if address.startswith(config.base_path):
        address = "/" + address.removeprefix(config.base_path)
    last = address.rsplit("/", 1)[-1]
    return address.lstrip("/") if "." in last else output_path(as_address(address))


def _suggestion(path: str, output: Path) -> str:
    """Suggest the page whose address is nearest; "" if none is near."""
    from difflib import get_close_matches

    pages = sorted(file.relative_to(output).as_posix() for file in output.rglob(_PAGE))
    near = get_close_matches(path, pages, 1, 0.6)
    return f' Did you mean "/{near[0].removesuffix(_PAGE)}"?' if near else ""


def _in_words(reason: str) -> str:
    if "|" in reason:
        return describe_change(reason)
    return {"new": "it is new", "failed before": "it could not be built before"}.get(reason, reason)
