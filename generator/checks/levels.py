"""The level of each finding, as `[check.levels]` of site.toml sets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from generator.errors import Level, Problem, warning
from generator.text.quoting import quote

OFF = "off"
_FILE = "site.toml"


def apply_levels(problems: Iterable[Problem], levels: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give each finding the level of its code, and leave out those that are off."""
    kept = (problem for problem in problems if levels.get(problem.code) != OFF)
    return tuple(
        replace(problem, level=Level(levels[problem.code])) if levels.get(problem.code) else problem for problem in kept
    )


def unknown_codes(root: Path, levels: Mapping[str, str]) -> Iterator[Problem]:
    """Find the codes in `[check.levels]` that no finding has, each at its line."""
    if not levels:
        return
    from generator.checks.codes import explanations

    unknown = [code for code in levels if code not in explanations()]
    if not unknown:
        return
    from generator.text.suggestions import find_closest
    from generator.text.toml_positions import Positions
    from generator.text.toml_settings import read_settings

    places = Positions(read_settings(root / _FILE, _FILE))
    for code in unknown:
        place = places.place(("check", "levels", code))
        near = find_closest(code.casefold().replace("_", "-"), explanations(), 0.6)
        hint = (
            f'Did you mean "{near}"? Write: {near} = "{levels[code]}"' if near else "docs/problems.md lists all codes."
        )
        message = f"No finding has the code {quote(code)}, so this level changes nothing."
        yield warning(_FILE, "unknown-code", message, hint, line=place.line, column=place.key)
