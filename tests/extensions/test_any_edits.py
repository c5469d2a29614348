"""Incremental equals clean, whatever is done to extensions and to what they look at."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import ConfigError

CODE = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class P(Preprocessor):
    def run(self, lines):
        return [line.replace("Text", "{text}") for line in lines]

class E(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(P(md), "p", 5)

def titles(index, of):
    return [index.cards[key].title for key in index.posts][:{first}]

def extend(registry):
    registry.filter("mark", lambda text: text + "{mark}")
    registry.query("titles", titles)
    if {adds}:
        registry.markdown(E)
        registry.field("mood", lambda value: int(value) * {first})
    registry.kind("lists", lambda index: [f"{{len(index.posts)}}-{mark}.txt"], lambda site: str(site.query("titles")))
"""
words = st.sampled_from(["one", "two", "three"])
codes: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict, text=words, mark=words, first=st.integers(0, 3), adds=st.booleans()
)
edits = st.one_of(
    st.tuples(st.just("code"), codes),
    st.tuples(st.just("broken"), st.none()),
    st.tuples(st.just("use"), st.booleans()),
    st.tuples(st.just("post"), st.tuples(words, words, st.sampled_from(["", "mood: 2\n", "mood: x\n"]))),
    st.tuples(st.just("remove"), words),
)


def apply(folder: Any, edit: tuple[str, Any]) -> None:
    what, value = edit
    if what == "code":
        folder.extension(CODE.format(**value))
    elif what == "broken":
        folder.extension("1 / 0\n")
    elif what == "use":
        folder.use(*["mine"] * value)
    elif what == "post":
        name, title, mood = value
        folder.post(name, f"---\ntitle: {title}\n{mood}---\nText.\n")
    else:
        (folder.root / f"content/posts/2024-01-01-{value}.md").unlink(missing_ok=True)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(edits, min_size=2, max_size=6))
def test_after_any_edits_the_output_is_that_of_a_clean_build(folder: Any, all_edits: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        site = type(folder)(Path(name) / "site")
        site.use("mine")
        site.extension(CODE.format(text="one", mark="one", first=2, adds=True))
        site.template("post", "{{ body }}{{ doc.extra }}")
        site.template("page", "{{ site.query('titles') if site.theme.accent == 'teal' }}{{ doc.title|mark }}")
        site.write("content/pages/p.md", "---\ntitle: P\n---\n")
        site.post("one")
        for edit in all_edits:
            apply(site, edit)
            try:
                site.build()
            except ConfigError:
                continue
            if not site.report.stopped:  # a template may call what the extension no longer adds
                assert site.verify() == ()
