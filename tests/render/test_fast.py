"""The quicker Jinja gives what stock Jinja gives, feature by feature."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
import pytest
from jinja2.runtime import Context
from markupsafe import Markup

from generator.render.fast import FastEnvironment, Lazy, shown

SAFE = Markup("<i>x</i>")


@dataclass(frozen=True, slots=True)
class Doc:
    title: str = "A <b> & 'c' \"d\""
    safe: Markup = SAFE
    tags: tuple[str, ...] = ("one", "<two>")

    def shout(self, times: int = 1) -> str:
        return self.title.upper() * times

    def stop(self) -> str:
        raise StopIteration

    @property
    def broken(self) -> str:
        raise AttributeError


class Both(Markup):
    """Safe text of a kind of its own."""


class Html:
    def __html__(self) -> str:
        return "<hr>"


TEMPLATES = {
    "values": "{{ doc.title }}|{{ doc.safe }}|{{ n }}|{{ none }}|{{ both }}|{{ html }}|{{ 3.5 }}|"
    "{{ doc.tags }}|{{ true }}",
    "literal": "{{ '<literal>' }}{{ '<a>'|safe }}{{ 'a' ~ doc.title ~ doc.safe }}",
    "filters": "{{ doc.title|upper }}{{ doc.tags|join('<') }}{{ doc.title|e }}"
    "{{ doc.title|escape|e }}{{ x|default('<') }}",
    "tests": "{% if doc.missing is defined %}a{% endif %}{% if nothing is defined %}b{% endif %}{{ doc['title'] }}",
    "calls": "{{ doc.shout() }}{{ doc.shout(2) }}{{ doc.shout(times=2) }}{{ doc.title.lower() }}{{ 'a b'.split()[1] }}",
    "stop": "[{{ doc.stop() is defined }}]",
    "context": "{% for x in doc.tags %}{% set y = x %}{{ whole('y') }}{{ doc.title|named('n') }}{% endfor %}",
    "globals": "{{ range(3)|list }}{{ dict(a=1) }}{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}"
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{% set j = joiner() %}{{ j() }}{{ j() }}",
    "loops": "{% for t in doc.tags if t %}{{ loop.index }}{{ t }}{{ loop.cycle('o', 'e') }}{% else %}none{% endfor %}"
    "{% for t in [[1, [2]]] recursive %}{% if t is iterable %}{{ loop(t) }}{% else %}{{ t }}{% endif %}{% endfor %}",
    "sets": "{% set a = doc.title %}{{ a }}{% set b %}<u>{{ doc.title }}</u>{% endset %}{{ b }}"
    "{% with c = '<' %}{{ c }}{% endwith %}",
    "macros": "{% macro m(x, y='<') %}<p>{{ x }}{{ y }}{{ caller() if caller is defined }}{{ varargs }}{{ kwargs }}</p>"
    "{% endmacro %}{{ m(doc.title) }}{{ m(doc.safe, '>', 1, z=2) }}{% call m('q') %}<{{ doc.title }}>{% endcall %}",
    "included": "{{ doc.title }}{{ n }}{{ local }}{% set n = 9 %}{{ n }}",
    "include": "{% for local in [1, 2] %}{% include 'included' %}{{ n }}{% endfor %}"
    "{% set local = 3 %}{% include 'included' %}"
    "{% include 'absent' ignore missing %}{% include ['absent', 'included'] ignore missing %}",
    "alone": "{% set local = 3 %}{% include 'plain' without context %}",
    "plain": "{{ local is defined }}{{ range(2)|list }}",
    "library": "{% macro hi(x) %}<em>{{ x }}</em>{{ range(2)|list }}{% endmacro %}{% set constant = '<k>' %}",
    "import": "{% import 'library' as l %}{{ l.hi(doc.title) }}{{ l.constant }}"
    "{% from 'library' import hi as h with context %}"
    "{{ h('<') }}",
    "base": "[{% block a %}base {{ doc.title }}{% endblock %}|{% block b scoped %}{{ n }}{% endblock %}]{{ self.b() }}",
    "middle": "{% extends 'base' %}{% block a %}middle {{ super() }}{% endblock %}",
    "child": "{% extends 'middle' %}{% set n = 5 %}{% block a %}child {{ super() }}{{ n }}{% endblock %}"
    "{% block b %}{{ super() }}{{ local|default('l') }}{% endblock %}",
    "chosen": "{% extends which %}{% block b %}{{ doc.safe }}{% endblock %}",
    "attributes": "{% set d = {'title': '<', 'items': 2, 'x': {'y': none}} %}{{ d.title }}{{ d.items() | list }}"
    "{{ d.x.y }}{{ d.nothing is defined }}{{ doc.broken is defined }}{{ doc.title.upper().lower() }}"
    "{{ doc['tags'][0].upper() }}",
    "unescaped-include": "{% autoescape false %}{% include 'included' %}{% include 'macros' %}{% endautoescape %}"
    "{% include 'unescaped' %}{{ doc.title }}",
    "unescaped": "{% autoescape false %}{{ doc.title }}{{ doc.safe }}{% endautoescape %}{{ doc.title }}",
    "perhaps": "{% autoescape n == 1 %}{{ doc.title }}{% endautoescape %}",
    "block-filter": "{% filter upper %}<a>{{ doc.title }}{% endfilter %}",
    "missing-name": "{{ nobody }}",
    "missing-attribute": "{{ doc.nothing }}",
    "missing-within": "{% include 'missing-name' %}",
    "missing-template": "{% include 'absent' %}",
    "missing-parent": "{% extends 'absent' %}",
    "raises": "\n\n{{ 1 // 0 }}",
}


@jinja2.pass_context
def whole(context: Context, name: str) -> str:
    return f"{sorted(set(context.get_all()) - {'later'})} {context[name]} {context.get('later')}"


@jinja2.pass_context
def named(context: Context, value: str, name: str) -> str:
    return f"{value} {context.resolve(name)}"


def rendered(environment: jinja2.Environment, name: str, context: Mapping[str, Any]) -> str:
    environment.filters["named"] = named
    try:
        return environment.get_template(name).render(context)
    except Exception as reason:
        return f"{type(reason).__name__}: {reason}"


def options(autoescape: Any = True, templates: Mapping[str, str] = TEMPLATES) -> dict[str, Any]:
    loader = jinja2.DictLoader(dict(templates))
    return {"loader": loader, "undefined": jinja2.StrictUndefined, "trim_blocks": True, "autoescape": autoescape}


@pytest.mark.parametrize("autoescape", [True, False, lambda name: name != "values"])
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_gives_what_stock_jinja_gives(name: str, autoescape: Any) -> None:
    context = {"doc": Doc(), "n": 1, "none": None, "both": Both("<b>"), "html": Html(), "which": "base", "whole": whole}
    stock = jinja2.Environment(**options(autoescape))  # noqa: S701 - on, off, and by name
    quick = FastEnvironment(**options(autoescape))
    expected = rendered(stock, name, {**context, "later": "<made>"})
    for _ in range(2):
        assert rendered(quick, name, {**context, "later": Lazy(lambda: "<made>")}) == expected


@pytest.mark.parametrize("name", sorted(name for name in TEMPLATES if not name.startswith(("missing", "raises"))))
def test_the_templates_above_can_be_rendered(name: str) -> None:
    context = {"doc": Doc(), "n": 1, "none": None, "both": SAFE, "html": Html(), "which": "base", "whole": whole}
    assert "Error" not in rendered(FastEnvironment(**options()), name, {**context, "local": 1})


def test_what_is_made_later_is_made_once_and_only_where_it_is_shown() -> None:
    made: list[str] = []

    def make(value: str) -> str:
        made.append(value)
        return value

    later = Lazy(make, "<x>")
    templates = {"a": "{{ x }}{% include 'b' %}", "b": "{{ x }}", "c": "{{ y }}"}
    quick = FastEnvironment(**options(templates=templates))
    assert quick.get_template("c").render({"x": later, "y": 1}) == "1"
    assert made == []
    assert quick.get_template("a").render({"x": later}) == "&lt;x&gt;&lt;x&gt;"
    assert made == ["<x>"]


def test_a_mistake_is_at_the_line_of_its_template() -> None:
    quick = FastEnvironment(**options())
    with pytest.raises(ZeroDivisionError) as caught:
        quick.get_template("raises").render({})
    assert caught.traceback[-1].lineno == 2


@jinja2.pass_context
def around(context: Context) -> str:
    return str(id(context.parent))


def test_an_include_without_values_of_its_own_copies_none() -> None:
    templates = {
        "a": "{{ around() }} {% include 'b' %}",
        "b": "{{ around() }} {% with x = 1 %}{% include 'c' %}{% endwith %}",
    }
    quick = FastEnvironment(**options(templates={**templates, "c": "{{ around() }}"}))
    outer, included, with_own = quick.get_template("a").render({"around": around}).split()
    assert included == outer != with_own


class Counting(FastEnvironment):
    """Lists the attributes that templates ask it for."""

    asked: tuple[str, ...] = ()

    def getattr(self, obj: Any, attribute: str) -> Any:
        self.asked += (attribute,)
        return super().getattr(obj, attribute)


def test_an_attribute_is_read_without_a_call_of_the_environment() -> None:
    templates = {"a": "{{ doc.title }}{{ doc.title.lower() }}{{ doc.nothing is defined }}{{ {'x': doc}.x.safe }}"}
    quick = Counting(**options(templates=templates))
    quick.get_template("a").render({"doc": Doc()})
    assert quick.asked == ("nothing", "x")


def test_safe_text_is_not_copied() -> None:
    assert shown(SAFE) is SAFE
