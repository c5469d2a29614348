import pickle
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from generator.theming import Theme, load_theme

Write = Callable[[dict[str, str]], Path]
PARENT = {
    "base/theme.toml": "",
    "base/templates/base.html": "<{% block main %}base{% endblock %}>",
    "base/templates/post.html": '{% extends "base.html" %}{% block main %}parent{% endblock %}',
}


def render(theme: Theme, name: str) -> str:
    return jinja2.Environment(loader=theme.loader(), autoescape=True).get_template(name).render()


def test_a_childs_template_wins_and_can_extend_its_parents(themes: Write) -> None:
    root = themes(
        {
            **PARENT,
            "mine/theme.toml": 'extends = "base"',
            "mine/templates/post.html": '{% extends "@base/post.html" %}{% block main %}my {{ super() }}{% endblock %}',
        }
    )
    assert render(load_theme(root, "mine", {}), "post.html") == "<my parent>"


def test_a_parents_template_extends_the_childs_base(themes: Write) -> None:
    child = {"mine/theme.toml": 'extends = "base"', "mine/templates/base.html": "[{% block main %}{% endblock %}]"}
    assert render(load_theme(themes({**PARENT, **child}), "mine", {}), "post.html") == "[parent]"


def test_a_site_theme_called_default_reaches_the_built_in_one_by_its_name(themes: Write) -> None:
    theme = load_theme(themes({"default/templates/x.html": "mine"}), "default", {})
    assert theme.find("x.html") is not None
    assert theme.find("@default/x.html") is None


def test_a_fingerprint_changes_with_what_the_template_reaches_and_nothing_else(themes: Write) -> None:
    root = themes({**PARENT, "base/templates/tag.html": "tag"})
    before = load_theme(root, "base", {})
    themes({"base/templates/tag.html": "other tag"})
    after = load_theme(root, "base", {})
    assert before.fingerprint("post.html") == after.fingerprint("post.html")
    assert before.fingerprint("tag.html") != after.fingerprint("tag.html")
    themes({"base/templates/base.html": "new"})
    assert load_theme(root, "base", {}).fingerprint("post.html") != before.fingerprint("post.html")


def test_a_template_that_appears_changes_the_fingerprint_of_what_looked_for_it(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/templates/x.html": '{% include "y.html" ignore missing %}'})
    before = load_theme(root, "a", {}).fingerprint("x.html")
    themes({"a/templates/y.html": ""})
    assert load_theme(root, "a", {}).fingerprint("x.html") != before


def test_a_computed_name_reaches_every_template(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/templates/x.html": "{% include page.kind %}", "a/templates/y.html": ""})
    before = load_theme(root, "a", {}).fingerprint("x.html")
    themes({"a/templates/y.html": "other"})
    assert load_theme(root, "a", {}).fingerprint("x.html") != before


def test_a_syntax_error_is_a_problem_at_its_line(themes: Write) -> None:
    root = themes({**PARENT, "base/templates/tag.html": "ok", "base/templates/base.html": "a\nb\n{% blok %}"})
    theme = load_theme(root, "base", {})
    (problem,) = theme.check()
    assert theme.fingerprint("post.html")
    assert (problem.path, problem.line) == ("themes/base/templates/base.html", 3)
    assert "blok" in problem.message
    assert theme.check() == (problem,)


def test_jinja_names_the_same_path_as_the_problem(themes: Write) -> None:
    theme = load_theme(themes({"a/theme.toml": "", "a/templates/x.html": "\n{{ 1/0 }}{% if %}"}), "a", {})
    with pytest.raises(jinja2.TemplateSyntaxError) as caught:
        render(theme, "x.html")
    assert (caught.value.filename, caught.value.lineno) == ("themes/a/templates/x.html", 2)


def test_a_template_that_is_no_text_is_a_problem_not_a_traceback(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/templates/y.html": '{% extends "x.html" %}'})
    (root / "themes/a/templates/x.html").write_bytes(b"\xff\xfe<\x00")
    (problem,) = load_theme(root, "a", {}).check()
    assert problem.path == "themes/a/templates/x.html"
    assert "is not UTF-8" in problem.message


def test_deep_nesting_is_a_problem_not_a_crash(themes: Write) -> None:
    theme = load_theme(themes({"a/theme.toml": "", "a/templates/x.html": "{{ " + "(" * 50_000}), "a", {})
    (problem,) = theme.check()
    assert "too deeply" in problem.message


def test_a_long_chain_of_attributes_is_a_problem_not_a_crash(themes: Write) -> None:
    theme = load_theme(themes({"a/theme.toml": "", "a/templates/x.html": "{{ a" + ".b" * 5_000 + " }}"}), "a", {})
    (problem,) = theme.check()
    assert "too deeply" in problem.message


def test_links_out_of_the_theme_are_not_followed(themes: Write) -> None:
    root = themes({"a/theme.toml": "", "a/templates/real.html": "x"})
    (root / "secret.html").write_text("secret")
    templates = root / "themes/a/templates"
    (templates / "leak.html").symlink_to(root / "secret.html")
    (templates / "near.html").symlink_to(templates / "real.html")
    (templates / "away").symlink_to(root)
    theme = load_theme(root, "a", {})
    assert theme.template_names == ("near.html", "real.html")
    assert sorted(problem.path for problem in theme.problems) == [
        "themes/a/templates/away",
        "themes/a/templates/leak.html",
    ]


def test_a_theme_travels_to_another_process(themes: Write) -> None:
    theme = load_theme(themes(PARENT), "base", {})
    there: Theme = pickle.loads(pickle.dumps(theme))  # noqa: S301
    assert render(there, "post.html") == render(theme, "post.html")
