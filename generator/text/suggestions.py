"""Guess which known word an unknown one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def find_closest(word: str, known: Iterable[str], cutoff: float) -> str | None:
    """Find the known word that is most similar; None if none reaches `cutoff` (0 to 1, 1 is equal)."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, cutoff)
    return near[0] if near else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Write a hint with the closest known word, or with all of them if none is close; "" if there are none."""
    near = find_closest(word.casefold(), known, 0.6)
    if near:
        return f'Did you mean "{near}"?'
    return f"Available: {', '.join(sorted(known))}." if known else ""
