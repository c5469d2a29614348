"""Lay out real sites twice: for this generator as its importer makes them, and for Hugo with the same texts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

from benchmarks.contestants import LIKE, ROOT, Contestant, lay_out
from benchmarks.measure import RunFailedError

COMMONMARK = '[markup]\nengine = "commonmark"\n'

_KEPT = ("title", "date", "tags", "authors", "summary", "description", "image", "image_alt", "draft")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}-")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}:\d{2}))?")
_SHORTCODE = re.compile(r"\{\{(?=[<%])")
_DRAWN_ELSEWHERE = re.compile(r"^\[(?:social|search)\]\n(?:.+\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RealSite:
    """A site people wrote: `make` lays it out as a site of ours in a folder that is not there yet."""

    name: str
    title: str
    make: Callable[[Path], None]


def own_site(folder: Path) -> None:
    """Copy the site of this repository, without social cards and search index: Hugo makes neither."""
    folder.mkdir()
    shutil.copytree(ROOT / "content", folder / "content")
    settings = _DRAWN_ELSEWHERE.sub("", (ROOT / "site.toml").read_text(encoding="utf-8"))
    (folder / "site.toml").write_text(f"{settings}\n{COMMONMARK}", encoding="utf-8")


def imported(posts: Path, assets: Path | None = None) -> Callable[[Path], None]:
    """Return what makes a new site and imports a folder of posts written for Jekyll or Hugo."""

    def make(folder: Path) -> None:
        _openletter("init", str(folder))
        shutil.rmtree(folder / "content/posts")
        more = ["--assets", str(assets)] if assets else []
        _openletter("import", "markdown", str(posts), "--site", str(folder), *more)

    return make


def real_sites(samples: Path | None) -> Iterator[RealSite]:
    """List our own site, and those whose sources are in the folder of samples."""
    yield RealSite("own", "Our own site", own_site)
    if samples is None:
        return
    blogs = samples / "blogs"
    for name, title, posts, assets in (
        ("digitalgov", "Digital.gov, a part", "digitalgov-part/news", None),
        ("18f", "18F", "18f/posts", "18f"),
    ):
        if (blogs / posts).is_dir():
            yield RealSite(name, title, imported(blogs / posts, blogs / assets if assets else None))


def count_posts(site: Path) -> int:
    """Count the sources of posts in a site of ours."""
    return sum(1 for _ in (site / "content/posts").rglob("*.md"))


def lay_out_equal(contestant: Contestant, site: Path, folder: Path) -> None:
    """Lay the texts of a site of ours beside the theme that makes the peers' pages: every post in one series."""
    lay_out(contestant, folder)
    shutil.copytree(site / "content", folder / "content", ignore=shutil.ignore_patterns("newsletters"))
    for source in (source for kind in ("posts", "pages") for source in (folder / "content" / kind).rglob("*.md")):
        values, body = read_source(source)
        facts = _facts(values)
        if "posts" in source.parts:
            facts = {"authors": ["editors"], **facts, "series": "Archive"}
        source.write_text(_document(facts, body), encoding="utf-8")
    settings = (folder / "site.toml").read_text(encoding="utf-8").replace("/posts/{slug}/", "/{year}/{month}/{slug}/")
    without_menu = re.sub(r"(?s)\[\[nav\]\].*?(?=\[authors)", "", settings)
    (folder / "site.toml").write_text(without_menu, encoding="utf-8")


def lay_out_hugo(contestant: Contestant, site: Path, folder: Path) -> None:
    """Lay the texts of a site of ours out for Hugo: its slugs and dates, shortcodes as plain text.

    The old addresses (`aliases`) come too where the theme is to make what the default theme makes.
    """
    lay_out(contestant, folder)
    settings = (folder / "hugo.toml").read_text(encoding="utf-8").replace("/posts/:slug/", "/:year/:month/:slug/")
    (folder / "hugo.toml").write_text(settings, encoding="utf-8")
    content = site / "content"
    for source in sorted((content / "posts").rglob("*")):
        if source.is_file():
            _to_hugo(source, contestant is LIKE, folder / "content/posts" / source.relative_to(content / "posts"))
    for page in (content / "pages").rglob("*.md"):
        _to_hugo(page, contestant is LIKE, folder / "content" / page.relative_to(content / "pages"))
    if (content / "static").is_dir():
        shutil.copytree(content / "static", folder / "static", dirs_exist_ok=True)


def read_source(source: Path) -> tuple[dict[str, object], str]:
    """Split a source into the values of its front matter (YAML, TOML or JSON) and its body."""
    text = source.read_text(encoding="utf-8")
    if text.startswith("{"):
        values, end = json.JSONDecoder().raw_decode(text)
        return values, text[end:]
    fence = text[:4]
    _, front, body = text.split(fence, 2)
    return (tomllib.loads(front) if fence == "+++\n" else yaml.safe_load(front)), body


def _to_hugo(source: Path, aliases: bool, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".md":
        shutil.copyfile(source, target)
        return
    values, body = read_source(source)
    facts = _facts(values)
    if aliases and "aliases" in values:
        facts["aliases"] = values["aliases"]
    named = source.parent.name if source.stem == "index" else source.stem
    slug = str(values.get("slug") or _DAY.sub("", named))
    target.write_text(_document({**facts, "slug": slug}, _SHORTCODE.sub("{ {", body)), encoding="utf-8")


def _facts(values: Mapping[str, object]) -> dict[str, object]:
    """Choose what both programs know by the same name; one author becomes a list of one."""
    facts = {key: values[key] for key in _KEPT if key in values}
    if isinstance(facts.get("date"), str):
        facts["date"] = "T".join(_MOMENT.findall(str(facts["date"]))[0]).rstrip("T")
    return {**facts, "authors": [values["author"]]} if "author" in values else facts


def _document(values: Mapping[str, object], body: str) -> str:
    """Write front matter that both programs read, above a body."""
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False, default=_iso)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---", body))


def _iso(value: object) -> str:
    """Write a day or a moment as both programs read it."""
    if not isinstance(value, date):
        raise TypeError(f"no date: {value!r}")
    return value.isoformat("T") if isinstance(value, datetime) else value.isoformat()


def _openletter(*arguments: str) -> None:
    command = [sys.executable, "-m", "generator", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode not in (0, 1):  # 1: the importer refused a post, and took the others
        raise RunFailedError(f"{command!r}:\n{run.stdout}{run.stderr}")
