"""What an extension may add, and how it says so.

An extension is a module with a function `extend(registry)`. It is called once a process, before anything is built,
and whatever it adds is fixed from then on. docs/extending.md tells the whole story to those who write one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct, field

Filter = Callable[..., Any]
Query = Callable[[Any, str], Any]
Check = Callable[[Any], Any]
PathPlanner = Callable[[Any], Iterable[str | tuple[str, ...]]]
Render = Callable[..., str | bytes]

TAGS = frozenset({"hgroup", "menu", "meter", "nav", "progress", "search"})
"""The elements of HTML that may be added to what a text may hold; those with a hyphen in their name may be too."""

ATTRIBUTES = frozenset({"role", "value", "min", "max", "low", "high", "optimum", "datetime", "open"})
"""The attributes that may be added; those that begin with `data-` or `aria-` may be too."""

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_ELEMENT = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$")
_ATTRIBUTE = re.compile(r"^(?:data|aria)-[a-z0-9]+(?:-[a-z0-9]+)*$")
_ANY_ELEMENT = re.compile(r"^[a-z][a-z0-9-]*$")
_LOADING = frozenset({"audio", "iframe", "img", "input", "source", "video"})
_FOREIGN = frozenset({"annotation-xml", "color-profile", "font-face", "missing-glyph"}) | {
    f"font-face-{part}" for part in ("format", "name", "src", "uri")
}
_OURS = frozenset({"data-o"})  # in which the markup keeps its placeholders


class RegistrationError(Exception):
    """An extension tries to add what cannot be added."""


class FilterError(Exception):
    """A filter of an extension failed; the text says which, where and why."""


class MarkdownAddition(Struct, frozen=True, eq=False):
    """A Python-Markdown extension: its name, or what makes one; and what its HTML holds that texts may not as yet.

    `config` is for one given by its name. `attributes` maps an element, or "*" for all, to names of attributes.
    """

    extension: str | Callable[[], Any]
    config: Mapping[str, Any]
    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]


class KindAddition(Struct, frozen=True):
    """A kind of output file.

    `plan` takes the index and gives a path below the output folder for each file, or the path with arguments of
    text; `render` takes the tracked site and those arguments and gives the file's content.
    """

    plan: PathPlanner
    render: Render


class Additions(Struct, frozen=True):
    """Everything that a site's extensions add, by name. `origins` says of each kind which file adds it.

    `documents` identifies the source code of the extensions that have a say in what is made of a text; "" for none.
    `files` maps the names of files in tracebacks to the paths that problems name.
    """

    filters: Mapping[str, Filter] = field(default_factory=dict)
    queries: Mapping[str, Query] = field(default_factory=dict)
    markdown: tuple[MarkdownAddition, ...] = ()
    fields: Mapping[str, Check] = field(default_factory=dict)
    kinds: Mapping[str, KindAddition] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    documents: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


class Registry:
    """What one extension adds. Every method raises RegistrationError for what cannot be added.

    `taken` holds the names that are no longer free, by what they name: "filter", "query", "field" or "kind". It is
    shared by all extensions of a site. `try_out` makes a converter with a Markdown extension; it fails where that does.
    """

    def __init__(self, taken: dict[str, set[str]], try_out: Callable[[MarkdownAddition], None]) -> None:
        self._taken = taken
        self._try_out = try_out
        self.filters: dict[str, Filter] = {}
        self.queries: dict[str, Query] = {}
        self.additions: list[MarkdownAddition] = []
        self.fields: dict[str, Check] = {}
        self.kinds: dict[str, KindAddition] = {}

    def filter(self, name: str, function: Filter) -> None:
        """Add a filter for templates. It must be pure: what it gives follows from what it is given alone."""
        self.filters[self._free("filter", name)] = _callable(f"the filter {name}", function)

    def query(self, name: str, function: Query) -> None:
        """Add a question that templates ask as `site.query("name", "id")`.

        `function` takes the index and the id, and gives texts, numbers, dates, documents' cards, or lists and
        dictionaries of those. It must be pure, and leave the index as it is.
        """
        self.queries[self._free("query", name)] = _callable(f"the query {name}", function)

    def markdown(
        self,
        extension: str | Callable[[], Any],
        *,
        tags: Iterable[str] = (),
        attributes: Mapping[str, Iterable[str]] | None = None,
        **config: Any,
    ) -> None:
        """Add a Python-Markdown extension: its name (with its `config`), or a function or class that makes one.

        `tags` are the elements it writes that a text could not hold until now; `attributes` maps an element, or "*"
        for all, to names of attributes. Classes need no leave.
        """
        if not isinstance(extension, str):
            _callable("what makes a Markdown extension", extension)
            if config:
                raise RegistrationError("Options go to a Markdown extension that is given by its name alone.")
        allowed = {_inside(tag): frozenset(map(_attribute, names)) for tag, names in (attributes or {}).items()}
        addition = MarkdownAddition(extension, config, frozenset(map(_element, tags)), allowed)
        self._try_out(addition)
        self.additions.append(addition)

    def field(self, name: str, check: Check = lambda value: value) -> None:
        """Add a key of front matter; its value joins `extra` of the document.

        `check` takes the value as it is written (a text, a whole number, true or false, a list, a mapping) and gives
        the one to keep, or raises ValueError with a sentence that says what is wrong. It must be pure.
        """
        self.fields[self._free("field", name)] = _callable(f"the check of the field {name}", check)

    def kind(self, name: str, plan: PathPlanner, render: Render) -> None:
        """Add a kind of output file; see `KindAddition`. `plan` must be pure, `render` may ask the site it is given."""
        what = f"the kind {name}"
        self.kinds[self._free("kind", name)] = KindAddition(_callable(what, plan), _callable(what, render))

    def _free(self, what: str, name: str) -> str:
        """Check that a name can be given."""
        if not isinstance(name, str) or not _NAME.match(name):
            message = f'"{name}" cannot be the name of a {what}: use small letters, digits and underscores.'
            raise RegistrationError(message)
        taken = self._taken.setdefault(what, set())
        if name in taken:
            raise RegistrationError(f'There is a {what} "{name}" already: choose another name.')
        taken.add(name)
        return name


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that no extension adds what is asked for, with the nearest name that one does add."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1, 0.6)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    return f'No extension adds a {what} "{name}".{guess}'


def _callable(what: str, function: Any) -> Any:
    if not callable(function):
        raise RegistrationError(f"For {what}, a function is needed.")
    return function


def _element(name: str) -> str:
    if name in TAGS or (_ELEMENT.match(name) and name not in _FOREIGN):
        return name
    there = f"There are: {', '.join(sorted(TAGS))}, and names with a hyphen."
    raise RegistrationError(f"The element <{name}> cannot be added. {there}")


def _inside(name: str) -> str:
    """Check the name of an element that attributes are for: any that a text may hold, but for those that load."""
    if name == "*" or (_ANY_ELEMENT.match(name) and name not in _LOADING):
        return name
    raise RegistrationError(f"Attributes cannot be added to <{name}>.")


def _attribute(name: str) -> str:
    if name not in _OURS and (name in ATTRIBUTES or _ATTRIBUTE.match(name)):
        return name
    also = ", ".join(sorted(ATTRIBUTES))
    raise RegistrationError(f'The attribute "{name}" cannot be added. There are: data-…, aria-…, {also}.')
