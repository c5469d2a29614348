from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import without_history

Adding = Callable[[str], str]


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        ("import json\nimport no_such_module\n", 2, "No module named 'no_such_module'"),
        ("def extend(registry):\n    pass\n  x = 1\n", 3, "unindent"),
        ("x = '\x00'\n", 0, "null bytes"),
        ("class E(Exception):\n    __str__ = None\nraise E\n", 3, "E."),
        ("x = 1\n", 0, "has no function extend(registry)"),
        ("def extend(registry):\n    helper()\ndef helper():\n    1 / 0\n", 4, "ZeroDivisionError: division by zero."),
        ("def extend(registry):\n    raise SystemExit(3)\n", 2, "SystemExit: 3."),
        ("def extend(registry):\n    registry.filter('upper', str)\n", 2, 'There is already a filter "upper"'),
        ("def extend(registry):\n    registry.field('title')\n", 2, 'There is already a field "title"'),
        ("def extend(registry):\n    registry.field('hidden')\n", 2, 'There is already a field "hidden"'),
        ("def extend(registry):\n    registry.query('A-b', len)\n", 2, "small letters"),
        ("def extend(registry):\n    registry.filter('x', 3)\n", 2, "must be a function"),
        ("def extend(registry):\n    registry.markdown('no.such')\n", 2, "No module named 'no'"),
        ("def extend(registry):\n    registry.markdown(dict)\n", 2, "must be of type"),
    ],
)
def test_an_extension_that_cannot_be_loaded_is_a_problem_at_its_line(
    folder: Any, code: str, line: int, said: str
) -> None:
    folder.extension(code)
    (problem,) = folder.refused()
    assert (problem.path, problem.line, problem.code) == ("extensions/mine.py", line, "extension-failed")
    assert said in problem.message


def test_the_problems_of_all_extensions_are_told_at_once(folder: Any) -> None:
    folder.use("mine", "yours")
    folder.extension("1 / 0\n")
    folder.extension("\n1 / 0\n", "extensions/yours.py")
    assert [(p.path, p.line) for p in folder.refused()] == [("extensions/mine.py", 1), ("extensions/yours.py", 2)]


@pytest.mark.parametrize("raised", ["ValueError('no')", "OSError('no')", "KeyError('no')", "SystemExit(0)"])
def test_a_filter_that_fails_is_a_problem_at_the_templates_line(folder: Any, raised: str, a: str) -> None:
    folder.extension(f"def bad(text):\n    raise {raised}\ndef extend(registry):\n    registry.filter('bad', bad)\n")
    folder.template("post", "{{ doc.title }}\n{{ doc.title|bad }}\n")
    problem = next(p for p in folder.build().problems if p.code == "template-failed")
    assert (problem.path, problem.line) == ("themes/own/templates/post.html", 2)
    assert "the filter bad failed at extensions/mine.py:2" in problem.message
    assert not (folder.root / "output" / a).exists()


def test_what_a_filter_gave_may_fail_later(folder: Any) -> None:
    folder.extension(
        "def slow(text):\n    yield text\n    raise OSError('gone')\n"
        "def extend(registry):\n    registry.filter('slow', slow)\n"
    )
    folder.template("post", "{{ doc.title|slow|join }}")
    assert {(p.path, p.line) for p in folder.build().problems} == {("themes/own/templates/post.html", 1)}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("{1, 2}", "it returned a set"),
        ("(x for x in ())", "it returned a generator"),
        ("{1: 2}", "must be text"),
        ("object()", "it returned a object"),
        ("__import__('msgspec').defstruct('Open', ['x'])(1)", "it returned a Open"),
        ("__import__('dataclasses').make_dataclass('Open', ['x'])(1)", "it returned a Open"),
    ],
)
def test_a_query_that_fails_is_a_problem_at_the_extensions_line(folder: Any, answer: str, said: str) -> None:
    folder.extension(
        f"def bad(index, of):\n    return {answer}\ndef extend(registry):\n    registry.query('bad', bad)\n"
    )
    folder.template("post", '{{ site.query("bad") }}')
    problem, user = folder.build().problems
    assert (problem.path, problem.code) == ("extensions/mine.py", "extension-failed")
    assert problem.line in (1, 2)
    assert said in problem.message
    assert (user.path, user.line, user.code) == ("themes/own/templates/post.html", 1, "template-failed")
    folder.post("c")
    assert folder.build().problems[0] == problem


def test_a_query_that_begins_to_fail_stops_the_build_and_heals(folder: Any, adding: Adding, a: str) -> None:
    folder.extension(adding('registry.query("least", lambda index, _: min(10 // (3 - len(index.posts)), 9))'))
    folder.template("post", '{{ site.query("least") }}')
    folder.build()
    assert folder.text(a) == "9\n"
    folder.post("c")
    assert [p.code for p in folder.build().problems] == ["extension-failed", "template-failed"]
    assert folder.text(a) == "9\n"
    (folder.root / "content/posts/2024-01-01-c.md").unlink()
    assert without_history(folder.build().problems) == ()
    assert folder.text(a) == "9\n"
    assert folder.verify() == ()


def test_an_unknown_query_is_a_problem_at_the_templates_line(folder: Any, adding: Adding) -> None:
    folder.extension(adding('registry.query("rated", lambda index, of: 1)'))
    folder.template("post", '\n{{ site.query("ratde") }}')
    (problem, *_) = folder.build().problems
    assert (problem.path, problem.line) == ("themes/own/templates/post.html", 2)
    assert 'Did you mean "rated"?' in problem.message


@pytest.mark.parametrize(
    ("plan", "render", "line"),
    [
        ("['x.txt'][index.x:]", "''", 2),
        ("['x.txt']", "1 / 0", 4),
        ("['x.txt']", "5", 0),
        ("[('x.txt', 5)]", "''", 0),
    ],
)
def test_a_kind_that_fails_is_a_problem_and_all_else_is_built(
    folder: Any, plan: str, render: str, line: int, a: str
) -> None:
    folder.extension(
        f"def plan(index):\n    return {plan}\ndef render(site, *args):\n    return {render}\n"
        "def extend(registry):\n    registry.kind('bad', plan, render)\n"
    )
    (problem,) = folder.build().problems
    assert (problem.path, problem.line, problem.code) == ("extensions/mine.py", line, "extension-failed")
    assert (folder.root / "output" / a).exists()
    assert not (folder.root / "output/x.txt").exists()


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../x.txt",
            "/etc/x",
            "a//b",
            "a/../b",
            "",
            ".git/x",
            ".openletter-output",
            "a\\b",
            "c:/x",
            "a\x00b",
            "a ",
            "x.",
        ),
        *("index.html", "2024/01/a/index.html/x", "2024", "FEED.xml"),
    ],
)
def test_a_kind_makes_no_file_outside_or_in_the_place_of_another(folder: Any, adding: Adding, path: str) -> None:
    folder.extension(adding(f"registry.kind('bad', lambda index: [{path!r}, 'good.txt'], lambda site: 'x')"))
    (problem,) = folder.build().problems
    assert (problem.path, problem.code) == ("extensions/mine.py", "extension-path")
    assert folder.text("good.txt") == "x"
    assert folder.text("index.html") != "x"


def test_a_file_of_the_sites_own_stands_in_the_place_of_an_added_one(folder: Any, adding: Adding) -> None:
    folder.extension(adding("registry.kind('x', lambda index: ['x.txt'], lambda site: 'made')"))
    folder.write("content/static/x.txt", "written")
    assert folder.build().problems == ()
    assert folder.text("x.txt") == "written"


def test_a_markdown_extension_that_fails_costs_the_post_it_fails_on(folder: Any) -> None:
    folder.extension(
        "from markdown.extensions import Extension\nfrom markdown.preprocessors import Preprocessor\n"
        "class P(Preprocessor):\n    def run(self, lines):\n        return lines if 'Text.' in lines else 1 / 0\n"
        "class E(Extension):\n    def extendMarkdown(self, md):\n        md.preprocessors.register(P(md), 'p', 5)\n"
        "def extend(registry):\n    registry.markdown(E)\n"
    )
    folder.post("a", "---\ntitle: A\n---\nOther.\n")
    (problem,) = folder.build().problems
    assert (problem.path, problem.code) == ("content/posts/2024-01-01-a.md", "extension-failed")
    assert "extensions/mine.py:5: ZeroDivisionError" in problem.message
    assert folder.text("2024/01/b/index.html")


@pytest.mark.parametrize(
    ("check", "said"), [("1 / 0", "extensions/mine.py:2: ZeroDivisionError"), ("{1}", "cannot be stored")]
)
def test_a_check_that_fails_is_told_at_the_value(folder: Any, check: str, said: str) -> None:
    check = check.replace("{1}", "object()")
    folder.extension(
        f"def check(value):\n    return {check}\ndef extend(registry):\n    registry.field('mood', check)\n"
    )
    folder.post("a", "---\ntitle: A\nmood: glad\n---\nText.\n")
    (problem,) = folder.build().problems
    assert (problem.path, problem.line) == ("content/posts/2024-01-01-a.md", 3)
    assert said in problem.message
