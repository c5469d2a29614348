"""Lines and columns of offsets in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def places(text: str, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the line and column, both from 1, of each offset; they must ascend. Reads the text once."""
    line, begin, seen = 1, 0, 0
    for at in offsets:
        if breaks := text.count("\n", seen, at):
            line += breaks
            begin = text.rfind("\n", seen, at) + 1
        seen = at
        yield line, at - begin + 1
