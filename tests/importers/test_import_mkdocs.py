"""Blogs of Material for MkDocs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.importers.import_model import ImportOutcome, Topic

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
SETTINGS = """site_name: Old blog
site_url: https://old.example.org/notes/
theme: {name: material}
plugins:
  - search
  - blog:
      blog_dir: news
      post_url_format: "{date}/{slug}"
markdown_extensions:
  - admonition
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
extra: {key: !ENV [A, b]}
"""
AUTHORS = "authors:\n  kim:\n    name: Kim Ivory\n    description: Writer\n    avatar: https://example.org/k.png\n"
POST = """---
date:
  created: 2024-01-31
  updated: 2024-02-02
authors: [kim, guest]
categories: [Trains]
tags: [Winter]
pin: true
slug: late-trains
links: [index.md]
---

# Why trains are late

Above. :material-train:{ .big }

<!-- more -->

!!! note "Read this"
    Inside.

??? tip
    Folded.

=== "Tab"
    In a tab.

See [the other](other.md) and [the page](../../about.md).
"""
FILES = {
    "mkdocs.yml": SETTINGS,
    "docs/index.md": "# Home\n",
    "docs/about.md": "# About\n",
    "docs/news/index.md": "# News\n",
    "docs/news/.authors.yml": AUTHORS,
    "docs/news/posts/late.md": POST,
    "docs/news/posts/other.md": "---\ndate: 2024-03-01\ndraft: true\n---\n# Other\nText.\n",
    "README.md": "# Not for readers\n",
}


@pytest.fixture
def brought(blog: Blog, bring: Bring, site: Path) -> tuple[ImportOutcome, Path]:
    return bring(blog(FILES)), site


def read(site: Path, path: str) -> tuple[dict[str, Any], str]:
    _, head, text = (site / path).read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), text


def test_a_post_comes_with_dates_names_and_addresses(brought: tuple[ImportOutcome, Path]) -> None:
    outcome, site = brought
    assert outcome.problems == ()
    head, text = read(site, "content/posts/2024/2024-01-31-late-trains.md")
    assert (head["title"], str(head["date"]), str(head["updated"])) == (
        "Why trains are late",
        "2024-01-31",
        "2024-02-02",
    )
    assert (head["authors"], sorted(head["tags"]), head["pinned"]) == (
        ["Kim Ivory", "guest"],
        ["Trains", "Winter"],
        True,
    )
    assert head["aliases"] == ["/notes/news/2024/01/31/late-trains/"]
    assert "<!-- more -->" in text or "<!--more-->" in text
    assert '!!! note "Read this"' in text
    assert "!!! tip\n    Folded." in text
    assert "material-train" not in text
    assert "(2024-03-01-other.md)" in text
    assert "(../../pages/about.md)" in text


def test_pages_drafts_and_what_is_reported(brought: tuple[ImportOutcome, Path]) -> None:
    outcome, site = brought
    assert {each.path for each in outcome.posts if each.kind == "page"} >= {"content/pages/about.md"}
    assert [each.path for each in outcome.posts if each.draft and each.kind == "post"] == [
        "content/posts/2024/2024-03-01-other.md"
    ]
    assert "Not for readers" not in "".join(
        file.read_text() for file in site.rglob("*.md") if "report" not in file.name
    )
    assert any("tab" in note.words.lower() for note in outcome.notes if note.topic is Topic.TEMPLATE)


SETTINGS_OF = (
    ("site_name: A\nplugins: [blog]\n", "docs/blog/posts/a.md", "/blog/2024/01/02/title/"),
    ("site_name: A\nplugins:\n  - material/blog\n", "docs/blog/posts/a.md", "/blog/2024/01/02/title/"),
    ("site_name: A\ndocs_dir: src\nplugins:\n  - blog: {blog_dir: .}\n", "src/posts/a.md", "/2024/01/02/title/"),
    ("site_name: A\nplugins:\n  - blog: {post_url_date_format: yyyy/MM}\n",
     "docs/blog/posts/a.md", "/blog/2024/01/title/"),
    ("site_name: A\nplugins:\n  - blog: {post_url_format: '{slug}'}\n", "docs/blog/posts/a.md", "/blog/title/"),
    ("site_name: A\nplugins:\n  - blog: {post_dir: '{blog}/entries'}\n",
     "docs/blog/entries/x/a.md", "/blog/2024/01/02/title/"),
)  # fmt: skip


@pytest.mark.parametrize(("settings", "path", "wanted"), SETTINGS_OF)
def test_old_addresses_follow_the_settings(blog: Blog, bring: Bring, settings: str, path: str, wanted: str) -> None:
    outcome = bring(blog({"mkdocs.yml": settings, path: "---\ndate: 2024-01-02\n---\n# Title\nText.\n"}))
    assert [(each.kind, each.old[:1]) for each in outcome.posts] == [("post", (wanted,))]
