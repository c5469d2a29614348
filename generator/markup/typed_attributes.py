"""Words in braces that stay words: of `## Costs {in pounds}`, both dialects would take "in pounds" as attributes."""

from __future__ import annotations

import re

from markdown.extensions.attr_list import AttrListTreeprocessor

from generator.markup.code_spans import change_outside_code

_ATTRIBUTE = r"""(?:[#.][^\s{}]++|[^\s{}=#.][^\s{}=]*+=(?:"[^"\n]*+"|'[^'\n]*+'|[^\s{}"']*+))"""
_LIST = rf"[ ]*+{_ATTRIBUTE}(?:[ ]++{_ATTRIBUTE})*+[ ]*+\}}"
_BASE = rf"\{{(?=:|{_LIST})\:?[ ]*([^\}}\n ][^\n]*)\}}"
_HEADING = re.compile(
    r"^(?=[ >]*#{1,6}[ \t]|[^\n]*\n[ >]*(?:=+|-+)[ \t]*$)"
    rf"(?P<words>[^\n]*[^\\\n])\{{(?!:|{_LIST})(?=[^{{}}\n]*\}}[ \t]*$)",
    re.MULTILINE,
)


class AttributeLists(AttrListTreeprocessor):
    """Python-Markdown's attribute lists, if they have an id, a class or a value, or begin with `{:`."""

    HEADER_RE = re.compile(rf"[ ]+{_BASE}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{_BASE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(f"^{_BASE}")  # type: ignore[misc]


def escape_words_in_braces(text: str) -> str:
    """Write the braces as references at the end of CommonMark's headings that are no attributes."""
    if "{" not in text or not _HEADING.search(text):
        return text
    return change_outside_code(text, lambda piece: _HEADING.sub(r"\g<words>&#123;", piece.text))
