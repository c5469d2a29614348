"""Read TOML front matter into the tree of `tree.py`. tomllib gives no places: keys are found by searching."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from generator.text.nesting import Places, Plain, to_tree
from generator.text.tree import MAX_DEPTH, Table, refuse_depth, refuse_mapping

# tomllib takes time with the square of a dotted key's length: 30,000 dots hold it for 15 s.
_LONG_KEY = re.compile(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}""")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def read_toml(path: str, text: str, first_line: int) -> Table:
    """Read TOML 1.0. Raises ContentError with the place for what is not TOML, duplicate keys included."""
    if long_key := _LONG_KEY.search(text):
        raise refuse_depth(path, text.count("\n", 0, long_key.start()) + first_line, 1)
    try:
        data: dict[str, Any] = tomllib.loads(text, parse_float=Plain)
    except tomllib.TOMLDecodeError as problem:
        said = str(problem)
        place = _PLACE.search(said)
        line, column = (int(place[1]), int(place[2])) if place and place[1] else (1, 1)
        what = f"The front matter is not TOML: {_PLACE.sub('', said)}."
        hint = 'Write key = "value", text in quotes.'
        raise refuse_mapping(path, what, hint, line - 1 + first_line, column) from None
    except (ValueError, RecursionError) as problem:
        what = "A number here is too large." if isinstance(problem, ValueError) else "This is nested too deep."
        raise refuse_mapping(path, what, "Write it in quotes, or flatter.", first_line, 1) from None
    return to_tree(path, data, Places(text, first_line, r"""^[ \t]*\[*["']?{key}["']?[ \t]*[=.\]]"""))
