"""Fenced blocks of a service letter: a code block named `figures` or `dates` becomes a placeholder."""

from __future__ import annotations

import re

from generator.blocks import NAMES
from generator.markup.dom import classes, make_element, mark_element, replace_element, text_of, within
from generator.markup.draft import BodyTree

_LANGUAGE = "language-"
_FENCED = re.compile(rf'<code class="{_LANGUAGE}(?:{"|".join(NAMES)})"')


def may_have_fences(html: str) -> bool:
    """Return True if sanitised HTML may have fenced blocks."""
    return _LANGUAGE in html and _FENCED.search(html) is not None


def make_fences(draft: BodyTree) -> None:
    """Replace each code block that is named like a block; its YAML joins the facts of the body."""
    if not may_have_fences(draft.html):
        return
    for code in draft.tagged("pre"):
        inner = code[0] if len(code) == 1 else None
        names = classes(inner) if inner is not None and inner.tag == "code" else []
        name = next((each.removeprefix(_LANGUAGE) for each in names if each.startswith(_LANGUAGE)), "")
        if name not in NAMES or inner is None or within(code, "li", "td", "blockquote"):
            continue
        mark = make_element("wbr")
        mark_element(mark, f"Q{len(draft.found.fences)}")
        draft.found.fences.append((name, text_of(inner)))
        replace_element(code, mark)
