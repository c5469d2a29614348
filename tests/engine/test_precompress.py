"""`build --precompress`: copies of texts for web servers, which are outputs like all others."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import brotli
import pytest

from generator.engine import compression
from generator.errors import ConfigError
from tests.factories import NOW, Site, build_site, post, tree, write_site

FILES: dict[str, str | bytes] = {
    "posts/2024-01-01-a.md": post("A", "Words. " * 50, tags=["t"]),
    "posts/2024-01-02-b.md": post("B", "Words. " * 50),
    "static/data.json": '{"a": [' + "1, " * 200 + "1]}",
    "static/tiny.txt": "x",
    "static/pixel.png": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
        b"\0\0\0\x0cIDATx\x9cc```\0\0\0\4\0\1\xf6\x178U\0\0\0\0IEND\xaeB`\x82"
    ),
}
A = "2024/01/a/index.html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("made") / "site", FILES)
    build_site(root, precompress=True)
    return root


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Site:
    return Site(Path(shutil.copytree(made, tmp_path / "site")), {"precompress": True})


def copies(files: dict[str, bytes]) -> set[str]:
    return {path for path in files if path.endswith((".gz", ".br"))}


def assert_equals_clean(site: Site) -> None:
    place = site.root.parent / "clean"
    shutil.rmtree(place, ignore_errors=True)
    build_site(site.root, **site._last | {"output": place / "output", "state": place / "state"})
    assert tree(site.output) == tree(place / "output")


def test_each_text_has_copies_that_unpack_to_it_and_are_smaller(made: Path) -> None:
    files = tree(made / "output")
    assert {f"{A}.gz", f"{A}.br", "feed.xml.gz", "data.json.br", "sitemap.xml.gz", "404.html.br"} <= copies(files)
    for path in copies(files):
        unpack = gzip.decompress if path.endswith(".gz") else brotli.decompress
        assert unpack(files[path]) == files[path[:-3]]
        assert len(files[path]) < len(files[path[:-3]])


@pytest.mark.parametrize("path", ["tiny.txt", "pixel.png", ".openletter-output"])
def test_what_does_not_get_smaller_or_is_no_text_has_none(made: Path, path: str) -> None:
    assert not {f"{path}.gz", f"{path}.br"} & copies(tree(made / "output"))


def test_fonts_and_pictures_of_the_theme_have_none(made: Path) -> None:
    assert not [path for path in copies(tree(made / "output")) if ".woff2" in path or ".png" in path]


def test_an_edit_compresses_only_what_it_changes(site: Site) -> None:
    before = {path: (site.root / "output" / path).stat().st_mtime_ns for path in tree(site.root / "output")}
    site.edit("content/posts/2024-01-01-a.md", "Words. Words.", "Other words.")
    report = site.build()
    changed = {path for path in report.written if not path.endswith((".gz", ".br"))}
    assert set(report.written) == changed | {path + end for path in changed for end in (".gz", ".br")}
    same = before.keys() - set(report.written)
    assert len(same) > 50
    assert all((site.output / path).stat().st_mtime_ns == before[path] for path in same)
    assert_equals_clean(site)


def test_a_build_with_nothing_to_do_writes_nothing(site: Site) -> None:
    report = site.build()
    assert (report.rendered, report.written, report.deleted) == ({}, (), ())


def test_copies_go_with_their_page(site: Site) -> None:
    (site.root / "content/posts/2024-01-01-a.md").unlink()
    assert {A, f"{A}.gz", f"{A}.br"} <= set(site.build().deleted)
    assert_equals_clean(site)


def test_without_the_flag_all_copies_go_and_with_it_they_come_back(site: Site) -> None:
    with_copies = tree(site.root / "output")
    report = site.build(precompress=False)
    assert set(report.deleted) == copies(with_copies)
    assert not copies(tree(site.output))
    assert_equals_clean(site)
    site.build()
    assert tree(site.output) == with_copies


@pytest.mark.parametrize("damage", [None, b"", b"spoilt"])
def test_a_damaged_copy_is_made_again(site: Site, damage: bytes | None) -> None:
    file = site.root / "output" / f"{A}.gz"
    good = file.read_bytes()
    file.unlink() if damage is None else file.write_bytes(damage)
    assert site.build().written == (f"{A}.gz",)
    assert file.read_bytes() == good


def test_a_page_that_gets_too_small_loses_its_copies(site: Site) -> None:
    site.write("content/static/data.json", "{}")
    assert {"data.json.gz", "data.json.br"} <= set(site.build().deleted)
    assert_equals_clean(site)


@pytest.mark.parametrize("path", ["data.json.gz", "feed.xml.br"])
def test_a_file_of_the_sites_own_is_never_replaced(site: Site, path: str) -> None:
    site.write(f"content/static/{path}", b"mine")
    site.build()
    assert (site.output / path).read_bytes() == b"mine"
    assert_equals_clean(site)
    (site.root / "content/static" / path).unlink()
    site.build()
    assert_equals_clean(site)


def test_another_version_of_the_library_compresses_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = tuple(compression.Method(each.suffix, lambda: "newer", each.compress) for each in compression.METHODS)
    monkeypatch.setattr("generator.engine.stages.compress.METHODS", newer)
    site.edit("content/posts/2024-01-01-a.md", "Words. Words.", "Other words.")
    site.build()
    from generator.store.state import Store

    with Store(site.root / ".openletter") as store:
        rows = [row for row in store.targets() if row.kind == "compressed"]
    assert rows
    assert all(b'"newer"' in row.args for row in rows)


def test_a_killed_build_leaves_no_copy_that_the_next_one_does_not_know(site: Site) -> None:
    class StopError(BaseException):
        pass

    def stop(stage: str, done: int, _total: int) -> None:
        if stage == "compress" and done == 3:
            raise StopError

    from generator.clock import Clock
    from generator.engine.engine import Engine
    from generator.engine.options import BuildOptions

    shutil.rmtree(site.root / "output")
    shutil.rmtree(site.root / ".openletter")
    with pytest.raises(StopError):
        Engine(site.root, BuildOptions(precompress=True), Clock(NOW)).build(stop)
    assert copies(tree(site.root / "output"))
    site.build(precompress=False)
    assert not copies(tree(site.output))


def test_without_the_library_nothing_is_built_and_the_line_to_type_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_site(tmp_path, {"posts/2024-01-01-a.md": post("A")})
    monkeypatch.setattr(compression, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'openletter\[precompress\]'"):
        build_site(root, precompress=True)
    assert not (root / "output").exists()


def test_the_command_has_the_flag(site: Site) -> None:
    from click.testing import CliRunner

    from generator.cli import cli

    result: Any = CliRunner().invoke(cli, ["build", "--site", str(site.root), "--precompress", "--verify"])
    assert result.exit_code == 0, result.output


def test_the_bytes_have_no_time_no_name_and_no_system() -> None:
    """Source: RFC 1952, section 2.3: flags 0, time 0, system 255."""
    made = compression.METHODS[0].compress(b"words " * 100)
    assert made[:10] == b"\x1f\x8b\x08\0\0\0\0\0\2\xff"
    assert gzip.decompress(made) == b"words " * 100
