from typing import Any

import pytest

from generator.theming.layers import Template
from generator.theming.templates import find_references

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
def test_a_mistake_in_a_template_is_named_at_its_line_and_nothing_is_built(
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
    assert made.report.stopped
    assert not made.paths


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("{{ doc.titel }}", 'A document has no "titel". Did you mean "title"?'),
        ("{{ doc.colour }}", "Front matter of your own is below extra: doc.extra.colour."),
        ("{{ dco.title }}", 'There is no "dco" here. Did you mean "doc"?'),
        ("{{ site.theme.acent }}", 'The theme has no option "acent". Did you mean "accent"?'),
        ("{{ doc.extra.level }}", 'If not every post has it in its front matter, write level|default("").'),
        ("{{ doc.series.name }}", '"name" was asked of an empty value. Test the value first: {% if … %}.'),
        ("{{ doc.date + 1 }}", '"+" cannot be used with a date and a number.'),
        ("{{ site.titl }}", 'site has no "titl". Did you mean "title"?'),
        ("{{ page.colour }}", 'page has no "colour".'),
        ("{{ doc.tags[5].name }}", "A list has no element 5."),
        ("{{ doc.title() }}", "a text is not callable."),
        ("{{ doc.title|uper }}", 'There is no filter "uper". Did you mean "upper"?'),
        ("{% if doc.title is strng %}{% endif %}", 'There is no test "strng". Did you mean "string"?'),
        ('{% include "partials/cards.html" %}', 'There is no template "partials/cards.html".'),
    ],
)
def test_a_mistake_is_explained_in_the_words_of_the_docs(letters: Any, post: Any, mistake: str, said: str) -> None:
    template = '{% extends "@default/post.html" %}\n{% block body %}\n' + mistake + "\n{% endblock %}\n"
    made = letters({**THEME, "themes/mine/templates/post.html": template, "posts/2024-01-01-a.md": post("A")})
    (problem,) = made.report.problems
    assert said in problem.message
    assert "object" not in problem.message
    if problem.code != "template-syntax":
        assert "It happened on /2024/01/a/." in problem.message


@pytest.mark.parametrize(
    ("mistake", "said", "hint"),
    [
        ("{% if doc %}", "{% if %} in it is not closed", "Write {% endif %} where"),
        ("{% if doc %}{% else %}", "{% if %} in it is not closed", "Write {% endif %} where"),
        ("{% block main %}", "{% block %} in it is not closed", "Write {% endblock %} where"),
        ("{% for a in b %}{% if a %}{% endfor %}", "{% endfor %} is here, but the {% if %} above", "Write {% endif %}"),
        ("{% block main %}{% endblok %}", "The tag {% endblok %} is unknown here", "write {% endblock %}, or correct"),
        ("{% endif %}", "The tag {% endif %} is unknown here", "See docs/theming.md"),
        ("{% iff doc %}", "The tag {% iff %} is unknown here", "See docs/theming.md"),
    ],
)
def test_a_tag_that_is_not_closed_or_not_known_is_named_with_the_tag_to_write(
    mistake: str, said: str, hint: str
) -> None:
    _, problem = find_references(Template("post.html", "post.html", "\n" + mistake), {})
    assert problem is not None
    assert (problem.code, problem.line) == ("template-syntax", 2)
    assert said in problem.message
    assert hint in problem.hint
    assert "Jinja" not in problem.message


def test_a_template_that_includes_itself_is_an_error_not_a_crash(letters: Any, post: Any) -> None:
    made = letters(
        {**THEME, "themes/mine/templates/post.html": '{% include "post.html" %}', "posts/2024-01-01-a.md": post("A")}
    )
    (problem,) = made.report.problems
    assert (problem.path, problem.line, problem.code) == ("themes/mine/templates/post.html", 1, "template-failed")
    assert "recursion" in problem.message
