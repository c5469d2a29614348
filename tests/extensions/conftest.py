from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.tools.verify import verify
from generator.errors import ConfigError, Problem
from generator.model import BuildReport

CLOCK = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC))
SITE = 'title = "T"\nurl = "https://example.org/"\ntheme = "own"\n[extensions]\nuse = [{}]\n'
POST = "---\ntitle: {}\n---\nText.\n"


@dataclass
class Folder:
    """A site with a theme of its own: `post.html` and `home.html` are as short as can be."""

    root: Path

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def use(self, *names: str, more: str = "") -> None:
        self.write("site.toml", SITE.format(", ".join(f'"{name}"' for name in names)) + more)

    def extension(self, code: str, path: str = "extensions/mine.py") -> None:
        """Write an extension; the code of `extend` begins on its line 2."""
        self.write(path, code)

    def template(self, name: str, text: str) -> None:
        self.write(f"themes/own/templates/{name}.html", text)

    def post(self, name: str, text: str | None = None) -> None:
        self.write(f"content/posts/2024-01-01-{name}.md", POST.format(name) if text is None else text)

    def build(self, **options: Any) -> BuildReport:
        return Engine(self.root, BuildOptions(**options), CLOCK).build()

    def verify(self) -> tuple[Problem, ...]:
        return verify(self.root, BuildOptions(), CLOCK)

    def refused(self) -> list[Problem]:
        """Build a site that cannot be built."""
        with pytest.raises(ConfigError) as caught:
            self.build()
        return list(caught.value.problems)

    def page(self, path: str) -> str:
        return (self.root / "output" / path).read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    site = Folder(tmp_path / "site")
    site.use("mine")
    (site.root / "themes/own").mkdir(parents=True)
    site.post("a")
    site.post("b")
    return site


@pytest.fixture
def a() -> str:
    return "2024/01/a/index.html"


@pytest.fixture
def adding() -> Callable[[str], str]:
    """Write an extension around the lines of its `extend`."""
    return lambda lines: "def extend(registry):\n" + "".join(f"    {line}\n" for line in lines.splitlines())
