"""Posts and whole sites for tests: written from one literal, built as of a fixed day, edited, built again."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.folders import default_output
from generator.engine.options import BuildOptions
from generator.engine.tools.verify import verify
from generator.errors import Problem
from generator.model import BuildReport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOCK = Clock(NOW)
SITE_TOML = 'title = "Letters"\nurl = "https://example.org/"\n'
OUTSIDE_CONTENT = ("site.toml", "content/", "extensions/", "themes/")
Files = Mapping[str, str | bytes]


def post(title: str = "Hello", body: str = "Text.", **keys: object) -> str:
    """Write a source whose values are of the type they have here: `post("Title", "Text.", tags=["x"])`."""
    return plain_post(_yaml(title), body, **{key: _yaml(value) for key, value in keys.items()})


def plain_post(title: str = "A", body: str = "Text.", **keys: str) -> str:
    """Write a source as people do, its values unquoted: a date is a date, `tags="x, y"` one string."""
    lines = "".join(f"{key}: {value}\n" for key, value in {"title": title, **keys}.items())
    return f"---\n{lines}---\n{body}\n"


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def monthly_posts(count: int, body: str = "Text.") -> dict[str, str | bytes]:
    """Write posts p0, p1 … of one tag, one a month from January 2000 on: path → source."""
    return {
        f"posts/{2000 + n // 12}-{n % 12 + 1:02}-01-p{n}.md": post(f"P{n}", body, tags=["all"]) for n in range(count)
    }


def without_history(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Leave out the problems that compare with the past: a build from nothing has none."""
    return tuple(problem for problem in problems if problem.code not in ("address-gone", "feed-gone"))


def config(more: str = "") -> str:
    """Write site.toml: the least a site needs, and more lines from line 3 on."""
    return SITE_TOML + more


def write_files(root: Path, files: Files) -> Path:
    """Write files below a folder, and give the folder: path → text or bytes."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return root


def write_site(root: Path, files: Files) -> Path:
    """Write a site, and give its folder: path below content/ (or site.toml, themes/…, extensions/…) → text or bytes."""
    placed = {path if path.startswith(OUTSIDE_CONTENT) else f"content/{path}": text for path, text in files.items()}
    return write_files(root, {"site.toml": SITE_TOML} | placed)


def tree(root: Path) -> dict[str, bytes]:
    """Read every file below a folder: path → bytes."""
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def build_site(root: Path, now: datetime = NOW, **options: Any) -> BuildReport:
    """Build a site as of a fixed day: `build_site(root, drafts=True)`."""
    return Engine(root, BuildOptions(**options), Clock(now)).build()


@dataclass
class Site:
    """A site with what came of its last build; paths are below its output."""

    root: Path
    options: dict[str, Any] = field(default_factory=dict)
    _report: BuildReport | None = None
    _last: dict[str, Any] = field(default_factory=dict)

    @property
    def report(self) -> BuildReport:
        assert self._report is not None, "the site is not built yet"
        return self._report

    def build(self, **options: Any) -> BuildReport:
        self._last = self.options | options
        self._report = build_site(self.root, **self._last)
        return self._report

    def verify(self) -> tuple[Problem, ...]:
        return verify(self.root, BuildOptions(), CLOCK)

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file of the site; the path is below its root."""
        write_files(self.root, {path: text})

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text that must be in a file of the site."""
        text = (self.root / path).read_bytes().decode()
        assert before in text, (path, before)
        self.write(path, text.replace(before, after))

    @property
    def output(self) -> Path:
        return default_output(
            self.root, BuildOptions(**{key: value for key, value in self._last.items() if key != "now"})
        )

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

    def xml(self, path: str) -> Any:
        """Parse an XML file: an lxml element."""
        from lxml import etree

        return etree.fromstring((self.output / path).read_bytes())

    def json(self, path: str) -> Any:
        return json.loads(self.text(path))
