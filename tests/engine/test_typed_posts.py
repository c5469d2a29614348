"""What people type, through a whole build: the page, the problems, and the samples that were reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.errors import Level
from tests.factories import build_site, tree, write_site

POST = """---
Title: The phones
date: 2026-05-01
updates:
- date: 2026-05-02
  note: See www.example.org for the <new> figure
---

# The Phones

\tDear colleagues, :tada:

See [the plan](www.example.org/plan) or write to jane@example.org:
• soon
"""
SITE = 'title = "T"\nurl = "https://letters.example.org/"\n[markup]\nengine = "{}"\nemoji = true\n'


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_post_as_a_phone_types_it_is_built_and_told(engine: str, tmp_path: Path) -> None:
    write_site(tmp_path, {"site.toml": SITE.format(engine), "content/posts/phones.md": POST})
    report = build_site(tmp_path)
    found = [(p.line, p.column, p.level, p.code) for p in report.problems if p.path.endswith("phones.md")]
    assert found == [
        (9, 1, Level.NOTE, "title-repeated"),
        (11, 1, Level.WARNING, "indented-paragraph"),
        (13, 16, Level.WARNING, "link-without-scheme"),
    ]
    page = (tmp_path / "output/2026/05/phones/index.html").read_text()
    assert page.count("The Phones") == 0
    assert "<p>Dear colleagues, 🎉</p>" in page
    assert '<a href="https://www.example.org/plan">the plan</a>' in page
    assert '<a href="mailto:jane@example.org">jane@example.org</a>' in page
    assert "<li>soon</li>" in page
    assert 'See <a href="https://www.example.org">www.example.org</a> for the &lt;new&gt; figure' in page
    feed = (tmp_path / "output/feed.xml").read_text()
    assert 'href="https://www.example.org"' in feed


def test_an_issue_s_corrections_have_links(tmp_path: Path) -> None:
    """An issue lists the edits of posts since the last one."""
    note = "updates: [{date: 2026-05-02, note: See www.example.org}]"
    write_site(
        tmp_path,
        {
            "posts/2026-04-01-a.md": f"---\ntitle: A\n{note}\n---\nText.\n",
            "newsletters/2026-04-02-one.md": "---\ntitle: One\nposts: [a]\n---\nHello.\n",
            "newsletters/2026-05-03-two.md": "---\ntitle: Two\n---\nHello.\n",
        },
    )
    build_site(tmp_path)
    page = (tmp_path / "output/newsletter/two/index.html").read_text()
    assert 'See <a href="https://www.example.org">www.example.org</a>' in page


REPORTED = {
    "18-heading-c-sharp": ([">Learning C#<", ">From F#<"], []),
    "21-fence-in-list": (['<code class="language-sh">till --open\ntill --count\n</code></pre>'], ["sh till"]),
}


@pytest.mark.parametrize("name", REPORTED)
def test_a_reported_post_comes_out_as_its_readme_says(name: str, samples: Path, tmp_path: Path) -> None:
    write_site(tmp_path, tree(samples / "reported" / name))
    build_site(tmp_path)
    page = (tmp_path / "output/2026/05/a/index.html").read_text()
    there, absent = REPORTED[name]
    assert [words for words in there if words not in page] == []
    assert [words for words in absent if words in page] == []


def test_the_reported_mark_inside_a_list_ends_the_summary_there(samples: Path, tmp_path: Path) -> None:
    write_site(tmp_path, tree(samples / "reported/19-more-inside-list"))
    build_site(tmp_path)
    home = (tmp_path / "output/index.html").read_text()
    assert "Intro. one" in " ".join(re.sub("<[^>]*>", " ", home).split())
    assert "two" not in home
    assert "two" in (tmp_path / "output/2026/05/a/index.html").read_text()
