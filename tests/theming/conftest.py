from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import write_files

Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def themes(tmp_path: Path) -> Write:
    """Write files below themes/ of a site and give the site's folder."""

    def write(files: dict[str, str]) -> Path:
        return write_files(tmp_path, {f"themes/{name}": text for name, text in files.items()})

    return write
