from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.importers.markdown import import_markdown
from generator.importers.values import Options, Outcome
from generator.model import BuildReport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE_TOML = 'title = "Blog"\nurl = "https://example.org/"\ntimezone = "America/New_York"\n'


def make_site(folder: Path, extra: str = "") -> Path:
    """Make a site without posts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(SITE_TOML + extra)
    return folder


def build_site(root: Path) -> BuildReport:
    """Build a site as of a fixed day."""
    return Engine(root, BuildOptions(), Clock(NOW)).build()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site")


@pytest.fixture
def build() -> Callable[[Path], BuildReport]:
    return build_site


@pytest.fixture
def blog(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write a blog from one literal: path → text."""

    def write(files: Mapping[str, str | bytes], name: str = "blog") -> Path:
        root = tmp_path / name
        for path, content in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def bring(site: Path) -> Callable[..., Outcome]:
    """Import folders into the site: `bring(blog, assets=(…))`."""

    def run(*sources: Path, **options: Any) -> Outcome:
        return import_markdown(site, Options(sources, **options))

    return run
