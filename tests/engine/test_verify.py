from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.config import load_config
from generator.engine.options import BuildOptions
from generator.engine.tools.explain import explain
from generator.engine.tools.verify import verify
from tests.factories import CLOCK, build_site, post

THEME = {
    "site.toml": 'title = "T"\nurl = "https://example.org/b/"\ntheme = "mine"\n',
    "themes/mine/theme.toml": 'extends = "default"\n',
}
POST = post("A")


@pytest.fixture
def root(site: Callable[[Mapping[str, str]], Path]) -> Path:
    return site({**THEME, "posts/2024-01-01-a.md": POST, "posts/2024-01-02-b.md": post("B")})


def test_an_up_to_date_output_is_what_a_build_from_nothing_gives(root: Path) -> None:
    build_site(root)
    (root / "content/posts/2024-01-01-a.md").write_text(POST + "More.\n")
    build_site(root)
    assert verify(root, BuildOptions(), CLOCK) == ()


def test_a_page_that_shows_what_it_did_not_read_is_named(root: Path) -> None:
    """A template that reaches round the tracked site: what no review finds, this must."""
    template = root / "themes/mine/templates/post.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ site.context.queries.index.posts|length }}{{ doc.title }}{{ newer is none }}")
    build_site(root)
    (root / "content/posts/2024-01-03-c.md").write_text(POST.replace("A", "C"))
    build_site(root)
    problems = verify(root, BuildOptions(), CLOCK)
    assert [problem.path for problem in problems] == ["2024/01/a/index.html"]
    assert "not pure" in problems[0].hint


@pytest.mark.parametrize("url", ["https://example.org/b/2024/01/a/", "/b/2024/01/a/", "/2024/01/a", "2024/01/a/"])
def test_a_rebuild_is_explained(root: Path, url: str) -> None:
    build_site(root)
    config = load_config(root)[0]
    assert "nothing that it shows has changed" in explain(build_site(root), config, url, root / "output")
    (root / "content/posts/2024-01-01-a.md").write_text(POST + "More.\n")
    assert "the text of content/posts/2024-01-01-a.md has changed" in explain(
        build_site(root), config, url, root / "output"
    )


def test_an_address_without_a_page_is_not_called_unchanged(root: Path) -> None:
    said = explain(build_site(root), load_config(root)[0], "/2024/01/aa/", root / "output")
    assert said == 'There is no page at /2024/01/aa/. Did you mean "/2024/01/a/"?'
