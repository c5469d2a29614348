"""Write counts with their nouns."""

from __future__ import annotations


def format_count(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 post`, `1,200 posts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
