"""Looking again at what a hint names gives what a whole scan gives; if it might not, it says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.content.rescan import rescan
from generator.content.site_files import scan_content

Site = Callable[[Mapping[str, str]], Path]
Changes = Mapping[str, str | None]
FILES = {
    "posts/2024-01-01-a.md": "a",
    "posts/2024-01-02-b.md": "b",
    "posts/2024-01-02-b.comments.yaml": "[]",
    "posts/2024-01-03-c.comments.yaml": "[]",
    "posts/2024-01-04-D.md": "d",
    "posts/2024-01-05-d.draft.md": "d",
    "posts/2024-01-09-z.png": "z",
    "posts/bundle/index.md": "i",
    "posts/bundle/more/x.png": "x",
    "posts/loud/Index.md": "i",
    "posts/loud/x.png": "x",
    "posts/year/a.md": "a",
    "posts/year/b.png": "b",
    "pages/about.md": "about",
    "pages/docs/index.md": "docs",
    "pages/docs/one.md": "one",
    "newsletters/2024-01-01-n.md": "n",
    "newsletters/more/n.md": "stray",
    "static/a.txt": "a",
}
FEW: list[Changes] = [
    {"posts/2024-01-01-a.md": "other"},
    {"posts/2024-01-02-b.comments.yaml": "- x"},
    {"posts/bundle/index.md": "other", "static/a.txt": "b"},
    {"posts/2024-01-01-a.md": None},
    {"posts/2024-01-04-D.md": None},
    {"posts/year/a.md": None},
    {"posts/2024-01-06-new.md": "new"},
    {"posts/2024-01-06-new.md": "new", "posts/2024-01-01-a.md": None, "posts/2024-01-02-b.md": "other"},
    {"posts/2024-01-06-new.md": "new", "posts/2024-01-07-new.md": "new", "posts/2024-01-08-new.md": "new"},
    {"posts/year/aa.md": "aa"},
    {"pages/about.md": "other", "pages/abouts.md": "more"},
    {"pages/docs/two.md": "two"},
    {"newsletters/2024-02-01-n.md": "n"},
    {"newsletters/2024-01-01-n.md": None},
    {"posts/2024-01-01-a.md": "saved", "posts/2024-01-01-a.md.sb-1f2e3d-Ab12cd": None},
    {"posts/2024-01-01-a.md": "saved", "posts/2024-01-01-a.md___jb_tmp___": None, "posts/sedA1b2C3": None},
    {"posts/2024-01-06-passing.md": None, "static/passing.png": None, "posts/bundle/more/passing.png": None},
    {"posts/2024-01-01-a.md": None, "posts/2024-01-01-a.md~": None, "posts/passing/a.md": None},
]
ALL: list[Changes] = [
    {"posts/2024-01-02-b.md": None},  # its comments remain
    {"posts/2024-01-03-c.md": "c"},  # comments wait for it
    {"posts/2024-01-04-d.md": "d"},  # one name to some disks
    {"posts/2024-01-06-a.md": "a", "posts/2024-01-06-A.md": "A"},
    {"posts/bundle/note.md": "stray"},
    {"posts/bundle/more/note.md": "stray"},
    {"posts/loud/note.md": "stray"},
    {"posts/index.md": "stray"},
    {"posts/year/index.md": "a bundle now"},
    {"posts/bundle/index.md": None},
    {"posts/2024-01-05-ü.md": "u"},
    {"posts/con.md": "reserved"},
    {"posts/.hidden.md": "hidden"},
    {"posts/new.MD": "capitals"},
    {"posts/2024-01-06.png": "png"},
    {"posts/2024-01-09-z.png": None},
    {"posts/empty/new.md": "first of its folder"},
    {"newsletters/more/m.md": "stray"},
    {"newsletters/more/n.md": None},
    {"elsewhere/a.md": "nowhere"},
    {"static/new.md": "copied"},
    {"static/a.txt": None},
    {"posts/2024-01-05-ö.md": None},  # the disk may spell it in another way
]


def change(root: Path, changes: Changes) -> set[str]:
    for path, text in changes.items():
        file = root / "content" / path
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    return {f"content/{path}" for path in changes}


@pytest.mark.parametrize("changes", [*FEW, *ALL])
def test_looking_again_gives_what_a_whole_scan_gives(site: Site, changes: Changes) -> None:
    root = site(FILES)
    before = scan_content(root)
    hint = change(root, changes)
    seen, whole = rescan(root, before, hint), scan_content(root)
    assert (seen is not None) is (changes in FEW)
    if seen is not None:
        assert seen.scan == whole
        assert {item.path for item in seen.again} == {f"content/{path}" for path, text in changes.items() if text}
        assert set(seen.gone) == {item.path for item in before.found} & (hint - {item.path for item in seen.again})


def test_folders_and_links_need_a_whole_scan(site: Site) -> None:
    root = site(FILES)
    before = scan_content(root)
    posts = root / "content/posts"
    assert rescan(root, before, set()) is not None
    assert rescan(root, before, {"content/posts"}) is None
    assert rescan(root, before, {"themes/mine/templates/post.html"}) is None
    (posts / "2024-01-06-link.md").symlink_to(posts / "2024-01-01-a.md")
    assert rescan(root, before, {"content/posts/2024-01-06-link.md"}) is None
    (posts / "year").rename(posts / "moved")
    assert rescan(root, before, {"content/posts/year/a.md"}) is None
    assert rescan(root, before, {"content/posts/year"}) is None
    (root / "content/newsletters/more").rename(root / "more")  # its file was a problem
    assert rescan(root, before, {"content/newsletters/more"}) is None
    os.mkfifo(posts / "2024-01-07-pipe.md")
    assert rescan(root, before, {"content/posts/2024-01-07-pipe.md"}) is None
