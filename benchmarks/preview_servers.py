"""The preview servers that are compared: each with its site, how it is started, and where a post is served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import CACHE, HERE, OWN, PEERS, ROOT, install, lay_out
from benchmarks.corpus import PICTURES as PICTURE_COUNT
from benchmarks.corpus import Page, Post, make_pages, make_picture, make_posts, picture_path
from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.words import AUTHORS


@dataclass(frozen=True, slots=True)
class Server:
    """A row of the table. `command` is given the site's folder and a port, and runs in `folder`, else in the site's.

    Every server answers for a post at `/posts/<slug>/`.
    """

    name: str
    title: str
    prepare: Callable[[], None]
    layout: Layout
    lay_out: Callable[[Path], None]
    command: Callable[[Path, int], list[str]]
    version: Callable[[], str]
    folder: Path | None = None


def write_site(server: Server, folder: Path, count: int) -> list[tuple[Path, str]]:
    """Write a site of `count` posts: gives each post's file and slug, oldest first."""
    server.lay_out(folder)
    for path, text in map(server.layout.page, make_pages()):
        _write(folder / path, text)
    for number in range(PICTURE_COUNT):
        _write(folder / server.layout.static / picture_path(number), make_picture(number))
    written = []
    for post in make_posts(count):
        path, text = server.layout.post(post)
        _write(folder / path, text)
        written.append((folder / path, post.slug))
    return written


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _yaml(values: Mapping[str, object], body: str) -> str:
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---", "", body))


def _eleventy_post(post: Post) -> tuple[str, str]:
    facts = {
        "title": post.title,
        "date": f"{post.date:%Y-%m-%dT%H:%M:%SZ}",
        "tags": post.tags,
        "summary": post.summary,
        "description": post.description,
        "author": AUTHORS[post.author],
        **({"series": post.series} if post.series else {}),
    }
    return f"content/posts/{post.slug}.md", _yaml(facts, post.body)


def _eleventy_page(page: Page) -> tuple[str, str]:
    facts = {"title": page.title, "description": page.description, "layout": "page.njk"}
    return f"content/{page.slug}.md", _yaml({**facts, "permalink": f"/{page.slug}/index.html"}, page.body)


def _own(name: str) -> Server:
    contestant = OWN[name]
    return Server(
        name=name,
        title=contestant.title,
        prepare=lambda: None,
        layout=LAYOUTS[contestant.layout],
        lay_out=lambda folder: lay_out(contestant, folder),
        command=lambda site, port: [
            *(sys.executable, "-m", "generator", "serve", "--site", str(site), "--port", str(port)),
        ],
        version=contestant.version,
        folder=ROOT,
    )


def _hugo() -> Server:
    contestant = PEERS["hugo"]
    return Server(
        name="hugo",
        title="Hugo",
        prepare=lambda: install(contestant),
        layout=LAYOUTS["hugo"],
        lay_out=lambda folder: lay_out(contestant, folder),
        command=lambda site, port: [
            *(contestant.command(site)[0], "server", "--bind", "127.0.0.1", "--port", str(port)),
        ],
        version=contestant.version,
    )


_ELEVENTY = HERE / "peers" / "eleventy"


def _install_eleventy() -> None:
    folder = CACHE / "eleventy"
    if (folder / "node_modules" / "@11ty" / "eleventy").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_ELEVENTY / "package.json", folder)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def _lay_out_eleventy(folder: Path) -> None:
    shutil.copytree(_ELEVENTY, folder)
    (folder / "node_modules").symlink_to(CACHE / "eleventy" / "node_modules")


def _eleventy_version() -> str:
    package = CACHE / "eleventy" / "node_modules" / "@11ty" / "eleventy" / "package.json"
    return f"Eleventy {json.loads(package.read_text('utf-8'))['version']}"


def _eleventy(name: str, title: str, *more: str) -> Server:
    return Server(
        name=name,
        title=title,
        prepare=_install_eleventy,
        layout=Layout(_eleventy_post, _eleventy_page, "static"),
        lay_out=_lay_out_eleventy,
        command=lambda _, port: [
            *("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet", "--serve", f"--port={port}", *more),
        ],
        version=_eleventy_version,
    )


SERVERS: Mapping[str, Server] = {
    each.name: each
    for each in (
        _own("equal"),
        _own("default"),
        _hugo(),
        _eleventy("eleventy-incremental", "Eleventy, incremental", "--incremental"),
        _eleventy("eleventy", "Eleventy"),
    )
}
