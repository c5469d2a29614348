"""Read TOML front matter into the tree of `tree.py`. tomllib gives no places, so keys are found by searching."""

from __future__ import annotations

import tomllib
from typing import Any

from generator.patterns import lazy_pattern
from generator.text.nesting import Places, Plain, to_tree
from generator.text.toml_mistakes import find_escaped_path, find_mistake
from generator.text.tree import MAX_DEPTH, Table, refuse_depth, refuse_mapping

# tomllib's time grows with the square of a dotted key's length: 15 s for 30,000 dots.
_LONG_KEY = lazy_pattern(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}""")


def read_toml(path: str, text: str, first_line: int) -> Table:
    """Read TOML 1.0. Raises ContentError with the place if it is not TOML or has duplicate keys."""
    if long_key := _LONG_KEY.search(text):
        raise refuse_depth(path, text.count("\n", 0, long_key.start()) + first_line, 1)
    try:
        data: dict[str, Any] = tomllib.loads(text, parse_float=Plain)
        mistake = find_escaped_path(text, data, first_line)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as problem:
        mistake = find_mistake(text, str(problem), first_line=first_line)
    if mistake is not None:
        code = "duplicate-key" if mistake.is_duplicate else "front-matter"
        raise refuse_mapping(path, mistake.message, mistake.hint, mistake.line, mistake.column, code)
    return to_tree(path, data, Places(text, first_line, r"""^[ \t]*\[*["']?{key}["']?[ \t]*[=.\]]"""))
