from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.build.engine import Engine
from generator.build.options import BuildOptions
from generator.clock import Clock
from generator.model import BuildReport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE_TOML = 'title = "Letters"\nurl = "https://example.org/"\n'


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write a whole site from one literal: path below content/ (or site.toml, themes/…) → text."""

    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "site"
        for path, text in {"site.toml": SITE_TOML, **files}.items():
            place = root / (path if path.startswith(("site.toml", "themes/")) else f"content/{path}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8", "surrogateescape"))
        return root

    return write


@pytest.fixture
def build() -> Callable[..., BuildReport]:
    """Build a site as of a fixed day: `build(root, drafts=True)`."""

    def run(root: Path, **options: Any) -> BuildReport:
        return Engine(root, BuildOptions(**options), Clock(NOW)).build()

    return run


@pytest.fixture
def page() -> Callable[[Path, str], str]:
    """Read an output file: `page(root, "2024/01/a/index.html")`."""

    def read(root: Path, path: str) -> str:
        return (root / "output" / path).read_text(encoding="utf-8")

    return read
