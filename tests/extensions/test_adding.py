import multiprocessing
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from generator.engine.conversion import Job, convert_source
from generator.engine.processes.conversion_pool import POOL_FROM
from generator.extensions import find
from generator.markup.settings import MarkupSettings
from generator.model import Kind

Adding = Callable[[str], str]
MARKDOWN = """
from xml.etree.ElementTree import Element
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

class Card(InlineProcessor):
    def handleMatch(self, m, data):
        element = Element("staff-card", {"data-id": m[1], "onclick": "alert(1)", "style": "color: red"})
        return element, m.start(0), m.end(0)

class Cards(Extension):
    def extendMarkdown(self, md):
        md.inlinePatterns.register(Card(r"@@(\\w+)", md), "card", 175)

def mood(value):
    if value not in ("glad", "calm"):
        raise ValueError("must be glad or calm.")
    return value.upper()

def extend(registry):
    registry.markdown(Cards, tags=["staff-card"], attributes={"staff-card": ["data-id"]})
    registry.field("mood", mood)
"""


def test_a_filter_is_there_for_templates(folder: Any, adding: Adding, a: str) -> None:
    folder.extension(adding('registry.filter("loud", lambda text: text.upper() + "<!")'))
    folder.template("post", "{{ doc.title|loud }}")
    assert folder.build().problems == ()
    assert folder.text(a) == "A&lt;!\n"


def test_a_filter_may_ask_for_the_context_and_what_it_reads_there_is_tracked(folder: Any, a: str) -> None:
    folder.extension(
        "import jinja2\n@jinja2.pass_context\ndef shout(context, text):\n    return text + context['site'].title\n"
        "def extend(registry):\n    registry.filter('shout', shout)\n"
    )
    folder.template("post", "{{ doc.title|shout }}")
    folder.build()
    assert folder.text(a) == "aT\n"


def test_a_query_is_answered_from_the_index(folder: Any, adding: Adding, a: str) -> None:
    folder.extension(
        adding('registry.query("starting", lambda index, of: [c for c in index.cards.values() if c.title[0] == of])')
    )
    folder.template("post", '{% for doc in site.query("starting", "b") %}{{ doc.url }}{% endfor %}')
    assert folder.build().problems == ()
    assert folder.text(a) == "/2024/01/b/\n"


def test_markdown_and_front_matter_are_extended_and_sanitised(folder: Any, a: str) -> None:
    folder.extension(MARKDOWN)
    folder.post(
        "a", "---\ntitle: A\nmood: glad\n---\nAsk @@jane. <staff-card onclick='x' data-id='<b>'>Me</staff-card>\n"
    )
    folder.template("post", '{{ doc.extra.get("mood") }} {{ body }}')
    assert folder.build().problems == ()
    page = folder.text(a)
    assert page.startswith("GLAD ")
    assert '<staff-card data-id="jane"></staff-card>' in page
    assert 'data-id="&lt;b&gt;"' in page
    assert "onclick" not in page
    assert "style" not in page


def test_a_field_that_is_refused_is_a_problem_at_its_value(folder: Any) -> None:
    folder.extension(MARKDOWN)
    folder.post("a", "---\ntitle: A\nmood: cross\n---\nText.\n")
    (problem,) = folder.build().problems
    assert (problem.path, problem.line, problem.column) == ("content/posts/2024-01-01-a.md", 3, 7)
    assert '"mood" must be glad or calm.' in problem.message


def test_a_kind_of_file_is_planned_from_the_index_and_written(folder: Any, adding: Adding) -> None:
    folder.extension(
        adding(
            'plan = lambda index: ["titles.txt", *((f"lists/{c.title}.txt", key) for key, c in index.cards.items())]\n'
            'registry.kind("lists", plan, lambda site, *args: args[0] if args else site.title.encode())'
        )
    )
    assert folder.build().problems == ()
    assert folder.text("titles.txt") == "T"
    assert folder.text("lists/a.txt") == "content/posts/2024-01-01-a.md"


def test_kept_comments_are_not_for_extensions(folder: Any, a: str) -> None:
    folder.extension(MARKDOWN)
    comment = "- {id: '1', author: A, date: 2024-01-02, body: 'Ask @@jane'}\n"
    folder.write("content/posts/2024-01-01-a.comments.yaml", comment)
    folder.template("post", "{% for c in discussion.comments %}{{ c.html }}{% endfor %}")
    folder.build()
    assert "Ask @@jane" in folder.text(a)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers_load_extensions_by_themselves(folder: Any, method: str) -> None:
    folder.extension(MARKDOWN)
    file: Path = folder.root / "content/posts/2024-01-01-a.md"
    file.write_text("---\ntitle: A\nmood: calm\n---\nAsk @@jane.\n")
    job = Job("content/posts/2024-01-01-a.md", file, Kind.POST, "UTC", MarkupSettings(), find(folder.root, ("mine",)))
    with ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool:
        result = pool.submit(convert_source, job).result()
    assert b"staff-card" in result.encoded
    assert result.record.meta.extra == {"mood": "CALM"}  # type: ignore[union-attr]


def test_an_extension_edited_while_a_build_runs_leaves_nothing_stale(folder: Any) -> None:
    folder.extension(MARKDOWN)
    sources = find(folder.root, ("mine",))
    folder.extension(MARKDOWN + "# edited\n")
    path = "content/posts/2024-01-01-a.md"
    result = convert_source(Job(path, folder.root / path, Kind.POST, "UTC", MarkupSettings(), sources))
    assert result.digest == ""  # so that it is converted again
    assert [problem.code for problem in result.record.problems] == ["extension-failed"]


def test_one_process_and_two_give_the_same(folder: Any, a: str) -> None:
    folder.extension(MARKDOWN)
    for number in range(POOL_FROM + 2):
        folder.post(f"p{number}", f"---\ntitle: P\nmood: calm\n---\nAsk @@jane{number}.\n")
    assert folder.build(jobs=2).problems == ()
    output = folder.root / "output"
    two = {file: file.read_bytes() for file in output.rglob("*") if file.is_file()}
    shutil.rmtree(output)
    shutil.rmtree(folder.root / ".openletter")
    assert folder.build(jobs=1).problems == ()
    assert two == {file: file.read_bytes() for file in output.rglob("*") if file.is_file()}


def test_an_extension_has_the_last_word_on_a_pattern_it_replaces(folder: Any, a: str) -> None:
    """Shortcuts know what our own patterns need to match; not what stands in their place."""
    folder.extension(
        MARKDOWN.replace('"card", 175', '"link", 175').replace("def extend(registry):", "def extend(registry, **_):")
    )
    folder.post("a", "---\ntitle: A\n---\nAsk @@jane.\n")
    folder.template("post", "{{ body }}")
    assert folder.build().problems == ()
    assert "staff-card" in folder.text(a)


def test_markdown_that_the_dialect_does_not_know_is_a_warning(folder: Any) -> None:
    pytest.importorskip("pyromark")
    folder.extension(MARKDOWN)
    folder.use("mine", more='[markup]\nengine = "commonmark"\n')
    assert [problem.code for problem in folder.build().problems] == ["extension-unused"]
