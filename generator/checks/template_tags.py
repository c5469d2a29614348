"""Tags of another generator in texts, such as `{{ page.title }}`: readers see them as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, warning
from generator.text.quoting import quote

_TAG = re.compile(r"\{\{[^{}\n]{1,300}\}\}|\{%[^{}%\n]{1,300}%\}")
_WORD = re.compile(r"\w")
_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.S)
_LONGEST = 60


def template_tags(site: BuiltSite) -> Iterator[Problem]:
    """Find the tags that readers see, each at its line. Those in code are examples."""
    for path in site.index.cards:
        body = site.body(path)
        if body is None or not ("{{" in body.html or "{%" in body.html):
            continue
        shown = _CODE.sub("", body.html)
        if not any(_WORD.search(found[0]) for found in _TAG.finditer(shown)):
            continue
        for found, (line, column) in site.locate.matches(path, _TAG):
            if not _WORD.search(found[0]):  # a text about braces
                continue
            tag = found[0] if len(found[0]) <= _LONGEST else f"{found[0][:_LONGEST]}…"
            message = f"Readers see the tag {quote(tag)} of another generator."
            hint = "Write what it stood for, or delete it. If it is an example, put it between backquotes: `…`"
            yield warning(path, "template-tag", message, hint, line=line, column=column)
