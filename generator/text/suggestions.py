"""Guess which known word was meant by one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def find_closest(word: str, known: Iterable[str], cutoff: float) -> str | None:
    """Find the known word most like another; None where none reaches `cutoff`, from 0 to 1 for equal."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, cutoff)
    return near[0] if near else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Write a hint with the closest known word, or with all of them where none is close; "" where none is known."""
    near = find_closest(word.casefold(), known, 0.6)
    if near:
        return f'Did you mean "{near}"?'
    return f"Available: {', '.join(sorted(known))}." if known else ""
