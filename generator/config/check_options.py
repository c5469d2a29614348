"""The settings of `[check]`."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class CheckConfig(Struct, frozen=True):
    """What `openletter check` asks for, `[check]`."""

    levels: Mapping[str, str] = field(default_factory=dict)
    """How much a finding matters, by its code: "error", "warning", "note" or "off", `[check.levels]`."""
    approval: tuple[str, ...] = ()
    """What must name in `approved_by` who signed it off: any of `"posts"`, `"pages"` and `"newsletter"`."""
    accessibility_statement: str = ""
    """The address of the page with the accessibility statement, beginning with a slash."""
    words: tuple[str, ...] = ()
    """Words and names that are spelled correctly, for `check --prose`."""
