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

from generator.digest import digest_bytes
from generator.engine.processes.fork import can_fork
from generator.errors import OpenletterError, Problem, error
from generator.model import Target
from generator.render.documents import DOCUMENTS
from generator.render.files import FILES
from generator.render.listings import LISTINGS
from generator.render.overviews import OVERVIEWS
from generator.render.plan import kind_of
from generator.render.tracked import Site
from generator.render.world import World
from generator.store import file_digest, pack

FORK_FROM = 400  # targets: below, copying the process costs more than it saves
_CHUNK = 8
_BLOCK = 512  # neighbours that one copy draws: what they share need not be copied for another
_PAGES = frozenset((*DOCUMENTS.names, *LISTINGS.names, *OVERVIEWS.names))
_NUMBERED = 10_000  # reads that a copy and its parent remember
_MANY = 50  # targets of a kind from which on every copy is likely to meet it


Record = Callable[[Iterable[tuple[str, str]]], list[int]]
"""Gives each key, with the digest of its answer, the number it has in the state."""


class RenderResult(NamedTuple):
    """A target before it is written: its bytes, or the file that holds them; None, with problems, where it failed."""

    content: bytes | Path | None
    digest: str
    reads: Mapping[str, str]
    problems: tuple[Problem, ...]


class PackedResult(NamedTuple):
    """The same with the keys it read as their numbers, packed."""

    content: bytes | Path | None
    digest: str
    reads: bytes
    problems: tuple[Problem, ...]


def render_target(target: Target, world: World) -> RenderResult:
    """Render one target, or find the file it is a copy of; a template's mistake is in the result."""
    site = Site(world)
    try:
        content = kind_of(target, world).render(target, site)
        name = file_digest(content) if isinstance(content, Path) else digest_bytes(content)
    except OpenletterError as failure:
        return RenderResult(None, "", site.reads, failure.problems)
    except FileNotFoundError as reason:
        message = f"It has gone while the site was built ({reason.filename})."
        gone = error(target.args[0] if target.args else "", "unreadable", message, "Build again.")
        return RenderResult(None, "", site.reads, (gone,))
    return RenderResult(content, name, site.reads, tuple(site.problems))


def render_targets(
    targets: Sequence[Target], world: World, jobs: int | None, record: Record
) -> Iterator[tuple[Target, PackedResult]]:
    """Draw all targets: files first, then pages, then feeds and the like; of each phase as they come.

    `jobs` bounds the processes; None chooses by the work and the machine. `record` is called in this process alone.
    """

    def here(target: Target) -> PackedResult:
        drawn = render_target(target, world)
        return PackedResult(drawn.content, drawn.digest, pack(record(drawn.reads.items())), drawn.problems)

    workers = jobs or os.cpu_count() or 1
    many = len(targets) >= FORK_FROM
    if not many or workers == 1 or not can_fork():
        with _settled() if many else nullcontext():
            yield from ((target, here(target)) for target in targets)
        return
    early = {target: here(target) for target in _first_of_many(targets)}
    rest = [target for target in targets if target not in early]
    with _settled():
        for phase in _render_in_forks(_share_out(rest, workers), world, record, here):
            ready = [target for target in early if _phase(target) <= phase.number]
            yield from ((target, early.pop(target)) for target in ready)
            with closing(phase.drawn):
                yield from phase.drawn
    yield from early.items()


def _phase(target: Target) -> int:
    """Say when a target is written: what pages refer to before the pages, feeds after what they announce."""
    return 0 if target.kind in FILES.names else 1 if target.kind in _PAGES else 2


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
    drawn: Generator[tuple[Target, PackedResult]]


Chunk = Sequence[Target]
Here = Callable[[Target], PackedResult]


def _share_out(targets: Sequence[Target], workers: int) -> dict[int, list[deque[Chunk]]]:
    """Share targets out in blocks of neighbours, so that each copy touches, and holds, its own part alone.

    Phase → each copy's chunks, in order.
    """
    phases: dict[int, list[deque[Chunk]]] = {}
    for number, group in groupby(sorted(targets, key=_phase), key=_phase):
        of_phase = list(group)
        block = min(_BLOCK, max(_CHUNK, len(of_phase) // (4 * workers)))
        phases[number] = [deque() for _ in range(workers)]
        for place, start in enumerate(range(0, len(of_phase), block)):
            part = of_phase[start : start + block]
            phases[number][place % workers] += [part[at : at + _CHUNK] for at in range(0, len(part), _CHUNK)]
    return phases


def _render_in_forks(
    phases: Mapping[int, Sequence[deque[Chunk]]], world: World, record: Record, here: Here
) -> Generator[_Phase]:
    copies: list[_Fork] = []
    try:
        for shares in zip(*phases.values(), strict=True):
            copies.append(_Fork([*chain(*shares)], world, copies, record))
        for number, awaited in phases.items():
            yield _Phase(number, _take_phase(copies, awaited, here))
    finally:
        for copy in copies:
            copy.end()


def _take_phase(
    copies: Sequence[_Fork], awaited: Sequence[deque[Chunk]], here: Here
) -> Generator[tuple[Target, PackedResult]]:
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


class _Fork:
    """A copy of this process that draws its chunks one after the other, and ends when nobody takes them."""

    def __init__(self, chunks: Sequence[Chunk], world: World, others: Sequence[_Fork], record: Record) -> None:
        context = multiprocessing.get_context("fork")
        self.results, out = context.Pipe(duplex=False)
        _widen(out)
        self._record = record
        self._numbers: list[int] = []
        # A copy that held an end to read from would never learn that its parent has died.
        foreign = (self.results, *(other.results for other in others))
        self._process = context.Process(target=_render_chunks, args=(chunks, world, out, foreign), daemon=True)
        self._process.start()
        out.close()

    def take(self) -> list[PackedResult] | None:
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
        return [PackedResult(content, name, pack(map(number, reads)), said) for content, name, reads, said in rows]

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self.results.close()
        self._process.terminate()
        self._process.join()


def _render_chunks(chunks: Sequence[Chunk], world: World, out: Connection, foreign: Sequence[Connection]) -> None:
    """Draw in the copy. The state is opened anew: a connection of sqlite's must not cross a fork."""
    for connection in foreign:
        connection.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        world.reopen()
        numbers: dict[str, int] = {}
        for chunk in chunks:
            try:
                out.send(_packed([render_target(target, world) for target in chunk], numbers))
            except (OSError, KeyboardInterrupt):
                raise
            except Exception as failure:
                out.send(failure)
                return
    os._exit(0)  # what this process inherited is its parent's to close


Packed = tuple[bool, list[tuple[str, str]], list[tuple[bytes | Path | None, str, list[int], tuple[Problem, ...]]]]


def _packed(drawn: Sequence[RenderResult], numbers: dict[str, int]) -> Packed:
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
