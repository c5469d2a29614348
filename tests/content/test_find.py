from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from generator.content.site_files import ContentScan, Role, scan_content
from generator.errors import Level
from generator.stamps import stamp_file


def site(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return root


def roles(found: ContentScan) -> dict[str, tuple[Role, str | None]]:
    return {item.path.removeprefix("content/"): (item.role, item.owner) for item in found.found}


def said(found: ContentScan) -> list[tuple[str, Level]]:
    return [(problem.path.removeprefix("content/"), problem.level) for problem in found.problems]


def test_a_site_without_content_is_empty(tmp_path: Path) -> None:
    assert scan_content(tmp_path) == ContentScan((), ())


def test_every_area_has_its_role(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/b.md", "posts/2014/a.MD", "pages/about.md", "newsletters/may.md", "static/x/logo.png")
    found = scan_content(root)
    assert roles(found) == {
        "newsletters/may.md": (Role.ISSUE, None),
        "pages/about.md": (Role.PAGE, None),
        "posts/2014/a.MD": (Role.POST, None),
        "posts/b.md": (Role.POST, None),
        "static/x/logo.png": (Role.STATIC, None),
    }
    assert [item.path for item in found.found] == sorted(item.path for item in found.found)
    assert not found.problems


def test_a_stamp_is_that_of_the_file(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/a.md")
    assert scan_content(root).found[0].stamp == stamp_file(root / "content/posts/a.md")


def test_a_bundle_owns_everything_below_it(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/x/index.md", "posts/x/a.png", "posts/x/deep/er/b.pdf", "posts/x/comments.yaml")
    owner = "content/posts/x/index.md"
    assert roles(scan_content(root)) == {
        "posts/x/index.md": (Role.POST, None),
        "posts/x/a.png": (Role.FILE_BESIDE, owner),
        "posts/x/deep/er/b.pdf": (Role.FILE_BESIDE, owner),
        "posts/x/comments.yaml": (Role.COMMENTS, owner),
    }


@pytest.mark.parametrize(
    "other", ["notes.md", "deep/index.md", "notes.markdown", "deep/comments.yaml", "a.comments.yml"]
)
def test_other_writing_in_a_bundle_is_not_published(tmp_path: Path, other: str) -> None:
    found = scan_content(site(tmp_path, "posts/x/index.md", f"posts/x/{other}"))
    assert list(roles(found)) == ["posts/x/index.md"]
    assert said(found) == [(f"posts/x/{other}", Level.NOTE)]


def test_an_index_of_all_posts_hides_none_of_them(tmp_path: Path) -> None:
    found = scan_content(site(tmp_path, "posts/index.md", "posts/a.md", "posts/b.md"))
    assert list(roles(found)) == ["posts/a.md", "posts/b.md"]
    assert said(found) == [("posts/index.md", Level.NOTE)]


def test_comments_beside_a_post_belong_to_it(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/a.MD", "posts/a.comments.yaml", "posts/b.comments.yml", "posts/comments.yaml")
    found = scan_content(root)
    assert roles(found)["posts/a.comments.yaml"] == (Role.COMMENTS, "content/posts/a.MD")
    assert said(found) == [("posts/b.comments.yml", Level.NOTE), ("posts/comments.yaml", Level.NOTE)]


@pytest.mark.parametrize(
    "path", ["posts/photo.jpg", "posts/deep/er/photo.jpg", "pages/map.png", "newsletters/june.jpg", "posts/plan.pdf"]
)
def test_a_file_beside_documents_belongs_to_none_of_them_yet(tmp_path: Path, path: str) -> None:
    found = scan_content(site(tmp_path, path))
    assert roles(found) == {path: (Role.FILE_BESIDE, None)}
    assert found.problems == ()


def test_a_pages_file_belongs_to_the_nearest_index(tmp_path: Path) -> None:
    root = site(tmp_path, "pages/index.md", "pages/a.png", "pages/x/index.md", "pages/x/y/b.png", "pages/z/c.png")
    found = roles(scan_content(root))
    assert found["pages/a.png"] == (Role.FILE_BESIDE, "content/pages/index.md")
    assert found["pages/x/y/b.png"] == (Role.FILE_BESIDE, "content/pages/x/index.md")
    assert found["pages/z/c.png"] == (Role.FILE_BESIDE, "content/pages/index.md")


def test_what_lies_elsewhere_is_named(tmp_path: Path) -> None:
    found = scan_content(site(tmp_path, "drafts/a.md", "b.md", "newsletters/2020/c.md"))
    assert not found.found
    assert [path for path, _ in said(found)] == ["b.md", "drafts/a.md", "newsletters/2020/c.md"]


def test_backups_and_hidden_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    names = [".hidden.md", "a.md~", ".a.md.swp", "#a.md#", ".DS_Store", "Thumbs.db", ".git/x.md", "a.tmp"]
    assert scan_content(site(tmp_path, *(f"posts/{name}" for name in names))) == ContentScan((), ())


def test_well_known_files_are_static(tmp_path: Path) -> None:
    assert list(roles(scan_content(site(tmp_path, "static/.well-known/security.txt", "static/.htaccess")))) == [
        "static/.well-known/security.txt"
    ]


def test_a_link_out_of_the_site_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    root = site(tmp_path / "site", "posts/a.md")
    (root / "content/posts/link.md").symlink_to(tmp_path / "secret.txt")
    (root / "content/posts/gone.md").symlink_to("nowhere.md")
    (root / "content/posts/self.md").symlink_to("self.md")
    found = scan_content(root)
    assert list(roles(found)) == ["posts/a.md"]
    assert [path for path, _ in said(found)] == ["posts/gone.md", "posts/link.md", "posts/self.md"]
    assert all(problem.level is Level.ERROR for problem in found.problems)


def test_a_site_beside_one_with_a_longer_name_is_outside_it(tmp_path: Path) -> None:
    site(tmp_path / "site-secret", "posts/x.md")
    root = site(tmp_path / "site", "posts/a.md")
    (root / "content/posts/link.md").symlink_to(tmp_path / "site-secret/content/posts/x.md")
    assert list(roles(scan_content(root))) == ["posts/a.md"]


def test_a_link_to_a_file_inside_the_site_is_followed_unless_hidden(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/a.md", "static/.env")
    (root / "content/posts/b.md").symlink_to("a.md")
    (root / "content/static/env.txt").symlink_to(".env")
    found = scan_content(root)
    assert list(roles(found)) == ["posts/a.md", "posts/b.md"]
    assert said(found) == [("static/env.txt", Level.ERROR)]


def test_links_to_folders_are_not_followed_so_loops_end(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/a.md")
    (root / "content/posts/loop").symlink_to(".")
    found = scan_content(root)
    assert list(roles(found)) == ["posts/a.md"]
    assert said(found) == [("posts/loop", Level.ERROR)]


def test_a_site_reached_through_a_link_is_read(tmp_path: Path) -> None:
    site(tmp_path / "real", "posts/a.md")
    (tmp_path / "link").symlink_to("real")
    assert list(roles(scan_content(tmp_path / "link"))) == ["posts/a.md"]


def test_a_folder_named_like_a_post_is_a_folder(tmp_path: Path) -> None:
    assert list(roles(scan_content(site(tmp_path, "posts/folder.md/a.md")))) == ["posts/folder.md/a.md"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    root = site(tmp_path, "posts/a.md")
    os.mkfifo(root / "content/posts/pipe.md")
    assert said(scan_content(root)) == [("posts/pipe.md", Level.ERROR)]


def test_undecodable_and_unprintable_names_are_errors_that_can_be_printed(tmp_path: Path) -> None:
    folder = site(tmp_path, "posts/a.md") / "content/posts"
    for name in (b"caf\xe9.md", b"line\nbreak.md", b"back\\slash.md"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")
    found = scan_content(tmp_path)
    assert list(roles(found)) == ["posts/a.md"]
    assert len(found.problems) == 3
    assert "\n".join(map(str, found.problems)).encode().count(b"\n") == 2
    assert "caf\\xe9.md" in str(found.problems[1])


def test_one_name_in_two_unicode_forms_is_an_error_and_the_first_is_kept(tmp_path: Path) -> None:
    nfc, nfd = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    root = site(tmp_path, f"posts/{nfc}.md", f"posts/{nfd}.md")
    if len(list((root / "content/posts").iterdir())) == 1:
        pytest.skip("this file system holds one of the two alone")
    found = scan_content(root)
    assert [item.path for item in found.found] == [f"content/posts/{nfc}.md"]
    assert [problem.level for problem in found.problems] == [Level.ERROR]
    assert "caf\\xe9" in found.problems[0].message
    assert "cafe\\u0301" in found.problems[0].message


def test_the_key_is_nfc_and_the_real_name_opens_the_file(tmp_path: Path) -> None:
    root = site(tmp_path, unicodedata.normalize("NFD", "posts/é/ü.md"))
    (item,) = scan_content(root).found
    assert item.path == "content/posts/é/ü.md"
    assert (root / item.real).read_text() == "x"


@pytest.mark.parametrize("name", ["CON.md", "aux.notes.md", "lpt1.md", "dir./a.md", "nul.png "])
def test_names_that_windows_cannot_hold_are_noted(tmp_path: Path, name: str) -> None:
    found = scan_content(site(tmp_path, f"static/{name}"))
    assert len(found.found) == 1
    assert [problem.level for problem in found.problems] == [Level.NOTE]


def test_content_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("x")
    assert [problem.level for problem in scan_content(tmp_path).problems] == [Level.ERROR]


def test_content_that_is_a_link_is_an_error(tmp_path: Path) -> None:
    site(tmp_path / "elsewhere", "posts/a.md")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/content").symlink_to(tmp_path / "elsewhere/content")
    found = scan_content(tmp_path / "site")
    assert (found.found, [problem.level for problem in found.problems]) == ((), [Level.ERROR])


def test_a_tree_deeper_than_the_system_allows_ends(tmp_path: Path) -> None:
    folder = tmp_path / "content/posts"
    folder.mkdir(parents=True)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)  # a Path could not go deeper than the longest one
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert [problem.level for problem in scan_content(tmp_path).problems] == [Level.ERROR]
