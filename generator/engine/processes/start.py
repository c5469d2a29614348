"""Start work in other processes, and do something else in the meantime."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")


def start_first(results: Iterator[T]) -> Iterator[T]:
    """Wait for the first result, and return all of them.

    The processes that an iterator starts are at work when this returns: the caller may do other work before it takes
    the results.
    """
    return chain(list(islice(results, 1)), results)
