"""The problems of rendered pages: a mistake in a template appears once, with the first page that it spoils."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from generator.errors import Problem
from generator.text.counts import format_count

TEMPLATE = "template-"
"""The codes of problems that stop a build begin with this."""
_WHILE_RENDERING = ("template-failed", "template-missing")


def stops_build(problem: Problem) -> bool:
    """Return True if a problem is a template's: then a build writes nothing."""
    return problem.code.startswith(TEMPLATE)


def gather_page_problems(found: Iterable[tuple[str, Iterable[Problem]]]) -> Iterator[Problem]:
    """List the problems of pages, given as output path → problems; a template's name the page that was being made."""
    pages: dict[Problem, list[str]] = defaultdict(list)
    for path, problems in found:
        for problem in problems:
            if problem.code in _WHILE_RENDERING:
                pages[problem].append(path.removesuffix("index.html"))
            else:
                yield problem
    for problem, paths in pages.items():
        first, others = min(paths), len(paths) - 1
        more = f" and {format_count(others, 'other page')}" if others else ""
        yield replace(problem, message=f"{problem.message} It happened on /{first}{more}.")
