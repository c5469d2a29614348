"""Share the targets of a build out among forks, each with a part that its parent can help with."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, takewhile

from generator.model import Target
from generator.render.kinds import Phase

_CHUNK = 8
_BLOCK = 512  # neighbours that one fork renders: other forks need not copy the memory that they share
_TOKENS = 4096  # bytes that every pipe holds

Chunk = Sequence[Target]


class Share:
    """The chunks of one phase that a fork renders from the first one on, while its parent may help from the last one.

    `left` are those without results yet, as the parent knows them. Before each chunk, both take a token from a pipe,
    which holds as many as there are chunks, so they never render the same one.
    """

    def __init__(self, chunks: Sequence[Chunk], *, may_help: bool) -> None:
        self.left = deque(chunks)
        self._may_help = may_help
        self._tokens, filled = os.pipe()
        os.write(filled, bytes(len(chunks)))
        os.close(filled)

    def for_fork(self) -> Iterator[Chunk]:
        """Yield the chunks that the fork renders."""
        return takewhile(lambda _: self._claim(), tuple(self.left))

    def help(self) -> Chunk | None:
        """Return a chunk that this process is to render for the fork; None if there is none."""
        self._may_help = self._may_help and self._claim()
        return self.left.pop() if self._may_help else None

    @property
    def may_help(self) -> bool:
        """Whether it is worth asking for a chunk."""
        return self._may_help

    def close(self) -> None:
        """Give back the pipe."""
        os.close(self._tokens)

    def _claim(self) -> bool:
        return bool(os.read(self._tokens, 1))


def share_out(targets: Sequence[Target], forks: int, phase_of: Callable[[Target], int]) -> dict[int, list[list[Chunk]]]:
    """Share targets out in blocks of neighbours, so that each fork touches, and copies, its own part of memory.

    Phase → each fork's chunks, in order.
    """
    phases: dict[int, list[list[Chunk]]] = {}
    size = max(_CHUNK, -(-len(targets) // (_TOKENS // 2)))
    for number, group in groupby(sorted(targets, key=phase_of), key=phase_of):
        of_phase = list(group)
        block = min(_BLOCK, max(size, len(of_phase) // (4 * forks)))
        shares: list[list[Chunk]] = [[] for _ in range(forks)]
        phases[number] = shares
        if number == Phase.NOTICES:
            # Feeds share entries, which each fork makes for itself: few forks get them, the last one first. The first
            # fork has the first pages, which are posts and take longest.
            block, shares = min(_BLOCK, 2 * -(-len(of_phase) // forks)), shares[::-1]
        for place, start in enumerate(range(0, len(of_phase), block)):
            part = of_phase[start : start + block]
            shares[place % forks] += [part[at : at + size] for at in range(0, len(part), size)]
    return phases
