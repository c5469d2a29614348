"""An edited extension rebuilds what it must, and what is not pure is caught."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.config import load_config
from generator.engine.tools.explain import explain

Adding = Callable[[str], str]
LOOK = """
import sys
from pathlib import Path
from generator.engine.engine import Engine
report = Engine(Path(sys.argv[1])).build()
print(len(report.rendered), *sorted(name for name in sys.modules if name.startswith(sys.argv[2])))
"""
UPPER = (
    "from markdown.extensions import Extension\nfrom markdown.preprocessors import Preprocessor\n"
    "class P(Preprocessor):\n    def run(self, lines):\n        return [line.upper() for line in lines]\n"
    "class E(Extension):\n    def extendMarkdown(self, md):\n        md.preprocessors.register(P(md), 'p', 5)\n"
    "def extend(registry):\n    registry.markdown(E)\n"
)


def converted(folder: Any) -> tuple[int, int]:
    """Build, and count the documents converted and the pages rendered."""
    documents = 0

    def note(stage: str, done: int, _: int) -> None:
        nonlocal documents
        documents = done if stage == "documents" else documents

    from generator.engine.engine import Engine

    report = Engine(folder.root).build(note)
    assert report.problems == ()
    return documents, len(report.rendered)


def test_what_has_not_changed_is_not_built_again(folder: Any, adding: Adding) -> None:
    folder.extension(adding("registry.filter('loud', str.upper)\nregistry.field('mood')"))
    folder.template("post", "{{ doc.title|loud }}")
    assert converted(folder)[0] == 2
    assert converted(folder) == (0, 0)


def test_an_edited_filter_rebuilds_every_page_and_converts_nothing(folder: Any, adding: Adding, a: str) -> None:
    folder.extension(adding("registry.filter('loud', str.upper)"))
    folder.template("post", "{{ doc.title|loud }}")
    pages = converted(folder)[1]
    folder.extension(adding("registry.filter('loud', str.title)"))
    assert converted(folder) == (0, pages)
    assert folder.verify() == ()


def test_an_edit_within_the_same_second_and_of_the_same_length_is_seen(folder: Any, adding: Adding, a: str) -> None:
    folder.template("post", "{{ doc.title|loud }}")
    for number in range(5):
        folder.extension(adding(f"registry.filter('loud', lambda text: {number})"))
        folder.build()
        assert folder.text(a) == f"{number}\n"
    assert not list((folder.root / "extensions").rglob("*.pyc"))


def test_an_edited_markdown_extension_converts_every_document(folder: Any, a: str) -> None:
    folder.template("post", "{{ body }}")
    folder.extension(UPPER)
    assert converted(folder)[0] == 2
    assert "TEXT." in folder.text(a)
    folder.extension(UPPER.replace("upper", "title"))
    assert converted(folder)[0] == 2
    assert folder.verify() == ()


def test_an_extension_taken_out_leaves_nothing_behind(folder: Any, a: str) -> None:
    folder.template("post", "{{ body }}")
    folder.extension(UPPER + "    registry.kind('x', lambda index: ['x.txt'], lambda site: 'x')\n")
    folder.build()
    folder.use()
    folder.build()
    assert "Text." in folder.text(a)
    assert not (folder.root / "output/x.txt").exists()
    assert folder.verify() == ()


def test_a_query_is_asked_again_and_rebuilds_only_where_its_answer_changed(folder: Any, adding: Adding) -> None:
    early = "lambda index, of: [index.cards[key].title for key in index.posts if index.cards[key].title < of]"
    folder.extension(adding(f"registry.query('early', {early})"))
    folder.template("page", "{{ site.query('early', 'c')|length }}")
    folder.write("content/pages/p.md", "---\ntitle: P\n---\n")
    folder.build()
    folder.post("zz")
    assert "p/index.html" not in folder.build().rendered
    folder.post("aa")
    report = folder.build()
    assert report.rendered["p/index.html"] == ("x-early|c",)
    assert folder.text("p/index.html") == "3\n"
    said = explain(report, load_config(folder.root)[0], "/p/", folder.root / "output")
    assert "the result of an extension's query early for c has changed" in said
    assert folder.verify() == ()


def test_the_order_of_a_dictionary_is_no_part_of_an_answer(folder: Any, adding: Adding, a: str) -> None:
    folder.extension(adding("registry.query('tags', lambda index, of: {'b': [1, {}], 'a': None})"))
    folder.template("post", "{{ site.query('tags') }}")
    folder.build()
    assert folder.text(a) == "{&#39;a&#39;: None, &#39;b&#39;: (1, {})}\n"


def test_a_kind_that_reads_the_site_is_rendered_when_what_it_read_changes(folder: Any, adding: Adding) -> None:
    folder.extension(
        adding(
            "registry.query('titles', lambda index, of: [c.title for c in index.cards.values()])\n"
            "registry.kind('x', lambda index: ['x.txt'], lambda site: ' '.join(site.query('titles')))"
        )
    )
    folder.build()
    folder.post("c")
    folder.build()
    assert folder.text("x.txt") == "a b c"
    folder.post("a", "---\ntitle: a\n---\nAnother text.\n")
    assert "x.txt" not in folder.build().rendered


@pytest.mark.parametrize(
    "impure",
    [
        "import time\nbad = lambda text: time.perf_counter_ns()\n",
        "import itertools\nbad = (lambda text, count=itertools.count(): next(count))\n",
        "seen = []\nbad = lambda text: seen.append(text) or len(seen)\n",
    ],
)
def test_a_filter_that_is_not_pure_is_caught_by_verify(folder: Any, impure: str, a: str) -> None:
    folder.extension(impure + "def extend(registry):\n    registry.filter('bad', bad)\n")
    folder.template("post", "{{ doc.title|bad }}")
    folder.build()
    problems = folder.verify()
    assert {problem.path for problem in problems} == {a, "2024/01/b/index.html"}
    assert all("not pure" in problem.hint for problem in problems)


def test_an_extension_that_was_mended_is_tried_again(folder: Any, a: str) -> None:
    folder.template("post", "{{ body }}")
    folder.extension(UPPER.replace("line.upper()", "1 / 0"))
    assert {p.code for p in folder.build().problems} == {"extension-failed", "nothing-published"}
    folder.extension(UPPER)
    assert folder.build().problems == ()
    assert "TEXT." in folder.text(a)


def test_state_and_output_may_move_to_another_folder(folder: Any, adding: Adding, tmp_path: Path) -> None:
    folder.extension(adding("registry.filter('loud', str.upper)\nregistry.field('mood')"))
    folder.build()
    moved = type(folder)(tmp_path / "elsewhere")
    shutil.copytree(folder.root, moved.root)
    assert moved.build().rendered == {}


@pytest.mark.parametrize("names", [(), ("mine",)])
def test_a_build_with_nothing_to_do_runs_no_extension(folder: Any, adding: Adding, names: tuple[str, ...]) -> None:
    folder.use(*names)
    folder.extension(adding("registry.field('mood')"))
    command = [sys.executable, "-c", LOOK, str(folder.root), "_openletter" if names else "generator."]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in "12")
    assert re.search("_openletter" if names else "generator.registry", first)
    assert second.startswith("0")
    assert not re.search("registry|extensions|_openletter", second)
