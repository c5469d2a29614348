"""Targets to bytes: in this process, or where there are many in copies of it that share the index as it stands."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import chain, groupby
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from generator.build.copies import can_copy
from generator.digest import digest_bytes
from generator.errors import OpenletterError, Problem, error
from generator.model import Target
from generator.render.tracked import Site
from generator.render.world import World
from generator.store import file_digest, pack

COPIES_FROM = 400  # targets: below, copying the process costs more than it saves
_CHUNK = 8
_BLOCK = 512  # neighbours that one copy draws: what they share need not be copied for another
_NUMBERED = 10_000  # reads that a copy and its parent remember
_MANY = 50  # targets of a kind from which on every copy is likely to meet it


Record = Callable[[Iterable[tuple[str, str]]], list[int]]
"""Gives each key, with the digest of its answer, the number it has in the state."""


class Drawn(NamedTuple):
    """A target before it is written: its bytes, or the file that holds them; None, with problems, where it failed."""

    content: bytes | Path | None
    digest: str
    reads: Mapping[str, str]
    problems: tuple[Problem, ...]


class Recorded(NamedTuple):
    """The same with the keys it read as their numbers, packed."""

    content: bytes | Path | None
    digest: str
    reads: bytes
    problems: tuple[Problem, ...]


def draw(target: Target, world: World) -> Drawn:
    """Render one target, or find the file it is a copy of; a template's mistake is in the result."""
    site = Site(world)
    try:
        content = world.kinds[target.kind].render(target, site)
        name = file_digest(content) if isinstance(content, Path) else digest_bytes(content)
    except OpenletterError as failure:
        return Drawn(None, "", site.reads, failure.problems)
    except FileNotFoundError as reason:
        message = f"It has gone while the site was built ({reason.filename})."
        gone = error(target.args[0] if target.args else "", "unreadable", message, "Build again.")
        return Drawn(None, "", site.reads, (gone,))
    return Drawn(content, name, site.reads, tuple(site.problems))


def draw_all(
    targets: Sequence[Target], world: World, jobs: int | None, record: Record
) -> Iterator[tuple[Target, Recorded]]:
    """Draw all targets: files first, then pages, then feeds and the like; of each phase as they come.

    `jobs` bounds the processes; None chooses by the work and the machine. `record` is called in this process alone.
    """

    def here(target: Target) -> Recorded:
        drawn = draw(target, world)
        return Recorded(drawn.content, drawn.digest, pack(record(drawn.reads.items())), drawn.problems)

    workers = jobs or os.cpu_count() or 1
    many = len(targets) >= COPIES_FROM
    if not many or workers == 1 or not can_copy():
        with _settled() if many else nullcontext():
            yield from ((target, here(target)) for target in targets)
        return
    phase_of = _phases(world)
    early = {target: here(target) for target in _first_of_many(targets)}
    rest = [target for target in targets if target not in early]
    with _settled():
        for phase in _draw_in_copies(_shared_out(rest, workers, phase_of), world, record, here):
            ready = [target for target in early if phase_of(target) <= phase.number]
            yield from ((target, early.pop(target)) for target in ready)
            with closing(phase.drawn):
                yield from phase.drawn
    yield from early.items()


def _first_of_many(targets: Sequence[Target]) -> Iterator[Target]:
    """Pick one target of each frequent kind: what the first of a kind loads and compiles, every copy has from here."""
    counts = Counter(target.kind for target in targets)
    for kind, target in {target.kind: target for target in reversed(targets)}.items():
        if counts[kind] >= _MANY:
            yield target


@contextmanager
def _settled() -> Iterator[None]:
    """Tell the collector that what there is now stays: to look through it costs time, and memory in every copy."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class _Phase:
    """A phase of the writing, and what is drawn for it, to be taken before the next phase."""

    number: int
    drawn: Generator[tuple[Target, Recorded]]


Chunk = Sequence[Target]
Here = Callable[[Target], Recorded]


def _phases(world: World) -> Callable[[Target], int]:
    return lambda target: world.kinds[target.kind].phase


def _shared_out(
    targets: Sequence[Target], workers: int, phase_of: Callable[[Target], int]
) -> dict[int, list[deque[Chunk]]]:
    """Share targets out in blocks of neighbours, so that each copy touches, and holds, its own part alone.

    Phase → each copy's chunks, in order.
    """
    phases: dict[int, list[deque[Chunk]]] = {}
    for number, group in groupby(sorted(targets, key=phase_of), key=phase_of):
        of_phase = list(group)
        block = min(_BLOCK, max(_CHUNK, len(of_phase) // (4 * workers)))
        phases[number] = [deque() for _ in range(workers)]
        for place, start in enumerate(range(0, len(of_phase), block)):
            part = of_phase[start : start + block]
            phases[number][place % workers] += [part[at : at + _CHUNK] for at in range(0, len(part), _CHUNK)]
    return phases


def _draw_in_copies(
    phases: Mapping[int, Sequence[deque[Chunk]]], world: World, record: Record, here: Here
) -> Generator[_Phase]:
    copies: list[_Copy] = []
    try:
        for shares in zip(*phases.values(), strict=True):
            copies.append(_Copy([*chain(*shares)], world, copies, record))
        for number, awaited in phases.items():
            yield _Phase(number, _take_phase(copies, awaited, here))
    finally:
        for copy in copies:
            copy.end()


def _take_phase(
    copies: Sequence[_Copy], awaited: Sequence[deque[Chunk]], here: Here
) -> Generator[tuple[Target, Recorded]]:
    """Take a phase's results from whichever copy has some; the others wait at their pipes."""
    owing = {copy.results: (copy, chunks) for copy, chunks in zip(copies, awaited, strict=True) if chunks}
    while owing:
        for results in wait(list(owing)):
            assert isinstance(results, Connection)
            copy, chunks = owing[results]
            chunk = chunks.popleft()
            drawn = copy.take()
            # A copy that was killed took nothing with it: what it owed is drawn here.
            yield from zip(chunk, drawn if drawn is not None else map(here, chunk), strict=True)
            if not chunks:
                del owing[results]


class _Copy:
    """A copy of this process that draws its chunks one after the other, and ends when nobody takes them."""

    def __init__(self, chunks: Sequence[Chunk], world: World, others: Sequence[_Copy], record: Record) -> None:
        context = multiprocessing.get_context("fork")
        self.results, out = context.Pipe(duplex=False)
        _widen(out)
        self._record = record
        self._numbers: list[int] = []
        # A copy that held an end to read from would never learn that its parent has died.
        foreign = (self.results, *(other.results for other in others))
        self._process = context.Process(target=_draw_chunks, args=(chunks, world, out, foreign), daemon=True)
        self._process.start()
        out.close()

    def take(self) -> list[Recorded] | None:
        """Take the next chunk's results; None when the copy is gone. Raises what the copy stumbled over."""
        try:
            sent: Any = self.results.recv()
        except (EOFError, OSError):
            return None
        if isinstance(sent, BaseException):
            raise sent
        anew, fresh, rows = sent
        if anew:
            self._numbers.clear()
        self._numbers += self._record(fresh)
        number = self._numbers.__getitem__
        return [Recorded(content, name, pack(map(number, reads)), said) for content, name, reads, said in rows]

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self.results.close()
        self._process.terminate()
        self._process.join()


def _draw_chunks(chunks: Sequence[Chunk], world: World, out: Connection, foreign: Sequence[Connection]) -> None:
    """Draw in the copy. The state is opened anew: a connection of sqlite's must not cross a fork."""
    for connection in foreign:
        connection.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        world.reopen()
        numbers: dict[str, int] = {}
        for chunk in chunks:
            try:
                out.send(_packed([draw(target, world) for target in chunk], numbers))
            except (OSError, KeyboardInterrupt):
                raise
            except Exception as failure:
                out.send(failure)
                return
    os._exit(0)  # what this process inherited is its parent's to close


Packed = tuple[bool, list[tuple[str, str]], list[tuple[bytes | Path | None, str, list[int], tuple[Problem, ...]]]]


def _packed(drawn: Sequence[Drawn], numbers: dict[str, int]) -> Packed:
    """Pack a chunk's results for the pipe: reads that were sent before go as their number, counted from 0.

    The first value says that the count begins anew: most reads are those of one page, and need not be remembered.
    """
    anew = len(numbers) > _NUMBERED
    if anew:
        numbers.clear()
    fresh = []
    for each in drawn:
        for read in each.reads.items():
            if read[0] not in numbers:
                numbers[read[0]] = len(numbers)
                fresh.append(read)
    return (
        anew,
        fresh,
        [(each.content, each.digest, [numbers[key] for key in each.reads], each.problems) for each in drawn],
    )


def _widen(pipe: Connection) -> None:
    """Let a copy be well ahead of what is written: 1 MB, where the system has so much for it (Linux)."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)
