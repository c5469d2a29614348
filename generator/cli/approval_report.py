"""Show whether a letter is approved, and how it differs from the approved one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cli.console import say

if TYPE_CHECKING:
    from generator.newsletter.delivery.approval import ApprovalStatus


def show_approval(status: ApprovalStatus) -> None:
    """Print the approvals of a letter, if site.toml requires any."""
    if not status.required:
        return
    say(f"Approval: {status.summary}")
    for line in status.difference:
        say(f"  {line}")


def summarize_approval(status: ApprovalStatus) -> dict[str, Any]:
    """Return the approvals for `--json`."""
    if not status.required:
        return {}
    facts = {
        "required": status.required,
        "approved_by": [each.by for each in status.approvers],
        "difference": list(status.difference),
    }
    return {"approval": facts}
