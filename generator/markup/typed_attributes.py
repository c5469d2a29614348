"""Attribute lists as people type them, for Python-Markdown."""

from __future__ import annotations

import re

from markdown.extensions.attr_list import AttrListTreeprocessor

from generator.markup.braces import ATTRIBUTES

_BASE = rf"\{{(?=:|{ATTRIBUTES})\:?[ ]*([^\}}\n ][^\n]*)\}}"


class AttributeLists(AttrListTreeprocessor):
    """Python-Markdown's attribute lists, if they have an id, a class or a value, or begin with `{:`."""

    HEADER_RE = re.compile(rf"[ ]+{_BASE}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{_BASE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(f"^{_BASE}")  # type: ignore[misc]
