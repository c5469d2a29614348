from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.contestants import LIKE, PEERS
from benchmarks.real import edit_description, edit_site_title, edit_template, edit_title
from benchmarks.real_sites import count_posts, lay_out_hugo, own_site, read_source


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    own_site(folder)
    return folder


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: A letter\ndate: 2026-03-01\n---\nText.\n",
        '+++\ntitle = "A letter"\ndate = 2026-03-01\n+++\nText.\n',
        '{\n"title": "A letter",\n"date": "2026-03-01"\n}\nText.\n',
    ],
)
def test_every_form_of_front_matter_is_read(source: str, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(source)
    values, body = read_source(tmp_path / "post.md")
    assert (values["title"], str(values["date"]), body.strip()) == ("A letter", "2026-03-01", "Text.")


def test_hugo_gets_every_post_with_its_day_and_slug_and_old_addresses_only_for_like_output(
    site: Path, tmp_path: Path
) -> None:
    post = site / "content/posts/2026-03-01-a-day.md"
    post.write_text('---\ntitle: A day\ndate: "2026-03-01 09:00:00 -0500"\naliases: [/old/]\n---\n{{< film >}}\n')
    lay_out_hugo(LIKE, site, tmp_path / "like")
    lay_out_hugo(PEERS["hugo"], site, tmp_path / "plain")
    values, body = read_source(tmp_path / "like/content/posts/2026-03-01-a-day.md")
    assert values == {"title": "A day", "date": "2026-03-01T09:00:00", "slug": "a-day", "aliases": ["/old/"]}
    assert body == "{ {< film >}}\n"
    assert "aliases" not in read_source(tmp_path / "plain/content/posts/2026-03-01-a-day.md")[0]
    assert count_posts(tmp_path / "like") == count_posts(site)


def test_each_edit_of_a_real_site_changes_what_it_says(site: Path) -> None:
    def changed_by(edit: object) -> set[str]:
        before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
        edit(site, 1)  # type: ignore[operator]
        now = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
        return {file.name for file, data in now.items() if before.get(file) != data}

    (title,) = changed_by(edit_title)
    assert title.endswith(".md")
    assert changed_by(edit_description) == changed_by(edit_site_title) == {"site.toml"}
    assert changed_by(edit_template) == {"site.toml", "theme.toml", "base.html"}
    assert 'name = "ours"' in (site / "site.toml").read_text()
