"""What may be wider than the page and scrolls by itself: tables and code, within a keyboard's reach."""

from __future__ import annotations

from generator.markup.dom import make, mark, plain, within
from generator.markup.draft import Draft


def mark_code(draft: Draft) -> None:
    """Let a block of code, whose long lines scroll, be reached with a keyboard. Source: WCAG 2.2, criterion 2.1.1."""
    for block in draft.tagged("pre"):
        mark(block, "TCode")


def wrap_tables(draft: Draft) -> None:
    """Wrap each outermost table, so that a wide one scrolls by itself, with a keyboard too.

    A box that scrolls needs focus and a name; it is a group, not a region, so that many tables are not many landmarks.
    Source: WCAG 2.2, criteria 2.1.1 and 4.1.2.
    """
    for table in draft.tagged("table"):
        parent = table.getparent()
        if parent is None or within(table, "table"):
            continue
        caption = table.find("caption")
        label = plain(caption) if caption is not None else ""
        box = make("div", class_="table-scroll")
        mark(box, "T" + "".join(c for c in label if c not in "\"'<>&"))
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)
