"""Render targets in processes that are started anew: on macOS and Windows, where a fork is not safe or not possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Protocol

from generator.engine.processes.pool import Failure, Pool
from generator.engine.processes.worker import Limits
from generator.engine.rendering import RenderResult, render_target
from generator.model import Target
from generator.render.context import RenderContext

_CHUNK = 8
_LIMITS = Limits(deadline_s=120, memory_bytes=0)


class Portable(Protocol):
    """What another process can make the context from."""

    def open(self) -> RenderContext:
        """Make the context."""


class ChunkRenderer:
    """The step of a pool: renders chunks of targets. Each worker opens the context once, with its first chunk."""

    def __init__(self, portable: Portable) -> None:
        self._portable = portable
        self._context: RenderContext | None = None

    def __call__(self, chunk: Sequence[Target]) -> list[RenderResult] | None:
        """Render a chunk; None if that fails: the parent then renders it and meets the exception itself."""
        try:
            if self._context is None:
                self._context = self._portable.open()
            context = self._context
            return [render_target(target, context) for target in chunk]
        except Exception:
            return None


def render_spawned(
    targets: Sequence[Target], portable: Portable, workers: int
) -> Iterator[tuple[Target, RenderResult | None]]:
    """Render targets in `workers` processes; yields results in order, None for what the caller has to render itself."""
    chunks = [targets[at : at + _CHUNK] for at in range(0, len(targets), _CHUNK)]
    step = (ChunkRenderer(portable),)
    with Pool[Sequence[Target], list[RenderResult] | None](step, workers, _LIMITS, "spawn") as pool:
        done = zip(chunks, pool.map(chunks), strict=True)
        yield from chain.from_iterable(zip(chunk, _or_nothing(results, chunk), strict=True) for chunk, results in done)


def _or_nothing(results: list[RenderResult] | Failure | None, chunk: Sequence[Target]) -> Sequence[RenderResult | None]:
    """Return the results of a chunk; nothing for each target if its worker failed or died."""
    return results if isinstance(results, list) else [None] * len(chunk)
