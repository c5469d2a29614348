"""Put entries into a sorted mapping, and take some out: going through ten thousand entries for one takes longer."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def put_in_order(known: Mapping[str, T], new: Mapping[str, T]) -> dict[str, T]:
    """Return a mapping with new entries, or others in place of known ones, in the order of its keys.

    `known` must be in that order, and `new` may have few entries that it lacks.
    """
    merged = {**known, **new}
    added = [key for key in new if key not in known]
    if not added:
        return merged
    keys = list(known)
    for key in added:
        insort(keys, key)
    return dict(zip(keys, map(merged.__getitem__, keys), strict=True))


def leave_out(known: Mapping[str, T], keys: Iterable[str]) -> dict[str, T]:
    """Return a mapping without some of its keys, in the same order."""
    kept = dict(known)
    for key in keys:
        kept.pop(key, None)
    return kept
