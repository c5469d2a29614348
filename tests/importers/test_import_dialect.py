"""The dialect that imported texts mean is set where nobody has chosen one, and nothing else in site.toml changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.config import load_config
from generator.importers.import_model import DialectMatch, ImportOutcome
from generator.scaffold.new_site import create_site

pytest.importorskip("pyromark", reason="the second dialect is an extra: pip install 'openletter[commonmark]'")

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
HUGO = {"content/a.md": "---\ntitle: A\ndate: 2020-01-01\nweight: 1\n---\n- a\n  - b\n"}
PELICAN = {"content/a.md": "Title: A\nDate: 2020-01-01\n\nText.\n"}


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "\n# mine\n[images]\nhosts = []\n",
        "[markup] # mine\ntypography = false\n",
        "[markup]\r\ntypography = false\r\n",
    ],
)
def test_it_is_set_and_all_else_stays(blog: Blog, bring: Bring, site: Path, extra: str) -> None:
    file = site / "site.toml"
    file.write_bytes(file.read_bytes() + extra.encode())
    before = file.read_bytes().decode()
    outcome = bring(blog(HUGO))
    assert (outcome.dialect, outcome.dialect_chosen) == (DialectMatch.COMMONMARK, True)
    assert load_config(site)[0].markup.engine == "commonmark"
    left = file.read_bytes().decode().replace('engine = "commonmark"', "")
    assert [line for line in left.split() if line != "[markup]"] == [
        line for line in before.split() if line != "[markup]"
    ]
    written = file.read_bytes()
    bring(blog(HUGO))
    assert file.read_bytes() == written


@pytest.mark.parametrize(
    "extra", ['[markup]\nengine = "markdown"\n', "markup = {typography = true}\n", "markup.typography = true\n"]
)
def test_what_somebody_chose_or_wrote_in_another_form_stays(blog: Blog, bring: Bring, site: Path, extra: str) -> None:
    file = site / "site.toml"
    file.write_text(file.read_text() + extra)
    before = file.read_bytes()
    assert bring(blog(HUGO)).dialect is DialectMatch.DIFFERS
    assert file.read_bytes() == before
    assert "CommonMark" in (site / "import-report.md").read_text()


def test_texts_of_pelican_mean_the_default(blog: Blog, bring: Bring, site: Path) -> None:
    before = (site / "site.toml").read_bytes()
    assert bring(blog(PELICAN)).dialect is DialectMatch.OURS
    assert (site / "site.toml").read_bytes() == before


def test_a_site_with_posts_has_chosen(blog: Blog, bring: Bring, site: Path) -> None:
    (site / "content/posts").mkdir(parents=True)
    (site / "content/posts/2020-01-01-mine.md").write_text("---\ntitle: Mine\n---\n")
    assert bring(blog(HUGO)).dialect is DialectMatch.DIFFERS


def test_the_post_that_init_writes_is_no_choice(blog: Blog, bring: Bring, site: Path) -> None:
    (site / "site.toml").unlink()
    create_site(site)
    assert bring(blog(HUGO)).dialect_chosen


def test_a_trial_sets_nothing(blog: Blog, bring: Bring, site: Path) -> None:
    before = (site / "site.toml").read_bytes()
    assert bring(blog(HUGO), dry_run=True).dialect_chosen
    assert (site / "site.toml").read_bytes() == before
