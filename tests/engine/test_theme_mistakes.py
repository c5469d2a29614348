from typing import Any

import pytest

THEME = {
    "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
    "themes/mine/theme.toml": 'extends = "default"\n',
}


@pytest.mark.parametrize(
    "mistake",
    [
        "{{ doc.colour }}",
        "{{ doc.date + 1 }}",
        '{{ site.date("yesterday") }}',
        "{{ site.link(none) }}",
        "{{ 1 / 0 }}",
        "{{ [][3] }}",
        "{{ 'a' * 99999999999999 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for one in 5 %}{% endfor %}",
        '{% include "nowhere.html" %}',
        "{{ [1]|map('bogus')|list }}",
        "{{ doc|bogus }}",
        "{% if %}",
    ],
)
def test_a_mistake_in_a_template_is_named_at_its_line_and_other_kinds_of_page_are_built(
    letters: Any, post: Any, mistake: str
) -> None:
    template = '{% extends "@default/post.html" %}\n{% block body %}\n' + mistake + "\n{% endblock %}\n"
    made = letters(
        {
            **THEME,
            "themes/mine/templates/post.html": template,
            "posts/2024-01-01-a.md": post("A"),
            "pages/b.md": post("B"),
        }
    )
    (problem,) = made.report.problems
    assert (problem.path, problem.line, problem.level) == ("themes/mine/templates/post.html", 3, "error")
    assert len(problem.message) < 300
    assert ".." not in problem.message
    assert "2024/01/a/index.html" not in made.paths
    assert {"index.html", "b/index.html", "feed.xml", "404.html"} <= made.paths


def test_a_template_that_includes_itself_is_an_error_not_a_crash(letters: Any, post: Any) -> None:
    made = letters(
        {**THEME, "themes/mine/templates/post.html": '{% include "post.html" %}', "posts/2024-01-01-a.md": post("A")}
    )
    (problem,) = made.report.problems
    assert (problem.path, problem.line, problem.code) == ("themes/mine/templates/post.html", 1, "template-failed")
    assert "recursion" in problem.message
