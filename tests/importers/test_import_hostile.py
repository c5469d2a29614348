"""Hostile sources: refused by name, bounded in time, and without harm to the posts beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.importers.heading_ids import add_heading_ids
from generator.importers.html_blocks import lay_out_html
from generator.importers.import_model import ImportOutcome
from generator.importers.markdown import template_tags
from generator.importers.markdown.heading_ids import list_heading_ids
from generator.markup.code_spans import split_code
from generator.model import BuildReport
from tests.guards import bounded_work

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
GOOD = "---\ntitle: Good\ndate: 2020-01-01\n---\nText.\n"
SIZE = 30_000
HOSTILE = {
    "braces": "{" * SIZE,
    "tags": "{%" * SIZE,
    "outputs": "{{ a | " * SIZE,
    "shortcodes": "{{< a " * SIZE,
    "raw": "{% raw %}" * SIZE,
    "highlight": "{% highlight x %}" * SIZE,
    "brackets": "](" * SIZE,
    "parentheses": "](" + "(" * SIZE,
    "definitions": "[a]:\n" * SIZE,
    "backticks": " ".join("`" * (n % 300 + 1) for n in range(3000)),
    "attributes": "{: " * SIZE,
    "spaces": " " * SIZE + "{:x",
    "headings": "# " + "*" * SIZE + "\n\n[x](#x)",
    "html": "<div>" * SIZE,
    "quotes": "{% image " + '"' * SIZE + " %}",
    "escapes": '{% image "' + "\\" * SIZE,
    "links": '<a href="' * SIZE,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", ["md", "html"])
def test_no_text_takes_long(blog: Blog, bring: Bring, name: str, suffix: str) -> None:
    body = HOSTILE[name]
    with bounded_work():
        outcome = bring(blog({f"_posts/2020-01-02-a.{suffix}": f"---\ntitle: A\n---\n{body}\n", "good.md": GOOD}))
    assert "blog/good.md" in {post.source for post in outcome.posts}


FRONT = {
    "bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)),
    "python": "title: !!python/object/apply:os.system [x]",
    "unclosed": "title: 'A",
    "deep": "a: " + "[" * 5000,
    "tab": "title: A\n\tdate: x",
}


@pytest.mark.parametrize("name", FRONT)
def test_hostile_front_matter_is_refused_by_name_and_the_others_come(blog: Blog, bring: Bring, name: str) -> None:
    outcome = bring(blog({"_posts/2020-01-02-bad.md": f"---\n{FRONT[name]}\n---\nText.\n", "good.md": GOOD}))
    assert {problem.path for problem in outcome.problems} == {"blog/_posts/2020-01-02-bad.md"}
    assert all(problem.line for problem in outcome.problems)
    assert [post.source for post in outcome.posts] == ["blog/good.md"]


@pytest.mark.parametrize("data", [b"\xff\xfe-\0-\0", b"---\ntitle: caf\xe9\n---\n", b"---\ntitle: a\0b\n---\n"])
def test_what_is_no_utf_8_is_refused_by_name(blog: Blog, bring: Bring, data: bytes) -> None:
    outcome = bring(blog({"2020-01-02-bad.md": data, "good.md": GOOD}))
    assert [problem.path for problem in outcome.problems] == ["blog/2020-01-02-bad.md"]
    assert len(outcome.posts) == 1


@pytest.mark.parametrize("key", ["slug", "permalink", "path", "url", "aliases", "image", "title", "series", "lang"])
@pytest.mark.parametrize(
    "value", ["../../../x", "/etc/passwd", "C:\\x", "a/../../b", "..", ".", "CON", "\\0", "a\\nb", "🎉"]
)
def test_no_value_leads_out_of_the_content(blog: Blog, bring: Bring, site: Path, key: str, value: str) -> None:
    outcome = bring(
        blog({"_posts/2020-01-02-a.md": f"---\n{key}: {json.dumps(value, ensure_ascii=False)}\n---\nText.\n"})
    )
    assert outcome.problems == ()
    for file in site.rglob("*"):
        if file.is_file() and ".openletter" not in file.parts:
            path = file.relative_to(site).as_posix()
            assert path in ("site.toml", "import-report.md") or path.startswith("content/posts/2020/2020-01-02-"), path


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["frontmatter", "markdown", "encodings", "html"])
def test_the_hostile_samples_come_or_are_named_and_build(
    samples: Path, bring: Bring, site: Path, folder: str, build: Callable[[Path], BuildReport]
) -> None:
    outcome = bring(samples / "hostile" / folder)
    given = {file.name for file in (samples / "hostile" / folder).iterdir() if file.suffix == ".md"}
    named = {problem.path.rpartition("/")[2] for problem in outcome.problems}
    came = {post.source.rpartition("/")[2] for post in outcome.posts}
    assert came | named == given
    build(site)
    for file in (site / "output").rglob("*"):
        assert not file.is_file() or b"MUST-NOT-LEAK" not in file.read_bytes(), file


@given(st.text(alphabet=st.sampled_from("`~\n >-1.ab{%}"), max_size=200))
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in split_code(text)) == text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("#` \n=-ab"), max_size=120), st.text(alphabet="ab-", max_size=5))
def test_headings_only_gain_ids(text: str, wanted: str) -> None:
    named = add_heading_ids(text, [wanted], list_heading_ids)
    assert named.replace(f" {{#{wanted}}}", "").split() == text.split() or "{#" in named


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/pdiv&;ab \n*_`-"), max_size=200))
def test_html_is_laid_out_without_blank_lines_in_blocks(html: str) -> None:
    laid, _ = lay_out_html(html)
    for block in filter(None, laid.split("\n\n")):
        assert block.startswith("<")


@given(st.text(alphabet=st.sampled_from("{}%<> raw\"'|a"), max_size=80))
def test_arguments_of_tags_are_always_read(written: str) -> None:
    assert template_tags.parse_call("x", written).name == "x"
