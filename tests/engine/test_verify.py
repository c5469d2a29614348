from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.clock import Clock
from generator.config import load_config
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.tools.explain import explain
from generator.engine.tools.verify import verify
from generator.model import BuildReport

CLOCK = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC))
THEME = {
    "site.toml": 'title = "T"\nurl = "https://example.org/b/"\ntheme = "mine"\n',
    "themes/mine/theme.toml": 'extends = "default"\n',
}
POST = "---\ntitle: A\n---\nText.\n"


@pytest.fixture
def root(site: Callable[[Mapping[str, str]], Path]) -> Path:
    return site({**THEME, "posts/2024-01-01-a.md": POST, "posts/2024-01-02-b.md": POST.replace("A", "B")})


def build(root: Path) -> BuildReport:
    return Engine(root, BuildOptions(), CLOCK).build()


def test_an_up_to_date_output_is_what_a_build_from_nothing_gives(root: Path) -> None:
    build(root)
    (root / "content/posts/2024-01-01-a.md").write_text(POST + "More.\n")
    build(root)
    assert verify(root, BuildOptions(), CLOCK) == ()


def test_a_page_that_shows_what_it_did_not_read_is_named(root: Path) -> None:
    """A template that reaches round the tracked site: what no review finds, this must."""
    template = root / "themes/mine/templates/post.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ site.world.queries.index.posts|length }}{{ doc.title }}{{ newer is none }}")
    build(root)
    (root / "content/posts/2024-01-03-c.md").write_text(POST.replace("A", "C"))
    build(root)
    problems = verify(root, BuildOptions(), CLOCK)
    assert [problem.path for problem in problems] == ["2024/01/a/index.html"]
    assert "not pure" in problems[0].hint


@pytest.mark.parametrize("url", ["https://example.org/b/2024/01/a/", "/b/2024/01/a/", "/2024/01/a", "2024/01/a/"])
def test_a_rebuild_is_explained(root: Path, url: str) -> None:
    build(root)
    config = load_config(root)[0]
    assert "nothing that it shows has changed" in explain(build(root), config, url)
    (root / "content/posts/2024-01-01-a.md").write_text(POST + "More.\n")
    assert "the text of content/posts/2024-01-01-a.md has changed" in explain(build(root), config, url)
