"""Find `{name|colleague}` in the text of an issue: the mail has the reader's name there, everything else the fallback.

The engine sees a mark instead, so that no engine takes the braces or the bar for its own syntax.
"""

from __future__ import annotations

import re

from generator.markup.characters import NAME
from generator.patterns import lazy_pattern

_WRITTEN = lazy_pattern(r"""\{ *name *\| *([^{}|<>\[\]"&\\*`%#$\n]{0,39}[^{}|<>\[\]"&\\*`%#$\s]) *\}""", re.IGNORECASE)
_MARK = lazy_pattern(f"{NAME}([0-9]+){NAME}")
_TAG = lazy_pattern(r'(<(?:[^<>"]|"[^"]*")*>)')
_CODE = lazy_pattern(r"<(/?)(?:code|pre)\b")
_SHOWN = lazy_pattern(r'<bdi class="reader-name">([^<]*)</bdi>')


def hide_names(text: str) -> str:
    """Replace each `{name|fallback}` of a text with a mark."""
    if "{" not in text:
        return text
    count = iter(range(len(text)))
    return _WRITTEN.sub(lambda _: f"{NAME}{next(count)}{NAME}", text)


def show_names(html: str, text: str) -> str:
    """Replace the marks in sanitised HTML with an element around the fallback; code shows what the author wrote.

    `text` is the one that `hide_names` was given.
    """
    if NAME not in html:
        return html
    written = list(_WRITTEN.finditer(text))
    depth, parts = 0, []
    for number, part in enumerate(_TAG.split(html)):
        if number % 2:
            if code := _CODE.match(part):
                depth += -1 if code[1] else 1
            shown = "{0[1]}"
        else:
            shown = "{0[0]}" if depth else '<bdi class="reader-name">{0[1]}</bdi>'
        parts.append(_MARK.sub(lambda mark, shown=shown: shown.format(written[int(mark[1])]), part))
    return "".join(parts)


def take_names(html: str, names: list[str], mark: str) -> str:
    """Replace each fallback in a stored body with a mark, and add it to `names`; `mark` takes its number there."""

    def take(found: re.Match[str]) -> str:
        names.append(found[1])
        return f"<bdi>{mark.format(len(names) - 1)}</bdi>"

    return _SHOWN.sub(take, html)
