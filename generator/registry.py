"""The registry, through which an extension adds filters, queries, fields, Markdown and kinds of file.

An extension is a module with a function `extend(registry)`. It is called once in each process, before anything is
built. After that, nothing can be added. docs/extending.md explains how to write one.
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
"""The HTML elements that an extension may allow in texts, besides those with a hyphen in their name."""

ATTRIBUTES = frozenset({"role", "value", "min", "max", "low", "high", "optimum", "datetime", "open"})
"""The attributes that an extension may allow, besides those that begin with `data-` or `aria-`."""

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_ELEMENT = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$")
_ATTRIBUTE = re.compile(r"^(?:data|aria)-[a-z0-9]+(?:-[a-z0-9]+)*$")
_ANY_ELEMENT = re.compile(r"^[a-z][a-z0-9-]*$")
_LOADING = frozenset({"audio", "iframe", "img", "input", "source", "video"})
_FOREIGN = frozenset({"annotation-xml", "color-profile", "font-face", "missing-glyph"}) | {
    f"font-face-{part}" for part in ("format", "name", "src", "uri")
}
_OURS = frozenset({"data-o"})  # the markup stores its placeholders in it


class RegistrationError(Exception):
    """An extension tried to add something that is not allowed."""


class FilterError(Exception):
    """A filter of an extension failed; the text names the filter, the line and the reason."""


class MarkdownAddition(Struct, frozen=True, eq=False):
    """A Python-Markdown extension: its name or a function that makes one, and the HTML to allow in texts.

    `config` are the options of an extension given by name. `attributes` maps an element, or "*" for all, to names of
    attributes.
    """

    extension: str | Callable[[], Any]
    config: Mapping[str, Any]
    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]


class KindAddition(Struct, frozen=True):
    """A kind of output file.

    `plan` takes the index and yields for each file its path below the output folder, or a tuple of the path and texts;
    `render` takes `site` and those texts, and returns the file's content.
    """

    plan: PathPlanner
    render: Render


class Additions(Struct, frozen=True):
    """Everything that a site's extensions add, by name. `origins` maps each kind to the file that adds it.

    `documents` is a digest of the extensions that can change how sources are converted; "" if there are none.
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
    """The additions of one extension. Every method raises RegistrationError for an invalid addition.

    `taken` are the names in use, by "filter", "query", "field" and "kind". All extensions of a site share it. `try_out`
    makes a converter with a Markdown extension, and raises the exceptions of that extension.
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
        """Add a filter for templates. It must be pure: the same input always gives the same result."""
        self.filters[self._free("filter", name)] = _callable(f"the filter {name}", function)

    def query(self, name: str, function: Query) -> None:
        """Add a query, which templates call as `site.query("name", "id")`.

        `function` takes the index and the id, and returns texts, numbers, dates, documents' cards, or lists and
        dictionaries of those. It must be pure, and must not change the index.
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

        `tags` are elements that it writes and that texts do not allow yet; `attributes` maps an element, or "*" for
        all, to names of attributes. Classes are always allowed.
        """
        if not isinstance(extension, str):
            _callable("the Markdown extension", extension)
            if config:
                raise RegistrationError("Only a Markdown extension that is given by its name can have options.")
        allowed = {_inside(tag): frozenset(map(_attribute, names)) for tag, names in (attributes or {}).items()}
        addition = MarkdownAddition(extension, config, frozenset(map(_element, tags)), allowed)
        self._try_out(addition)
        self.additions.append(addition)

    def field(self, name: str, check: Check = lambda value: value) -> None:
        """Add a field of front matter; its value becomes part of the document's `extra`.

        `check` takes the value as it is written (a text, a whole number, true or false, a list, a mapping) and returns
        the value to store, or raises ValueError with a sentence for the author. It must be pure.
        """
        self.fields[self._free("field", name)] = _callable(f"the check of the field {name}", check)

    def kind(self, name: str, plan: PathPlanner, render: Render) -> None:
        """Add a kind of output file; see `KindAddition`. `plan` must be pure; `render` may read only its site."""
        what = f"the kind {name}"
        self.kinds[self._free("kind", name)] = KindAddition(_callable(what, plan), _callable(what, render))

    def _free(self, what: str, name: str) -> str:
        """Check that a name is valid and free, and take it."""
        if not isinstance(name, str) or not _NAME.match(name):
            message = f'"{name}" cannot be the name of a {what}: use small letters, digits and underscores.'
            raise RegistrationError(message)
        taken = self._taken.setdefault(what, set())
        if name in taken:
            raise RegistrationError(f'There is already a {what} "{name}". Choose another name.')
        taken.add(name)
        return name


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Write the message for a name that no extension adds, with the nearest known name."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1, 0.6)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    return f'No extension adds a {what} "{name}".{guess}'


def _callable(what: str, function: Any) -> Any:
    if not callable(function):
        raise RegistrationError(f"{what[:1].upper()}{what[1:]} must be a function.")
    return function


def _element(name: str) -> str:
    if name in TAGS or (_ELEMENT.match(name) and name not in _FOREIGN):
        return name
    allowed = f"Allowed are {', '.join(sorted(TAGS))}, and names with a hyphen."
    raise RegistrationError(f"The element <{name}> cannot be added. {allowed}")


def _inside(name: str) -> str:
    """Check the name of the element that gets attributes: any except those that load something."""
    if name == "*" or (_ANY_ELEMENT.match(name) and name not in _LOADING):
        return name
    raise RegistrationError(f"Attributes cannot be added to <{name}>.")


def _attribute(name: str) -> str:
    if name not in _OURS and (name in ATTRIBUTES or _ATTRIBUTE.match(name)):
        return name
    also = ", ".join(sorted(ATTRIBUTES))
    raise RegistrationError(f'The attribute "{name}" cannot be added. Allowed are data-…, aria-…, {also}.')
