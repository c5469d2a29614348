"""With OPENLETTER_STOCK=1 a site comes out the same, by the libraries as they are."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

from benchmarks.layouts import write_sites
from generator.engine.inputs import STOCK
from generator.markup.body import convert_markdown
from generator.markup.draft import BodyFacts
from generator.markup.python_markdown import PythonMarkdown
from generator.markup.rework import rework
from generator.markup.settings import MarkupSettings
from generator.markup.shortcuts import FastInline
from generator.registry import Additions
from generator.render.environment import Templates
from generator.theming import load_theme

ROOT = Path(__file__).parent.parent
NOW = "2026-11-22T12:00+00:00"
CONFIG = 'title = "Letters"\nurl = "https://example.org/"\n[markup]\nengine = "{}"\n'
FURTHER = """---
title: Further
tags: [all]
---
> [!NOTE]
> A note.[^1]

[^1]: With a footnote.

- [x] done

![A picture](/images/no.png "Its caption")

<details><summary>More</summary>Text with *stars* & signs.</details>
"""


def own_site(folder: Path) -> None:
    for name in ("content", "themes"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.toml", folder)


def corpus(engine: str, folder: Path) -> None:
    write_sites({"openletter": [folder]}, 40)
    (folder / "site.toml").write_text(CONFIG.format(engine))
    (folder / "content/posts/2024-01-01-further.md").write_text(FURTHER)


def built(folder: Path, stock: str) -> tuple[dict[str, bytes], object]:
    """Build in a process of its own; give the bytes of all files, and the problems."""
    command = [sys.executable, "-m", "generator", "build", "--site", str(folder), "--json", "--at", NOW]
    environment = {**os.environ, STOCK: stock}
    run = subprocess.run([*command, "--output", str(folder / "out")], cwd=ROOT, env=environment, capture_output=True)
    files = {str(f.relative_to(folder)): f.read_bytes() for f in (folder / "out").rglob("*") if f.is_file()}
    assert len(files) > 50, run.stderr.decode()
    return files, json.loads(run.stdout)["problems"]


@pytest.mark.parametrize("site", ["own", "markdown", "commonmark"])
def test_the_output_is_the_same_without_accelerations(site: str, tmp_path: Path) -> None:
    for name in ("quick", "stock"):
        (tmp_path / name).mkdir()
        own_site(tmp_path / name) if site == "own" else corpus(site, tmp_path / name)
    assert built(tmp_path / "quick", "") == built(tmp_path / "stock", "1")


def test_stock_takes_no_shortcuts_through_python_markdown() -> None:
    assert isinstance(PythonMarkdown()._converter.treeprocessors["inline"], FastInline)
    assert not isinstance(PythonMarkdown(stock=True)._converter.treeprocessors["inline"], FastInline)


def test_stock_makes_a_tree_for_every_body(monkeypatch: pytest.MonkeyPatch) -> None:
    trees: list[str] = []

    def counted(html: str, found: BodyFacts) -> str:
        trees.append(html)
        return rework(html, found)

    monkeypatch.setattr("generator.markup.body.rework", counted)
    for stock in (False, True):
        convert_markdown("Plain *text*.", path="a.md", slug="a", settings=MarkupSettings(stock=stock))
    assert len(trees) == 1


def test_stock_renders_with_jinja_as_it_is() -> None:
    theme = load_theme(ROOT, "default", {})
    assert type(Templates(theme, Additions(), stock=True)._environment) is jinja2.Environment


def test_bodies_are_kept_whichever_way_they_were_made() -> None:
    assert MarkupSettings(stock=True).fingerprint() == MarkupSettings().fingerprint()
