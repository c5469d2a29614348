"""`theme new` and `theme copy`: a copy changes no page until somebody changes the copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator import __version__
from generator.cli import cli
from tests.factories import SITE_TOML, build_site, post, tree, write_site

FILES = {
    "posts/2024-01-01-a.md": post("A", "Text.\n\n## One\n\nMore.\n\n## Two\n\nMore.", tags=["t"], series="S"),
    "posts/2024-01-02-b.md": post("B"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", FILES)


def run(root: Path, *words: str) -> Any:
    return CliRunner().invoke(cli, ["theme", *words, "--site", str(root)])


def pages(root: Path) -> dict[str, bytes]:
    assert build_site(root).problems == ()
    return {path: data for path, data in tree(root / "output").items() if not path.startswith("assets/")}


def test_a_new_theme_builds_and_its_style_sheet_is_on_every_page(root: Path) -> None:
    result = run(root, "new", "ours")
    assert result.exit_code == 0, result.output
    assert 'theme = "ours"' in result.output
    (root / "site.toml").write_text(SITE_TOML + 'theme = "ours"\n')
    for path, data in pages(root).items():
        assert b"/assets/ours." in data or not path.endswith("index.html"), path


def test_copies_of_templates_and_blocks_change_no_page(root: Path) -> None:
    run(root, "new", "ours")
    (root / "site.toml").write_text(SITE_TOML + 'theme = "ours"\n')
    before = pages(root)
    for words in (
        ("partials/card.html",),
        ("partials/masthead.html",),
        ("page.html",),
        ("mail/issue.txt",),
        ("post.html", "--block", "byline"),
        ("home.html", "--block", "posts"),
        ("tag.html", "--block", "list_head"),
        ("404.html", "--block", "footer"),
    ):
        result = run(root, "copy", *words)
        assert result.exit_code == 0, (words, result.output)
        copy = (root / "themes/ours/templates" / words[0]).read_text()
        assert copy.splitlines()[0].endswith(f"copied from the theme default of Openletter {__version__}. #}}")
        assert ("{% extends " in copy.splitlines()[1]) or "--block" not in words
    assert pages(root) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("copy", "partials/cards.html"), 'Did you mean "partials/card.html"?'),
        (("copy", "post.html", "--block", "bylines"), 'Did you mean "byline"?'),
        (("copy", "../site.toml"), 'There is no template "../site.toml" to copy.'),
        (("copy", "base.html"), "Your theme has this template already."),
        (("new", "ours"), "This theme already exists."),
        (("new", "../ours"), "cannot be the name of a new theme"),
        (("new", "default"), "cannot be the name of a new theme"),
        (("new", "Ours Two"), "cannot be the name of a new theme"),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(root: Path, words: tuple[str, ...], said: str) -> None:
    run(root, "new", "ours")
    (root / "site.toml").write_text(SITE_TOML + 'theme = "ours"\n')
    before = tree(root)
    result = run(root, *words)
    assert result.exit_code == 2
    assert said in result.output
    assert tree(root) == before


def test_a_site_without_a_theme_of_its_own_is_told_how_to_start_one(root: Path) -> None:
    result = run(root, "copy", "partials/card.html")
    assert result.exit_code == 2
    assert "openletter theme new ours" in result.output
    assert not (root / "themes").exists()


def test_a_theme_that_site_toml_does_not_use_yet_is_named_with_the_line_to_write(root: Path) -> None:
    assert "openletter theme new ours" in run(root, "copy", "page.html").output
    run(root, "new", "ours")
    result = run(root, "copy", "page.html")
    assert result.exit_code == 2
    assert 'Write in site.toml, above the first section: theme = "ours"' in " ".join(result.output.split())
