"""What programs leave behind is published from nowhere: not beside a post, not from content/static or a theme."""

from pathlib import Path

import pytest

from generator.leftovers import is_leftover
from tests.factories import Site, config, post, write_files, write_site

LEFTOVERS = [
    *("~$minutes.docx", ".~lock.minutes.odt#", "a.md~", "#a.md#", ".a.md.swp", "a.tmp", "A.TMP", "photo.jpg.part"),
    *("photo.jpg.crdownload", ".DS_Store", "Thumbs.db", "thumbs.db", "desktop.ini", "ehthumbs.db", "._photo.jpg"),
    *(".env", ".htpasswd", "4913"),
]
FOLDERS = ["__MACOSX", ".git", ".svn", "@eaDir", "$RECYCLE.BIN"]
PLACES = ["content/static", "content/posts/2024-01-01-a", "content/posts", "content/pages", "themes/mine/static"]


def test_no_place_publishes_them(tmp_path: Path) -> None:
    files = {"posts/2024-01-01-a/index.md": post("A"), "posts/2024-01-01-a/plan.txt": "Plan", "static/b.txt": "B"}
    root = write_site(tmp_path, files)
    names = [*LEFTOVERS, *(f"{folder}/kept.txt" for folder in FOLDERS)]
    write_files(root, {f"{place}/{name}": "SECRET" for place in PLACES for name in names})
    write_files(root, {"themes/mine/theme.toml": 'extends = "default"\n', "themes/mine/static/c.txt": "C"})
    site = Site(root)
    site.write("site.toml", config('[theme]\nname = "mine"\n'))
    assert site.build().problems == ()
    published = [file for file in site.output.rglob("*") if file.is_file()]
    assert [file for file in published if b"SECRET" in file.read_bytes()] == []
    assert {"plan.txt", "b.txt"} <= {file.name for file in published}
    assert any(file.name.startswith("c.") and file.suffix == ".txt" for file in published)


@pytest.mark.parametrize(
    "name", ["a.md", "backup.txt", "tmp", "part", "#1.txt", "$5.txt", "~a.txt", "bak.css", "photo.jpg.bak"]
)
def test_other_names_are_content(name: str) -> None:
    assert not is_leftover(name)
