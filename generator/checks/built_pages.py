"""What only the built pages show: pages without a link to them, other hosts, pictures that are too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote as encode
from urllib.parse import urlsplit

from generator.checks.kept_pages import read_pages
from generator.checks.page_contents import PageContents, path_of, read_page
from generator.engine.tools.built_site import BuiltFile, BuiltSite
from generator.errors import Problem, note, warning
from generator.model import Kind
from generator.site.addresses import output_path
from generator.text.counts import format_count

MAX_PICTURE = 1_000_000
"""A picture of more bytes takes over ten seconds on a slow phone."""
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp")


def built_pages(site: BuiltSite) -> Iterator[Problem]:
    """Read every page that has changed, and judge what all of them link to and load."""
    files = filter(_is_page, site.files)
    pages = read_pages(
        files, site.state, site.config.url, lambda file: read_page(site.read(file), _address(site, file))
    )
    yield from _orphans(site, pages)
    yield from _hosts(site, pages)
    yield from _large_pictures(site, pages)


def _read(site: BuiltSite, file: BuiltFile) -> PageContents:
    return read_page(site.read(file), _address(site, file))


def _is_page(file: BuiltFile) -> bool:
    return file.path.endswith(".html")


def _address(site: BuiltSite, file: BuiltFile) -> str:
    return site.config.url + encode(file.path.removesuffix("index.html"))


def _orphans(site: BuiltSite, pages: Mapping[BuiltFile, PageContents]) -> Iterator[Problem]:
    """Find pages and posts that no other page links to."""
    linked = set[str]()
    for file, contents in pages.items():
        for url in contents.links:
            path = path_of(url, site.config.origin)
            if path and (target := output_path(_inside(path, site))) != file.path:
                linked.add(target)
    for path, address in site.index.addresses.items():
        if output_path(address) not in linked and address != "/" and site.index.cards[path].kind is not Kind.ISSUE:
            message = f"No page links to {address}, so readers do not find it."
            hint = f'Link to it from another page, or add it to the menu in site.toml: [[nav]] url = "{address}"'
            yield warning(path, "orphan-page", message, hint, line=1)


def _inside(path: str, site: BuiltSite) -> str:
    base = site.config.base_path
    return "/" + path[len(base) :] if path.startswith(base) else "/" + path.lstrip("/")


def _hosts(site: BuiltSite, pages: Mapping[BuiltFile, PageContents]) -> Iterator[Problem]:
    """Find what a page loads from other hosts, or without encryption: once a host, at the first page that does."""
    secure, seen = site.config.url.startswith("https:"), dict[tuple[str, str], list[BuiltFile]]()
    for file, contents in pages.items():
        for url in contents.loads:
            parts = urlsplit(url)
            if parts.hostname and parts.hostname != site.config.host:
                seen.setdefault((parts.hostname, parts.scheme), []).append(file)
    for (host, scheme), files in sorted(seen.items()):
        path = files[0].source
        line, column = site.locate.in_text(path, host)[0] if path else (0, 0)
        where = format_count(len(dict.fromkeys(files)), "page")
        if scheme == "http" and secure:
            message = f"{where} load something from http://{host} without encryption; browsers block or mark that."
            hint = f"Write https://{host} if it answers there, or publish the file with the site."
            yield warning(path, "mixed-content", message, hint, line=line, column=column)
        message = f"{where} ask {host} for something as soon as they open: it learns who reads them."
        hint = "Publish the file with the site, or tell readers on the privacy page."
        yield note(path, "third-party", message, hint, line=line, column=column)


def _large_pictures(site: BuiltSite, pages: Mapping[BuiltFile, PageContents]) -> Iterator[Problem]:
    """Find pictures that pages load although they are too large, each once."""
    sizes, said = dict[str, int](), set[str]()
    for file, contents in pages.items():
        for url in contents.loads:
            path = path_of(url, site.config.origin)
            if not path.lower().endswith(_PICTURES) or path in said:
                continue
            if path not in sizes:
                sizes[path] = _size(site, _inside(path, site))
            if sizes[path] > MAX_PICTURE:
                said.add(path)
                yield _too_large(site, file, path, sizes[path])


def _too_large(site: BuiltSite, file: BuiltFile, path: str, size: int) -> Problem:
    name = path.rpartition("/")[2]
    line, column = site.locate.in_text(file.source, name)[0] if file.source else (0, 0)
    message = f"The picture {name} has {size / 1_000_000:.1f} MB; a phone on a slow line waits for it."
    hint = "Save it with fewer colours or a smaller size, or as a film if it moves."
    return warning(file.source, "picture-too-large", message, hint, line=line, column=column)


def _size(site: BuiltSite, path: str) -> int:
    try:
        return (site.output / path.lstrip("/")).stat().st_size
    except (OSError, ValueError):  # ValueError: a path with a null character
        return 0
