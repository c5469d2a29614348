"""The table: every kind of file, under every kind of name, beside a post, in content/static and in a theme."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from tests.media.planted import MARKER, TEXT, Planted, all_files, unpacked

FILES = dict(all_files())
WIDE = TEXT.encode("utf-16-le")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], list[str]]:
    """Build a site that holds every file three times: `place/name` → what was published of it; and the problems."""
    root = tmp_path_factory.mktemp("site")
    folders = {
        "bundle": root / "content/posts/2024-01-01-a",
        "static": root / "content/static/files",
        "theme": root / "themes/mine/static/files",
    }
    for folder in folders.values():
        folder.mkdir(parents=True)
        for name, planted in FILES.items():
            (folder / name).write_bytes(planted.data)
    (folders["bundle"] / "index.md").write_text("---\ntitle: A\n---\nText.\n")
    (root / "themes/mine/theme.toml").write_text('extends = "default"\n')
    (root / "site.toml").write_text(
        'title = "T"\nurl = "https://example.org/"\nlanguage = "en"\n[theme]\nname = "mine"\n'
    )
    report = Engine(root, BuildOptions()).build()
    out = root / "output"
    found = {f"bundle/{name}": out / "2024/01/a" / name for name in FILES}
    found |= {f"static/{name}": out / "files" / name for name in FILES}
    for file in (out / "assets/files").iterdir():
        stem, _, rest = file.name.rpartition(".")
        plain = f"{stem.rpartition('.')[0]}.{rest}" if "." in stem else stem
        found[f"theme/{plain}"] = file
    return found, [str(problem) for problem in report.problems]


def test_the_table_has_sixty_files_of_twenty_five_kinds() -> None:
    assert len(FILES) >= 60
    assert len({planted.kind for planted in FILES.values()}) >= 25
    assert all(MARKER in unpacked(planted.data) for planted in FILES.values())


@pytest.mark.parametrize("place", ["bundle", "static", "theme"])
@pytest.mark.parametrize("name", FILES)
def test_nothing_that_was_planted_is_published(
    published: tuple[dict[str, Path], list[str]], place: str, name: str
) -> None:
    files, problems = published
    data = files[f"{place}/{name}"].read_bytes()
    whole = unpacked(data)
    assert MARKER not in whole
    assert WIDE not in whole
    assert b"+48.1234" not in whole
    _check_content(FILES[name], data)
    assert not [problem for problem in problems if f"/{name}" in problem]


def _check_content(planted: Planted, data: bytes) -> None:
    if planted.content is not None:
        assert data.count(planted.content) == planted.data.count(planted.content) or planted.content in data
    elif planted.kind in ("jpeg", "png", "gif", "webp", "avif", "ico"):
        before, after = (Image.open(io.BytesIO(each)).convert("RGB") for each in (planted.data, data))
        assert before.tobytes() == after.tobytes()
    elif planted.kind.startswith("office"):
        assert b"Content Content" in unpacked(data)
