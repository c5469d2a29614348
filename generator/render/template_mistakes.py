"""Mistakes in templates, in the words of docs/theming.md: documents, options and front matter, not Python objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import jinja2
from jinja2.utils import missing

from generator.text.suggestions import find_closest

_CLOSE = 0.6
_VALUES = {
    "Card": "a document",
    "Head": "page",
    "ListingHead": "page",
    "DocumentHead": "page",
    "Site": "site",
    "Author": "an author",
    "AuthorView": "an author",
    "TagView": "a tag",
    "Label": "a tag or series",
    "SeriesView": "a series",
    "Comment": "a comment",
    "NoneType": "an empty value",
    "str": "a text",
    "Markup": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "date": "a date",
    "datetime": "a date",
    "datetime.datetime": "a date",
    "list": "a list",
    "tuple": "a list",
}
_UNKNOWN_TOOL = re.compile(r"^No (filter|test) named '(.+)'")
_UNKNOWN_NAME = re.compile(r'^There is no "(.+)" here$')
_OPERATION = re.compile(r"^unsupported operand type\(s\) for (\S+): '([\w.]+)' and '([\w.]+)'$")
_TYPE = re.compile(r"'([\w.]+)' object|\b(NoneType)\b")
HINT = "See docs/theming.md for what a template can use."


class MissingValue(jinja2.StrictUndefined):
    """A value that a template names and that does not exist. `options` are the names of the theme's options."""

    __slots__ = ()
    options: ClassVar[frozenset[str]] = frozenset()

    @property
    def _undefined_message(self) -> str:
        name, of = self._undefined_name, self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if of is missing:
            return f'There is no "{name}" here'
        if isinstance(of, Mapping) and of and self.options.issuperset(of):
            return f'The theme has no option "{name}".{_guess(name, self.options)}'
        if of is None:
            return f'"{name}" was asked of an empty value. Test the value first: {{% if … %}}'
        if not isinstance(name, str) or not name:
            return f"{_in_words(type(of).__name__)} has no element {name!r}"
        known = of if isinstance(of, Mapping) else (each for each in dir(of) if not each.startswith("_"))
        return f'{_in_words(type(of).__name__)} has no "{name}".{_guess(name, known) or _elsewhere(name, of)}'


def missing_value(options: Iterable[str]) -> type[MissingValue]:
    """Make the type of missing values for a theme with these options."""
    return type("MissingValue", (MissingValue,), {"__slots__": (), "options": frozenset(options)})


def explain(reason: Exception, names: Iterable[str]) -> str:
    """Explain in one sentence or two why a line of a template failed; `names` are the values that the template has."""
    words = str(reason).rstrip(".")
    if unknown := _UNKNOWN_NAME.match(words):
        return f"{words}.{_guess(unknown[1], names)}"
    if operation := _OPERATION.match(words):
        sign, left, right = operation.groups()
        return f'"{sign}" cannot be used with {_value(left)} and {_value(right)}.'
    words = _TYPE.sub(lambda found: _value(found[1] or found[2]), words)
    return f"{words or type(reason).__name__}{'' if words.endswith('?') else '.'}"


def explain_unknown_tool(words: str, known: Mapping[str, Iterable[str]]) -> str:
    """Explain a filter or test that does not exist; "" for another mistake. `known` are names by kind."""
    found = _UNKNOWN_TOOL.match(words)
    return f'There is no {found[1]} "{found[2]}".{_guess(found[2], known[found[1]])}' if found else ""


def _guess(name: str | None, known: Iterable[str]) -> str:
    near = find_closest(name.casefold(), known, _CLOSE) if name else None
    return f' Did you mean "{near}"?' if near else ""


def _elsewhere(name: str, of: Any) -> str:
    """Hint where the value may be: front matter of a site's own is below `extra`, and not every post has it."""
    if type(of).__name__ == "Card":
        return f" Front matter of your own is below extra: doc.extra.{name}"
    if isinstance(of, Mapping):
        return f' If not every post has it in its front matter, write {name}|default("")'
    return ""


def _in_words(type_name: str) -> str:
    words = _value(type_name)
    return words if words == type_name or words in ("site", "page") else words[0].upper() + words[1:]


def _value(type_name: str) -> str:
    return _VALUES.get(type_name) or _VALUES.get(type_name.rpartition(".")[2], "this value")
