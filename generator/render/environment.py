"""The Jinja environment: strict, escaped, and with the template and line of each mistake."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any

import jinja2
from msgspec.structs import replace

from generator.errors import ContentError, OpenletterError, Problem, TemplateError, error
from generator.registry import Additions
from generator.render.compiled import CompiledTemplates, KnownTemplates
from generator.render.fast import FastEnvironment, made_now
from generator.render.jinja_options import make_environment
from generator.render.template_mistakes import HINT, explain, explain_unknown_tool, missing_value
from generator.text.suggestions import find_closest
from generator.theming import Theme
from generator.theming.templates import syntax_problem


class Templates:
    """A theme's templates, compiled when first used, with the filters that extensions add.

    `known` are those that were compiled before, and gets what is compiled now. With `stock`, plain Jinja compiles and
    renders all of them: more slowly, with the same result.
    """

    def __init__(
        self, theme: Theme, additions: Additions, known: KnownTemplates | None = None, *, stock: bool = False
    ) -> None:
        self._theme = theme
        self._paths = frozenset(template.path for layer in theme.layers for template in layer.values())
        self.known = known if known is not None else KnownTemplates()
        self._environment = make_environment(
            theme.loader(),
            stock=stock,
            undefined=missing_value(theme.options),
            bytecode_cache=None if stock else CompiledTemplates(self.known, additions.filters),
        )
        self._environment.filters.update(additions.filters)
        # Code of others can raise anything, in a filter or in its result: report all of it at the template's line.
        self._mistakes = (Exception,) if additions.filters or additions.queries else _MISTAKES

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Render a template.

        Raises: TemplateError with the line of the template that failed; ContentError if a file has changed.
        """
        try:
            if isinstance(self._environment, FastEnvironment):
                return self._environment.rendered(name, context)
            return self._environment.get_template(name).render(made_now(context))
        except jinja2.TemplateSyntaxError as reason:
            raise TemplateError(self._syntax(name, reason)) from reason
        except jinja2.TemplateNotFound as reason:
            raise TemplateError(self._not_found(name, reason)) from reason
        except ContentError:
            raise
        except OpenletterError as reason:
            raise self._with_line(reason) from reason
        except self._mistakes as reason:
            place = self._place(reason.__traceback__)
            if place is None:
                raise
            path, line = place
            unknown = self._unknown_tool(str(reason))
            message = unknown or f"This line of the template failed: {explain(reason, context)}"
            raise TemplateError(error(path, "template-failed", message, HINT, line=line)) from reason

    def _syntax(self, name: str, reason: jinja2.TemplateSyntaxError) -> Problem:
        problem = syntax_problem(reason.filename or name, reason)
        return replace(problem, message=self._unknown_tool(problem.message) or problem.message)

    def _unknown_tool(self, words: str) -> str:
        return explain_unknown_tool(words, {"filter": self._environment.filters, "test": self._environment.tests})

    def _with_line(self, failure: OpenletterError) -> TemplateError:
        """Add the template's line to the failure of an extension: without it, the template would look sound."""
        path, line = self._place(failure.__traceback__) or ("", 0)
        message = "This line of the template uses an extension that failed."
        return TemplateError([*failure.problems, error(path, "template-failed", message, _HINT_EXTENSION, line=line)])

    def _not_found(self, name: str, reason: jinja2.TemplateNotFound) -> Problem:
        path, line = self._place(reason.__traceback__) or (f"theme {self._theme.name}: templates/{name}", 0)
        message = f'There is no template "{reason.message}".'
        near = find_closest(str(reason.message), self._theme.template_names, 0.6)
        hint = f'Did you mean "{near}"?' if near else "Add it to the theme, or correct its name."
        return error(path, "template-missing", message, hint, line=line)

    def _place(self, traceback: TracebackType | None) -> tuple[str, int] | None:
        """Find the innermost line of a template in a traceback; Jinja rewrites the line numbers of its frames."""
        place = None
        while traceback is not None:
            path = traceback.tb_frame.f_code.co_filename
            if path in self._paths:
                place = (path, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place


# Mistakes in templates raise these besides Jinja's own: a template that includes itself, a text used as a date, 99 GB.
_MISTAKES = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
_HINT_EXTENSION = "Correct the extension, or remove it from this line."
