from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport

SITE_TOML = b'title = "T"\nurl = "https://example.org/"\n'


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write a site: path below content/ (or site.toml, themes/…) → content."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "site"
        for path, data in {"site.toml": SITE_TOML, **files}.items():
            place = root / (path if path.startswith(("site.toml", "themes/")) else f"content/{path}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data if isinstance(data, bytes) else data.encode())
        return root

    return write


@pytest.fixture
def build() -> Callable[..., BuildReport]:
    """Build a site."""

    def run(root: Path, **options: Any) -> BuildReport:
        return Engine(root, BuildOptions(**options)).build()

    return run
