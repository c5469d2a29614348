"""Templates for Jinja: the loaders, and the references between templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

import jinja2
from jinja2 import meta

from generator.digest import digest_bytes
from generator.errors import Problem, error
from generator.theming.layers import Template

# Jinja's words. Source: jinja2.parser.Parser._fail_ut_eof
_UNKNOWN_TAG = re.compile(r"^Encountered unknown tag '(\w+)'\.")
_UNCLOSED = re.compile(r"The innermost block that needs to be closed is '(\w+)'\.$")
_MISPLACED = "Jinja is expecting this tag"


class LayerLoader(jinja2.BaseLoader):
    """Load the templates of one layer of the chain, already read."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's text and the path its problems name.

        Raises: jinja2.TemplateNotFound; jinja2.TemplateSyntaxError if the file is not text.
        """
        found = self._templates.get(template)
        if found is None:
            raise jinja2.TemplateNotFound(template)
        if found.problem:
            raise jinja2.TemplateSyntaxError(found.problem.message, 1, template, found.path)
        return found.text, found.path, lambda: True

    def list_templates(self) -> list[str]:
        """List the layer's templates, sorted."""
        return sorted(self._templates)


def make_loader(
    themes: Mapping[str, Mapping[str, Template]], layers: Sequence[Mapping[str, Template]]
) -> jinja2.BaseLoader:
    """Make a loader that looks through the layers in order, then for `@theme/name` in the theme of that name."""
    by_theme = {f"@{name}": LayerLoader(templates) for name, templates in themes.items()}
    return jinja2.ChoiceLoader([*map(LayerLoader, layers), jinja2.PrefixLoader(by_theme)])


Named = tuple[str | None, ...]
"""The templates that a template names, sorted, then None if it computes the name of one."""


def find_references(template: Template, known: dict[str, Named]) -> tuple[Named, Problem | None]:
    """List the templates that a template names, and its problem.

    `known` has the names of templates without problems by the digest of their text, and gets those that are found.
    """
    if template.problem:
        return (), template.problem
    key = digest_bytes(template.text.encode())
    if key not in known:
        try:
            known[key] = find_named(template.text)
        except jinja2.TemplateSyntaxError as failure:
            return (), syntax_problem(template.path, failure)
        except RecursionError:
            return (), error(template.path, "template-syntax", "The template is nested too deeply.", "Make it simpler.")
    return known[key], None


@lru_cache(2_000)
def find_named(text: str) -> Named:
    """List the templates that a template's text names. Raises: jinja2.TemplateSyntaxError; RecursionError."""
    named = set(meta.find_referenced_templates(_environment().parse(text)))
    return (*sorted(name for name in named if name), *([None] if None in named else []))


def syntax_problem(path: str, failure: jinja2.TemplateSyntaxError) -> Problem:
    """Make the problem of a template's syntax, at its line."""
    words = failure.message or "The template cannot be read"
    message, hint = _explain_tags(words) or (words.rstrip(".") + ".", "See docs/theming.md.")
    return error(path, "template-syntax", message, hint, line=failure.lineno)


def _explain_tags(words: str) -> tuple[str, str] | None:
    """Explain a tag that is unknown, misplaced or never closed: message and hint; None for another mistake."""
    found, inner = _UNKNOWN_TAG.match(words), _UNCLOSED.search(words)
    tag = f"{{% {found[1]} %}}" if found else ""
    if inner is None:
        return (f"The tag {tag} is unknown here.", "See docs/theming.md.") if tag else None
    begin, end = f"{{% {inner[1]} %}}", f"{{% end{inner[1]} %}}"
    if not tag:
        return f"The template ends, but a {begin} in it is not closed.", f"Write {end} where it should end."
    if _MISPLACED in words:
        return f"{tag} is here, but the {begin} above it is not closed.", f"Write {end} before this line."
    return (
        f"The tag {tag} is unknown here.",
        f"The {begin} above it is not closed: write {end}, or correct the tag.",
    )


@cache
def _environment() -> jinja2.Environment:
    # This environment only parses; its loader and output do not matter.
    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"])
