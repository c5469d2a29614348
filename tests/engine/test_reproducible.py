"""Two builds of one source agree to the byte, whatever the folder, time zone, locale and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
BLOGS = ("18f", "rust-inside-toml", "jekyll-news", "cc-labs-html", "digitalgov-part", "jekyll-edge-posts")
AT = "2026-11-22T12:00:00+00:00"
SETTINGS = 'title = "Blog"\nurl = "https://example.org/base/"\ntimezone = "America/New_York"\nlanguage = "fr"\n'
SURROUNDINGS = (
    ("here", {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}),
    ("an other/förder", {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "POSIX"}),
)


def import_and_build(root: Path, source: Path, surroundings: dict[str, str]) -> dict[str, bytes]:
    """Make a site of a blog in a process of its own; give its content and its output, by path."""
    root.mkdir(parents=True)
    (root / "site.toml").write_text(SETTINGS, "utf-8")
    for command in (["import", "markdown", str(source)], ["build"]):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "generator",
                *command,
                "--site",
                str(root),
                *(["--at", AT] * (command == ["build"])),
            ],
            env={**os.environ, **surroundings},
            capture_output=True,
            check=False,  # the exit code says that links of the source are dead
        )
    folders = ("content", "preview")
    files = [file for folder in folders for file in (root / folder).rglob("*") if file.is_file()]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize("blog", BLOGS)
def test_surroundings_change_no_byte(blog: str, samples: Path, tmp_path: Path) -> None:
    trees = [import_and_build(tmp_path / name, samples / "blogs" / blog, env) for name, env in SURROUNDINGS]
    assert any(path.startswith("preview/") and path.endswith("index.html") for path in trees[0])
    assert trees[0].keys() == trees[1].keys()
    assert [path for path, data in trees[0].items() if data != trees[1][path]] == []
