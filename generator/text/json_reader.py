"""Read JSON front matter into the tree of `tree.py`. json gives no places, so keys are found by searching."""

from __future__ import annotations

import json
from typing import Any

from generator.errors import ContentError
from generator.text.nesting import Places, Plain, to_tree
from generator.text.tree import Table, Text, duplicate_problem, refuse_mapping


class _TwiceError(ValueError):
    """A key appears twice in one object."""


def json_end(text: str) -> int | None:
    """Find the end of the JSON object at the start of `text`; None if it never ends."""
    try:
        return json.JSONDecoder(parse_int=str).raw_decode(text)[1]
    except (ValueError, RecursionError):
        return None


def read_json(path: str, text: str, first_line: int) -> Table:
    """Read one JSON object. Raises ContentError with the place if it is not JSON or has duplicate keys."""
    places = Places(text, first_line, r'"{key}"[ \t\n]*:')
    try:
        data: dict[str, Any] = json.loads(
            text, parse_int=Plain, parse_float=Plain, parse_constant=Plain, object_pairs_hook=_once
        )
    except json.JSONDecodeError as problem:
        what = "The front matter cannot be read as JSON here."
        hint = "Check the quotes, commas and brackets of this line and the one above."
        raise refuse_mapping(path, what, hint, problem.lineno - 1 + first_line, problem.colno) from None
    except _TwiceError as problem:
        line, column = places.find(str(problem), last=True)
        first = Text(str(problem), places.find(str(problem))[0], 1)
        raise ContentError(duplicate_problem(path, Text(str(problem), line, column), first)) from None
    except RecursionError:
        raise refuse_mapping(path, "Lists are nested too deeply here.", "Use fewer levels.", first_line, 1) from None
    return to_tree(path, data, places)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        seen: set[str] = set()
        raise _TwiceError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return data
