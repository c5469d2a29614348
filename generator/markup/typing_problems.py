"""Make problems about texts that were read in another way than their author may have meant."""

from __future__ import annotations

import re

from generator.errors import Problem, note, warning
from generator.markup.links import encode_url, whole_address
from generator.patterns import lazy_pattern

_LINK = lazy_pattern(r"""(\[[^\[\]\n]{0,200}\](?:\([ ]*|:[ ]+)<?|href(?<!\whref)=["']?)([^\s()<>"'|]+)(["']|>?\)?)""")
"""Both ways to begin start with a letter of their own: four times as fast as one that starts with `\b`."""

_MAY_LACK = re.compile(r"\](?:\([ ]*|:[ ]+)<?(?:[wW]{3}\.|[\w.+%-]+@)")
"""The first way, if the address may lack its beginning. It starts with a rare letter: ten times as fast again."""


def indent_problems(path: str, first_line: int, lines: tuple[int, ...]) -> tuple[Problem, ...]:
    """Warn of indented paragraphs, by their lines. `first_line` is the line on which the text begins."""
    if not lines:
        return ()
    which = "This paragraph begins" if len(lines) == 1 else f"This paragraph and {len(lines) - 1} more begin"
    what = f"{which} with a tab or four spaces, which mean code in Markdown. Openletter reads them as ordinary text."
    hint = "Delete the spaces at the start of the line. If it is code, write a line of ``` above it and one below it."
    return (warning(path, "indented-paragraph", what, hint, line=first_line + lines[0] - 1, column=1),)


def link_problems(path: str, text: str, first_line: int, html: str) -> tuple[Problem, ...]:
    """Warn of links without `https://` or `mailto:`, which the body `html` has in full."""
    if not ("ww." in text or "@" in text) or not ("href" in text or _MAY_LACK.search(text)):
        return ()
    problems = []
    for match in _LINK.finditer(text):
        whole = whole_address(match[2])
        if whole and f'"{encode_url(whole)}"'.replace("&", "&amp;") in html:
            line, column = text.count("\n", 0, match.start(2)), match.start(2) - text.rfind("\n", 0, match.start(2))
            missing = whole.partition(":")[0] + ("://" if whole.startswith("https") else ":")
            what = f'The link "{match[2]}" needs "{missing}" before it: without it, a link means a file of this site.'
            hint = f"Write: {match[1]}{whole}{match[3]}"
            problems.append(warning(path, "link-without-scheme", what, hint, line=first_line + line, column=column))
    return tuple(problems)


def title_repeated(path: str, text: str, first_line: int) -> Problem:
    """Make the note about a text that begins with its own title."""
    line = first_line + len(text[: len(text) - len(text.lstrip())].splitlines())
    what = "The text begins with a heading that repeats the title. It is not shown again below the page's own title."
    return note(path, "title-repeated", what, "Delete the heading.", line=line, column=1)
