"""Render targets to bytes: here or, if there are many, in forks that share the index, or in processes started anew."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import chain, groupby
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from generator.engine.processes.background_renderers import BackgroundRenderers
from generator.engine.processes.fork import can_fork
from generator.engine.processes.spawned_renderers import Portable, render_spawned
from generator.engine.rendering import RenderResult, render_target
from generator.engine.request import ANY, Choose
from generator.engine.staging import Content
from generator.errors import Problem
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.kinds import Phase
from generator.store.rows import pack

FORK_FROM = 400  # targets: below, a fork costs more than it saves
SPAWN_FROM = 1500  # targets: below, starting processes anew costs more than it saves
_CHUNK = 8
_BLOCK = 512  # neighbours that one fork renders: other forks need not copy the memory that they share
_NUMBERED = 10_000  # reads that a fork and its parent remember
_TWO = 2  # processes: this one and a fork
_MANY = 50  # with this many targets of a kind, every fork is likely to render one


RecordReads = Callable[[Iterable[tuple[str, str]]], list[int]]
"""Returns the number in the state of each key, given with the digest of its result."""


class PackedResult(NamedTuple):
    """A rendered target with the keys that it read packed as numbers."""

    content: Content | None
    digest: str
    reads: bytes
    problems: tuple[Problem, ...]


def render_targets(
    targets: Sequence[Target],
    context: RenderContext,
    jobs: int | None,
    record: RecordReads,
    portable: Callable[[], Portable],
) -> Iterator[tuple[Target, PackedResult]]:
    """Render all targets, phase by phase: files, pages, then feeds and the like; in any order within a phase.

    `jobs` bounds the processes; None chooses by the work and the machine. `record` is called in this process alone.
    `portable` makes what a process needs that is not a fork of this one.
    """

    def here(target: Target) -> PackedResult:
        return _render_packed(target, context, record)

    workers = jobs or os.cpu_count() or 1
    many = len(targets) >= FORK_FROM
    if len(targets) >= SPAWN_FROM and workers > 1 and not can_fork():
        ordered = sorted(targets, key=_phases(context))
        for target, result in render_spawned(ordered, portable(), workers):
            yield target, here(target) if result is None else _packed_result(result, record)
        return
    if not many or workers == 1 or not can_fork():
        with _frozen_heap() if many else nullcontext():
            yield from ((target, here(target)) for target in targets)
        return
    phase_of = _phases(context)
    early = {target: here(target) for target in _first_of_many(targets)}
    rest = [target for target in targets if target not in early]
    with _frozen_heap():
        for phase in _render_in_forks(_share_out(rest, workers, phase_of), context, record, here):
            ready = [target for target in early if phase_of(target) <= phase.number]
            yield from ((target, early.pop(target)) for target in ready)
            with closing(phase.results):
                yield from phase.results
    yield from early.items()


def render_chosen(
    targets: Sequence[Target],
    context: RenderContext,
    record: RecordReads,
    choose: Choose,
    background: BackgroundRenderers,
) -> Iterator[tuple[Target, PackedResult]]:
    """Render targets one by one as `choose` decides, the theme's files first; the caller writes each before the next.

    A target that `choose` names is rendered here; `background` renders those that it does not name. If `choose` returns
    None, the rest is not rendered.
    """
    left = {target.path: target for target in targets}
    assets = (target.path for target in targets if target.kind == "asset")
    for path in chain(assets, iter(lambda: choose(left), None)):
        target, result = background.take(left) if path == ANY else (left[path], None)
        result = result if result is not None else render_target(target, context)
        yield target, _packed_result(result, record)
        del left[target.path]


def _render_packed(target: Target, context: RenderContext, record: RecordReads) -> PackedResult:
    return _packed_result(render_target(target, context), record)


def _packed_result(result: RenderResult, record: RecordReads) -> PackedResult:
    return PackedResult(result.content, result.digest, pack(record(result.reads.items())), result.problems)


def _first_of_many(targets: Sequence[Target]) -> Iterator[Target]:
    """Choose one target of each frequent kind: forks inherit everything that rendering it loads and compiles."""
    counts = Counter(target.kind for target in targets)
    for kind, target in {target.kind: target for target in reversed(targets)}.items():
        if counts[kind] >= _MANY:
            yield target


@contextmanager
def _frozen_heap() -> Iterator[None]:
    """Freeze the garbage collector: scanning what is loaded costs time, and memory in every fork."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Phase(Struct, frozen=True):
    """A phase of writing with its results, which must be taken before those of the next phase."""

    number: int
    results: Generator[tuple[Target, PackedResult]]


Chunk = Sequence[Target]
Here = Callable[[Target], PackedResult]


def _phases(context: RenderContext) -> Callable[[Target], int]:
    return lambda target: context.kinds[target.kind].phase


def _share_out(
    targets: Sequence[Target], workers: int, phase_of: Callable[[Target], int]
) -> dict[int, list[deque[Chunk]]]:
    """Share targets out in blocks of neighbours, so that each fork touches, and copies, its own part of memory.

    Phase → each fork's chunks, in order.
    """
    phases: dict[int, list[deque[Chunk]]] = {}
    for number, group in groupby(sorted(targets, key=phase_of), key=phase_of):
        of_phase = list(group)
        block = min(_BLOCK, max(_CHUNK, len(of_phase) // (4 * workers)))
        shares = [deque[Chunk]() for _ in range(workers)]
        phases[number] = shares
        if number == Phase.NOTICES:
            # Feeds share entries, which each fork makes for itself: few forks get them, the last one first. The first
            # fork has the first pages, which are posts and take longest.
            block, shares = min(_BLOCK, 2 * -(-len(of_phase) // workers)), shares[::-1]
        for place, start in enumerate(range(0, len(of_phase), block)):
            part = of_phase[start : start + block]
            shares[place % workers] += [part[at : at + _CHUNK] for at in range(0, len(part), _CHUNK)]
    return phases


def _render_in_forks(
    phases: Mapping[int, Sequence[deque[Chunk]]], context: RenderContext, record: RecordReads, here: Here
) -> Generator[_Phase]:
    """Start the forks. Where there would be two, this process renders the first share itself.

    That saves a twentieth of a build: fewer pages go through pipes, and less memory is copied. Three or more forks
    would wait while their results are not taken.
    """
    forks: list[_Fork] = []
    of_worker = [*zip(*phases.values(), strict=True)]
    here_too = len(of_worker) == _TWO
    try:
        for share in of_worker[here_too:]:
            forks.append(_Fork([*chain(*share)], context, forks, record))
        for number, shares in phases.items():
            own = shares[0] if here_too else deque[Chunk]()
            yield _Phase(number, _take_phase(forks, shares[here_too:], own, here))
    finally:
        for fork in forks:
            fork.end()


def _take_phase(
    forks: Sequence[_Fork], awaited: Sequence[deque[Chunk]], own: deque[Chunk], here: Here
) -> Generator[tuple[Target, PackedResult]]:
    """Take a phase's results from any fork that has some; the others wait at their pipes.

    When none has, a chunk of this process's `own` is rendered.
    """
    owing = {fork.pipe: (fork, chunks) for fork, chunks in zip(forks, awaited, strict=True) if chunks}
    while owing or own:
        for pipe in wait(list(owing), 0 if own else None):
            assert isinstance(pipe, Connection)
            fork, chunks = owing[pipe]
            chunk = chunks.popleft()
            results = fork.take()
            # The fork was killed: this process renders its chunk.
            yield from zip(chunk, results if results is not None else map(here, chunk), strict=True)
            if not chunks:
                del owing[pipe]
        if own:
            yield from ((target, here(target)) for target in own.popleft())


class _Fork:
    """A fork of this process that renders its chunks in turn, and ends if the parent stops taking them."""

    def __init__(
        self, chunks: Sequence[Chunk], context: RenderContext, others: Sequence[_Fork], record: RecordReads
    ) -> None:
        forks = multiprocessing.get_context("fork")
        self.pipe, out = forks.Pipe(duplex=False)
        _widen(out)
        self._record = record
        self._numbers: list[int] = []
        # A fork that has a reading end open itself would not notice that its parent has died.
        foreign = (self.pipe, *(other.pipe for other in others))
        self._process = forks.Process(target=_render_chunks, args=(chunks, context, out, foreign), daemon=True)
        self._process.start()
        out.close()

    def take(self) -> list[PackedResult] | None:
        """Take the next chunk's results; None if the fork is gone. Raises what failed in the fork."""
        try:
            sent: Any = self.pipe.recv()
        except (EOFError, OSError):
            return None
        if isinstance(sent, BaseException):
            raise sent
        restart, fresh, rows = sent
        if restart:
            self._numbers.clear()
        self._numbers += self._record(fresh)
        number = self._numbers.__getitem__
        return [PackedResult(content, name, pack(map(number, reads)), said) for content, name, reads, said in rows]

    def end(self) -> None:
        """End the fork at once."""
        self.pipe.close()
        self._process.terminate()
        self._process.join()


def _render_chunks(
    chunks: Sequence[Chunk], context: RenderContext, out: Connection, foreign: Sequence[Connection]
) -> None:
    """Render in the fork. It opens the state again, because a sqlite connection must not cross a fork."""
    for connection in foreign:
        connection.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        context.reopen()
        numbers: dict[str, int] = {}
        for chunk in chunks:
            try:
                out.send(_packed([render_target(target, context) for target in chunk], numbers))
            except (OSError, KeyboardInterrupt):
                raise
            except Exception as failure:
                out.send(failure)
                return
    os._exit(0)  # the parent closes what this process inherited


Packed = tuple[bool, list[tuple[str, str]], list[tuple[bytes | Path | None, str, list[int], tuple[Problem, ...]]]]


def _packed(results: Sequence[RenderResult], numbers: dict[str, int]) -> Packed:
    """Pack a chunk's results for the pipe: a read that was sent before is sent as its number, counted from 0.

    The first value is True if the count starts again: most reads belong to one page and need not be remembered.
    """
    restart = len(numbers) > _NUMBERED
    if restart:
        numbers.clear()
    fresh = []
    for each in results:
        for read in each.reads.items():
            if read[0] not in numbers:
                numbers[read[0]] = len(numbers)
                fresh.append(read)
    return (
        restart,
        fresh,
        [(each.content, each.digest, [numbers[key] for key in each.reads], each.problems) for each in results],
    )


def _widen(pipe: Connection) -> None:
    """Return a fork's pipe 1 MB, if the system allows it (Linux), so that the fork can render ahead of the writer."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)
