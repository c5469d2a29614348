"""Render targets to bytes: here or, if there are many, in forks that share the index, or in processes started anew."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import chain
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from generator.engine.processes.background_renderers import BackgroundRenderers
from generator.engine.processes.fork import can_fork
from generator.engine.processes.shares import Chunk, Share, share_out
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
_NUMBERED = 10_000  # reads that a fork and its parent remember
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

    `jobs` bounds the processes, this one among them; None chooses by the work and the machine. `record` is called in
    this process alone. `portable` makes what a process needs that is not a fork of this one.
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
        for phase in _render_in_forks(share_out(rest, workers - 1, phase_of), context, record, here):
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
    prepare: Callable[[Target], None],
) -> Iterator[tuple[Target, PackedResult]]:
    """Render targets one by one as `choose` decides, the theme's files first; the caller writes each before the next.

    A target that `choose` names is rendered here, after `prepare`; `background` renders those that it does not name. If
    `choose` returns None, the rest is not rendered.
    """
    left = {target.path: target for target in targets}
    assets = (target.path for target in targets if target.kind == "asset")
    for path in chain(assets, iter(lambda: choose(left), None)):
        target, result = background.take(left) if path == ANY else (left[path], None)
        if result is None:
            prepare(target)
            result = render_target(target, context)
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


Here = Callable[[Target], PackedResult]


def _phases(context: RenderContext) -> Callable[[Target], int]:
    return lambda target: context.kinds[target.kind].phase


def _render_in_forks(
    phases: Mapping[int, Sequence[Sequence[Chunk]]], context: RenderContext, record: RecordReads, here: Here
) -> Generator[_Phase]:
    """Start the forks, and help them: two forks beside an idle process would copy more memory, and send more pages."""
    # The entries of feeds are made once: no help there.
    of_phase = {
        number: [Share(chunks, may_help=number != Phase.NOTICES) for chunks in shares]
        for number, shares in phases.items()
    }
    forks: list[_Fork] = []
    try:
        for shares in zip(*of_phase.values(), strict=True):
            forks.append(_Fork(shares, context, forks, record))
        for number, awaited in of_phase.items():
            yield _Phase(number, _take_phase(forks, awaited, here))
    finally:
        for fork in forks:
            fork.end()
        for share in chain(*of_phase.values()):
            share.close()


def _take_phase(forks: Sequence[_Fork], shares: Sequence[Share], here: Here) -> Generator[tuple[Target, PackedResult]]:
    """Take a phase's results from any fork that has some; the others wait at their pipes.

    While none has, this process renders a chunk of the fork that has most left.
    """
    while owing := {fork.pipe: (fork, share) for fork, share in zip(forks, shares, strict=True) if share.left}:
        spare = [share for _, share in owing.values() if share.may_help]
        ready = wait(list(owing), 0 if spare else None)
        for pipe in ready:
            assert isinstance(pipe, Connection)
            fork, share = owing[pipe]
            chunk = share.left.popleft()
            results = fork.take()
            # The fork was killed: this process renders its chunk.
            yield from zip(chunk, results if results is not None else map(here, chunk), strict=True)
        if spare and not ready:
            helped = max(spare, key=lambda share: len(share.left)).help()
            yield from ((target, here(target)) for target in helped or ())


class _Fork:
    """A fork of this process that renders its shares in turn, and ends if the parent stops taking them."""

    def __init__(
        self, shares: Sequence[Share], context: RenderContext, others: Sequence[_Fork], record: RecordReads
    ) -> None:
        forks = multiprocessing.get_context("fork")
        self.pipe, out = forks.Pipe(duplex=False)
        _widen(out)
        self._record = record
        self._numbers: list[int] = []
        # A fork that has a reading end open itself would not notice that its parent has died.
        foreign = (self.pipe, *(other.pipe for other in others))
        self._process = forks.Process(target=_render_chunks, args=(shares, context, out, foreign), daemon=True)
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
    shares: Sequence[Share], context: RenderContext, out: Connection, foreign: Sequence[Connection]
) -> None:
    """Render in the fork. It opens the state again, because a sqlite connection must not cross a fork."""
    for connection in foreign:
        connection.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        context.reopen()
        numbers: dict[str, int] = {}
        for chunk in chain.from_iterable(share.for_fork() for share in shares):
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
