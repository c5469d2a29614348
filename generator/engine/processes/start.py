"""Start work in other processes while this one does something else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")


def start_first(results: Iterator[T]) -> Iterator[T]:
    """Wait for the first result, and return all of them.

    When this returns, the iterator's processes are running: the caller can do other work before it takes the results.
    """
    return chain(list(islice(results, 1)), results)
