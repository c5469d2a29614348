"""Which file answers at which address, and that none outside the folder ever does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.preview.output_files import find_output, is_safe

HOSTILE = [
    b"/../secret.txt",
    b"/..%2fsecret.txt",
    b"/%2e%2e/secret.txt",
    b"/%2e%2e%2fsecret.txt",
    b"/a/../../secret.txt",
    b"/..\\secret.txt",
    b"/..%5csecret.txt",
    b"/%5c%5chost%5cshare",
    b"//secret.txt",
    b"/a//index.html",
    b"/./a/",
    b"/a/index.html%00.txt",
    b"/%00",
    b"/a%0d%0aX: y",
    b"/%ff",
    b"/%c0%ae%c0%ae/secret.txt",
    b"/link.txt",
    b"/linked/secret.txt",
    b"/.openletter-output",
    b"/.openletter-part",
    b"http://evil.example/a/",
    b"*",
    b"",
    b"/C:/Windows/win.ini",
    b"/" + b"a/" * 3000,
    b"/" + b"a" * 5000,
]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "site"
    for path in ("index.html", "a/index.html", "b.html", "größe/index.html", "a b/c.txt", ".well-known/security.txt"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    (folder / ".openletter-output").write_text("ours")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    return folder


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (b"/", "index.html"),
        (b"/a/", "a/index.html"),
        (b"/a/index.html", "a/index.html"),
        (b"/b", "b.html"),
        (b"/b.html", "b.html"),
        (b"/gr%C3%B6%C3%9Fe/", "größe/index.html"),
        (b"/a%20b/c.txt", "a b/c.txt"),
        (b"/.well-known/security.txt", ".well-known/security.txt"),
    ],
)
def test_a_clean_address_is_answered_by_its_file(output: Path, address: bytes, path: str) -> None:
    place = find_output(address, "/", output)
    assert (place.path, place.redirect) == (path, "")
    assert place.file
    assert place.file.read_text() == path


def test_a_folder_without_its_slash_is_sent_to_it(output: Path) -> None:
    assert find_output(b"/a", "/", output).redirect == "/a/"
    assert find_output(b"/gr%C3%B6%C3%9Fe", "/", output).redirect == "/gr%C3%B6%C3%9Fe/"


def test_the_base_path_is_honoured(output: Path) -> None:
    assert find_output(b"/blog/a/", "/blog/", output).path == "a/index.html"
    assert find_output(b"/", "/blog/", output).redirect == "/blog/"
    assert find_output(b"/blog", "/blog/", output).redirect == "/blog/"
    assert find_output(b"/a/", "/blog/", output) == find_output(b"/blogs/a/", "/blog/", output)
    assert find_output(b"/a/", "/blog/", output).file is None


def test_what_is_not_there_says_where_it_would_be(output: Path) -> None:
    assert find_output(b"/new/page/", "/", output).path == "new/page/index.html"


@pytest.mark.parametrize("address", HOSTILE, ids=lambda address: repr(address[:24]))
def test_nothing_outside_the_folder_answers(output: Path, address: bytes) -> None:
    place = find_output(address, "/", output)
    assert (place.file, place.redirect) == (None, "")


@given(st.text(alphabet="./\\%2eab \0:~", max_size=30).map(os.fsencode) | st.binary(max_size=20))
def test_no_address_leads_out_or_fails(output_folder: Path, address: bytes) -> None:
    place = find_output(b"/" + address, "/", output_folder)
    assert place.file is None or place.file.is_relative_to(output_folder)
    assert not place.redirect.startswith("//")


@pytest.fixture(scope="module")
def output_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "site"
    (folder / "a").mkdir(parents=True)
    (folder / "a/index.html").write_text("a")
    (folder.parent / "b").write_text("secret")
    return folder.resolve()


def test_paths_that_leave_or_are_the_generator_s_own_are_not_safe() -> None:
    assert is_safe("")
    assert is_safe("2024/01/a/index.html")
    assert not any(map(is_safe, ("../a", "a/../b", "/a", "a//b", ".openletter-output", "a/.", "a/")))
