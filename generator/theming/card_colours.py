"""The colours of social cards, as a theme declares them: `[social_card]` in theme.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.model import CardColours
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import Settings, warn_of_unknown

_COLOUR = lazy_pattern(r"#[0-9a-f]{6}", re.I)
_PLAIN = {"paper": "#ffffff", "ink": "#191817", "muted": "#5f5a52", "accent": "#191817"}


def read_card_colours(top: Settings) -> dict[str, str]:
    """Read `[social_card]` of a theme.toml: colour's name → "#rrggbb", an accent's under "accents.NAME"."""
    table = top.section("social_card")
    found = {name: table.text(name, "", _colour) for name in _PLAIN}
    accents = table.section("accents")
    for name in accents.table.entries:
        found[f"accents.{name}"] = accents.text(name, "", _colour)
    warn_of_unknown(table)
    return {name: colour for name, colour in found.items() if colour}


def choose_card_colours(declared: Iterable[Mapping[str, str]], options: Mapping[str, Any]) -> CardColours:
    """Choose the colours: those of the child before its parents', the accent's by the theme's option `accent`.

    An accent that is written as a colour is that colour.
    """
    colours = dict(_PLAIN)
    for each in reversed(list(declared)):
        colours |= each
    accent = str(options.get("accent", ""))
    own = accent.lower() if _COLOUR.fullmatch(accent) else colours.get(f"accents.{accent}", colours["accent"])
    return CardColours(colours["paper"], colours["ink"], colours["muted"], own)


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise RefusedError("theme-option", f'"{text}" is not a colour here.', 'Write it as "#7b2358".')
    return text.lower()
