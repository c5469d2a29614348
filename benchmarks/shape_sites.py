"""Write sites of extreme shapes, such as 9,000 posts with one tag, in any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

Writer = Callable[[Path, int], None]
"""Writes a site: (its folder, which has a site.toml, the size)."""

_WORDS = "The desk answered every call within a minute, and wrote down what it learnt on the way home. "


def many_tags(root: Path, size: int) -> None:
    """As many tags as `size`, each on two posts."""
    for post in range(size // 2):
        tags = [f"tag {(post * 4 + offset) % size}" for offset in range(4)]
        _post(root, post, f"tags: [{', '.join(tags)}]")


def large_tag(root: Path, size: int) -> None:
    """One tag on all posts."""
    for post in range(size):
        _post(root, post, "tags: [desk]")


def many_authors(root: Path, size: int) -> None:
    """As many authors as `size`, each of one post."""
    for post in range(size):
        _post(root, post, f"author: Author {post}")


def many_series(root: Path, size: int) -> None:
    """As many series as `size`, each of four parts."""
    for post in range(size * 4):
        _post(root, post, f"series: Series {post // 4}\npart: {post % 4 + 1}\nrating: {post % 10}/10")


def large_post(root: Path, size: int) -> None:
    """One post of `size` KB: headings, paragraphs, lists and links."""
    section = f"\n## A heading\n\n{_WORDS * 5}\n\n- {_WORDS}\n- [A page](/archive/) and more. {_WORDS}\n"
    _post(root, 0, "tags: [desk]", section * (size * 1024 // len(section)))


def static_files(root: Path, size: int) -> None:
    """As many static files as `size`, of 300 bytes each."""
    for number in range(size):
        file = root / "content" / "static" / str(number // 200) / f"file-{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{number} {_WORDS * 3}", encoding="utf-8")
    _post(root, 0, "tags: [desk]")


def bundle_pictures(root: Path, size: int) -> None:
    """As many drawings as `size` beside one post, which shows them all."""
    shown = "".join(f"![Drawing {number}](drawing-{number}.svg)\n\n" for number in range(size))
    folder = root / "content" / "posts" / "2026-01-01-drawings"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(f"---\ntitle: Drawings\n---\n{shown}", encoding="utf-8")
    for number in range(size):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" cx="{number % 9}"/></svg>'
        (folder / f"drawing-{number}.svg").write_text(drawing, encoding="utf-8")


def kept_comments(root: Path, size: int) -> None:
    """As many kept comments as `size` below one post."""
    folder = root / "content" / "posts" / "2026-01-01-talk"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(f"---\ntitle: Talk\n---\n{_WORDS}\n", encoding="utf-8")
    comments = (
        f"- id: c{number}\n  author: Reader {number}\n  date: 2026-01-02 10:00\n  body: |\n    {_WORDS}\n"
        for number in range(size)
    )
    (folder / "comments.yaml").write_text("".join(comments), encoding="utf-8")


def dead_links(root: Path, size: int) -> None:
    """One post with as many dead links and missing pictures as `size`."""
    body = "".join(f"[A page](/no-page-{number}/) ![A drawing](no-drawing-{number}.svg)\n\n" for number in range(size))
    _post(root, 0, "tags: [desk]", body)


def plain_posts(root: Path, size: int) -> None:
    """As many posts as `size`, with three tags, two authors and a series."""
    for post in range(size):
        author = f"author: [Author {post % 5}, Author {post % 7}]"
        _post(root, post, f"{author}\ntags: [desk, tag {post % 60}]\nseries: Series {post % 30}", _WORDS * 25)


SHAPES: Mapping[str, tuple[Writer, int]] = {
    "tags": (many_tags, 3000),
    "a tag's posts": (large_tag, 9000),
    "authors": (many_authors, 2000),
    "series": (many_series, 500),
    "KB of one post": (large_post, 5000),
    "static files": (static_files, 20_000),
    "pictures of one post": (bundle_pictures, 1000),
    "comments of one post": (kept_comments, 5000),
    "dead links of one post": (dead_links, 4000),
    "posts": (plain_posts, 10_000),
}
"""Shape → what writes its site, and the larger of its two sizes."""


def _post(root: Path, number: int, front: str, body: str = _WORDS * 3) -> None:
    day = f"{2000 + number // 336 % 26}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    file = root / "content" / "posts" / f"{day}-post-{number}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: Post {number}\n{front}\n---\n{body}\n", encoding="utf-8")
