"""Read `[check]`: what `openletter check` asks for."""

from __future__ import annotations

from generator.config import checks
from generator.config.check_options import CheckConfig
from generator.text.typed_rules import Settings, choice_of, warn_of_unknown

_LEVELS = ("error", "warning", "note", "off")
_APPROVED = ("posts", "pages", "newsletter")


def read_check(table: Settings) -> CheckConfig:
    """Read the section, with `[check.levels]`."""
    levels = table.section("levels")
    check = CheckConfig(
        levels={code: levels.take(code, choice_of(_LEVELS), "") for code in levels.table.entries},
        approval=table.texts("approval", (), checks.one_of(_APPROVED)),
        accessibility_statement=table.text("accessibility_statement", "", checks.gone_address),
        words=table.texts("words", ()),
    )
    warn_of_unknown(table)
    return check
