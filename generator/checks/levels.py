"""The level of each finding, as `[check.levels]` of site.toml sets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from generator.errors import Level, Problem

OFF = "off"


def apply_levels(problems: Iterable[Problem], levels: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give each finding the level of its code, and leave out those that are off."""
    kept = (problem for problem in problems if levels.get(problem.code) != OFF)
    return tuple(
        replace(problem, level=Level(levels[problem.code])) if levels.get(problem.code) else problem for problem in kept
    )
