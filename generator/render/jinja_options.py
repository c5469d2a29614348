"""The options of the Jinja environment, one set for templates that are compiled now and for those of the wheel."""

from __future__ import annotations

from typing import Any

import jinja2

from generator.render.fast import FastEnvironment

PLAIN = "txt"
"""The suffix of templates for plain text: their values are not escaped."""


def make_environment(loader: jinja2.BaseLoader, *, stock: bool = False, **more: Any) -> jinja2.Environment:
    """Make the environment that compiles and renders; with `stock`, plain Jinja's."""
    environment: type[jinja2.Environment] = jinja2.Environment if stock else FastEnvironment
    made = environment(
        loader=loader,
        autoescape=jinja2.select_autoescape(disabled_extensions=(PLAIN,), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
        **more,
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined] # values by name, escaped: see `Words`
    made.policies["ext.i18n.trimmed"] = True
    return made
