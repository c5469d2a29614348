"""Say in plain words why a page was rebuilt."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from generator.config import Config
from generator.model import BuildReport
from generator.site.addresses import as_address, output_path

_WORDS = {
    "card": "what other pages show of {} has changed",
    "body": "the text of {} has changed",
    "near": "the posts before and after {} are others",
    "rel": "the posts related to {} are others",
    "part": "the parts before and after {} are others",
    "comments": "the comments on {} have changed",
    "issue": "the posts of {} are others",
    "chunk": "the posts on this page of the listing are others",
    "top": "the newest posts of a feed are others",
    "tag": "the tag {} has another name or description",
    "tags": "the tags, or how many posts carry them, have changed",
    "series": "the series {} has changed",
    "author": "the author {} has changed",
    "count": "the number of posts of {} has changed",
    "tpl": "the template {}, or one it uses, has changed",
    "asset": "the theme's file {} has changed",
    "bytes": "the theme's file {} has changed",
    "options": "the theme's options have changed",
    "cfg": "the section {} of site.toml has changed",
    "url": "{} has another address, or has come or gone",
    "out": "the file {} of the site has come or gone",
    "img": "the picture {} has another size, or has come or gone",
    "src": "the file {} has changed",
    "lines": "the source {} has changed, and a problem names a line of it",
    "gen": "Openletter itself, or an extension, has changed",
    "map": "pages have come, gone or changed",
    "years": "the archive has changed",
    "year": "the year {} has changed",
}


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
    kind, mark, of = reason.partition("|")
    if kind.startswith("x-"):
        return f"an extension answers its query {kind[2:]}{f' for {of}' if of else ''} in another way"
    if not mark:
        return {"new": "it is new", "failed before": "it could not be built before"}.get(reason, reason)
    return _WORDS.get(kind, "{} has changed").format(of or kind)
