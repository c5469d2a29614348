import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE_TOML = 'title = "Letters"\nurl = "https://example.org/"\n'


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write a whole site from one literal: path below content/ (or site.toml, themes/…) → text."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "site"
        for path, text in {"site.toml": SITE_TOML, **files}.items():
            place = root / (path if path.startswith(("site.toml", "themes/")) else f"content/{path}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
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


@dataclass(frozen=True)
class Letters:
    """A site with what came of it; paths are below its output."""

    root: Path
    report: BuildReport

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def paths(self) -> set[str]:
        return {file.relative_to(self.output).as_posix() for file in self.output.rglob("*") if file.is_file()}

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.report.problems]

    def text(self, path: str) -> str:
        return (self.output / path).read_bytes().decode()

    def html(self, path: str) -> Any:
        """Parse a page: an lxml element."""
        from lxml import html

        return html.fromstring(self.text(path))

    def prose(self, path: str) -> str:
        """Give the HTML of a page's text."""
        from lxml import html

        (prose,) = self.html(path).xpath('//div[@class="prose"]')
        return (prose.text or "") + "".join(html.tostring(child, encoding="unicode") for child in prose)

    def meta(self, path: str, name: str) -> str | None:
        """Read one meta element of a page by its name or property."""
        found = self.html(path).xpath(f'//meta[@name="{name}" or @property="{name}"]/@content')
        return str(found[0]) if found else None

    def feed(self, path: str) -> Any:
        """Parse a feed with feedparser; one that is not well-formed fails the test."""
        import feedparser

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            parsed = feedparser.parse(
                (self.output / path).read_bytes(), sanitize_html=False, resolve_relative_uris=False
            )
        assert not parsed.bozo, (path, parsed.get("bozo_exception"))
        return parsed

    def json(self, path: str) -> Any:
        return json.loads(self.text(path))


@pytest.fixture
def letters(site: Callable[..., Path], build: Callable[..., BuildReport]) -> Callable[..., Letters]:
    """Write and build a site in one go: `letters({"posts/2024-01-01-a.md": post()}, drafts=True)`."""

    def make(files: Mapping[str, str | bytes], **options: Any) -> Letters:
        root = site(files)
        return Letters(root, build(root, **options))

    return make


@pytest.fixture
def post() -> Callable[..., str]:
    """Write a source: `post("Title", "Text.", tags=["x"])`."""

    def write(title: str = "Hello", body: str = "Text.", **keys: object) -> str:
        lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())
        return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n{lines}---\n{body}\n"

    return write


@pytest.fixture
def config() -> Callable[[str], str]:
    """Write site.toml: the least a site needs, and more lines."""
    return lambda more: SITE_TOML + more
