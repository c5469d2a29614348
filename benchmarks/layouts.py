"""Lay the generated posts out as each program expects them: folders and front matter differ, the text does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.corpus import PICTURES, SEED, Page, Post, make_pages, make_picture, make_posts, picture_path
from benchmarks.words import AUTHORS

Document = tuple[str, str]
"""A file to be: its path below the site's folder, its text."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one program wants its sources: what a post and a page become, where plain files lie."""

    post: Callable[[Post], Document]
    page: Callable[[Page], Document]
    static: str


def write_sites(folders: Mapping[str, Iterable[Path]], count: int, seed: int = SEED) -> None:
    """Write the same `count` posts into many sites at once: layout's name → site folders."""
    targets = [(LAYOUTS[name], folder) for name, among in folders.items() for folder in among]
    for layout, folder in targets:
        for path, text in _fixed_files(layout, seed):
            _write(folder / path, text)
    for post in make_posts(count, seed):
        for layout, folder in targets:
            path, text = layout.post(post)
            _write(folder / path, text)


def _fixed_files(layout: Layout, seed: int) -> Iterator[Document]:
    """List the pages and pictures: as many in a small site as in a large one."""
    yield from map(layout.page, make_pages(seed))
    yield from ((f"{layout.static}/{picture_path(number)}", make_picture(number)) for number in range(PICTURES))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _yaml(values: Mapping[str, object], body: str) -> str:
    """Write YAML front matter above a body."""
    lines = (f"{key}: {_yaml_value(value)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---", "", body))


def _yaml_value(value: object) -> str:
    """Write a value: JSON's strings, lists and objects are YAML's, a date stands bare as people write it."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else json.dumps(value, ensure_ascii=False)


def _facts(post: Post) -> dict[str, object]:
    """Collect what all programs that read YAML are told of a post in the same words."""
    return {
        "title": post.title,
        "date": post.date,
        "tags": post.tags,
        "summary": post.summary,
        "description": post.description,
    }


def _own_post(post: Post) -> Document:
    """Write a post for the default theme, with everything it can show."""
    series = {"series": post.series, "part": post.part} if post.series else {}
    facts = {**_facts(post), "author": post.author, **series}
    return f"content/posts/{post.date:%Y}/{post.slug}.md", _yaml(facts, post.body)


def _equal_post(post: Post) -> Document:
    """Write a post for the equal theme, where a series is a line of text, as it is for the peers.

    `series` itself holds every post: a series' page is the listing that has all its posts on one page, which is
    what the peers' archive is.
    """
    facts = {**_facts(post), "author": post.author, "series": "Archive"}
    extra = {"extra": {"series": post.series}} if post.series else {}
    return f"content/posts/{post.date:%Y}/{post.slug}.md", _yaml({**facts, **extra}, post.body)


def _own_page(page: Page) -> Document:
    return f"content/pages/{page.slug}.md", _yaml({"title": page.title, "description": page.description}, page.body)


def _hugo_post(post: Post) -> Document:
    series = {"series": post.series} if post.series else {}
    facts = {**_facts(post), "slug": post.slug, "author": AUTHORS[post.author], **series}
    return f"content/posts/{post.slug}.md", _yaml(facts, post.body)


def _hugo_page(page: Page) -> Document:
    return f"content/{page.slug}.md", _yaml({"title": page.title, "description": page.description}, page.body)


def _pelican(values: Mapping[str, str], body: str) -> str:
    """Write Pelican's own metadata, one `Key: value` a line."""
    return "\n".join((*(f"{key}: {value}" for key, value in values.items()), "", body))


def _pelican_post(post: Post) -> Document:
    facts = {
        "Title": post.title,
        "Date": f"{post.date:%Y-%m-%d %H:%M}",
        "Author": AUTHORS[post.author],
        "Tags": ", ".join(post.tags),
        "Slug": post.slug,
        "Summary": post.summary,
        "Description": post.description,
    }
    series = {"Series": post.series} if post.series else {}
    return f"content/{post.slug}.md", _pelican({**facts, **series}, post.body)


def _pelican_page(page: Page) -> Document:
    facts = {"Title": page.title, "Slug": page.slug, "Description": page.description}
    return f"content/pages/{page.slug}.md", _pelican(facts, page.body)


LAYOUTS: Mapping[str, Layout] = {
    "openletter": Layout(_own_post, _own_page, "content/static"),
    "openletter-equal": Layout(_equal_post, _own_page, "content/static"),
    "hugo": Layout(_hugo_post, _hugo_page, "static"),
    "pelican": Layout(_pelican_post, _pelican_page, "content"),
}
