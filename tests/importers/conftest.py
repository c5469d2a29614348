from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.cli.import_ import make_reader
from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions, ImportOutcome
from generator.importers.markdown.markdown_reader import MarkdownReader
from tests.factories import write_files, write_site

SITE_TOML = 'title = "Blog"\nurl = "https://example.org/"\ntimezone = "America/New_York"\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site without posts."""
    return write_site(tmp_path / "site", {"site.toml": SITE_TOML})


@pytest.fixture
def take(site: Path) -> Callable[..., ImportOutcome]:
    """Import the files of an export into the site: `take("wordpress", file, pending=True)`."""

    def run(kind: str, *sources: Path, **options: Any) -> ImportOutcome:
        return import_source(site, ImportOptions(sources, **options), make_reader(kind))

    return run


@pytest.fixture
def blog(tmp_path: Path) -> Callable[..., Path]:
    """Write a blog from one literal: path → text."""

    return lambda files, name="blog": write_files(tmp_path / name, files)


@pytest.fixture
def bring(site: Path) -> Callable[..., ImportOutcome]:
    """Import folders into the site: `bring(blog, assets=(…))`."""

    def run(*sources: Path, **options: Any) -> ImportOutcome:
        return import_source(site, ImportOptions(sources, **options), MarkdownReader())

    return run
