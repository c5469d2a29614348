"""Targets to bytes: in this process, or where there are many in copies of it that share the index as it stands."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from generator.digest import digest_bytes
from generator.errors import OpenletterError, Problem, error
from generator.model import Target
from generator.render.plan import kind_of
from generator.render.tracked import Site
from generator.render.world import World
from generator.store import file_digest

COPIES_FROM = 400  # targets: below, copying the process costs more than it saves
_CHUNK = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """A target before it is written: its bytes, or the file that holds them; None, with problems, where it failed."""

    content: bytes | Path | None
    digest: str
    reads: Mapping[str, str]
    problems: tuple[Problem, ...]


def draw(target: Target, world: World) -> Drawn:
    """Render one target, or find the file it is a copy of; a template's mistake is in the result."""
    site = Site(world)
    try:
        content = kind_of(target, world).render(target, site)
        name = file_digest(content) if isinstance(content, Path) else digest_bytes(content)
    except OpenletterError as failure:
        return Drawn(None, "", site.reads, failure.problems)
    except FileNotFoundError as reason:
        message = f"It has gone while the site was built ({reason.filename})."
        gone = error(target.args[0] if target.args else "", "unreadable", message, "Build again.")
        return Drawn(None, "", site.reads, (gone,))
    return Drawn(content, name, site.reads, tuple(site.problems))


def draw_all(targets: Sequence[Target], world: World, jobs: int | None) -> Iterator[Drawn]:
    """Draw all targets, in their order. `jobs` bounds the processes; None chooses by the work and the machine."""
    workers = jobs or os.cpu_count() or 1
    if workers == 1 or len(targets) < COPIES_FROM or not _can_copy():
        yield from (draw(target, world) for target in targets)
        return
    chunks = [targets[at : at + _CHUNK] for at in range(0, len(targets), _CHUNK)]
    copies: list[_Copy] = []
    try:
        for number in range(workers):
            copies.append(_Copy(chunks[number::workers], world, copies))
        for number, chunk in enumerate(chunks):
            drawn = copies[number % workers].take()
            # A copy that was killed took nothing with it: what it owed is drawn here.
            yield from drawn if drawn is not None else (draw(target, world) for target in chunk)
    finally:
        for copy in copies:
            copy.end()


def _can_copy() -> bool:
    """Say whether this process may be copied: on Linux, and while it has no other thread, which a copy would lose."""
    return sys.platform == "linux" and threading.active_count() == 1


class _Copy:
    """A copy of this process that draws its chunks one after the other, and ends when nobody takes them."""

    def __init__(self, chunks: Sequence[Sequence[Target]], world: World, others: Sequence[_Copy]) -> None:
        context = multiprocessing.get_context("fork")
        self._results, out = context.Pipe(duplex=False)
        # A copy that held an end to read from would never learn that its parent has died.
        foreign = (self._results, *(other._results for other in others))
        self._process = context.Process(target=_draw_chunks, args=(chunks, world, out, foreign), daemon=True)
        self._process.start()
        out.close()

    def take(self) -> list[Drawn] | None:
        """Take the next chunk's results; None when the copy is gone. Raises what the copy stumbled over."""
        try:
            drawn: Any = self._results.recv()
        except (EOFError, OSError):
            return None
        if isinstance(drawn, BaseException):
            raise drawn
        return list(drawn)

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self._results.close()
        self._process.terminate()
        self._process.join()


def _draw_chunks(
    chunks: Sequence[Sequence[Target]], world: World, out: Connection, foreign: Sequence[Connection]
) -> None:
    """Draw in the copy. The state is opened anew: a connection of sqlite's must not cross a fork."""
    for connection in foreign:
        connection.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        world.reopen()
        for chunk in chunks:
            try:
                out.send([draw(target, world) for target in chunk])
            except (OSError, KeyboardInterrupt):
                raise
            except Exception as failure:
                out.send(failure)
                return
    os._exit(0)  # what this process inherited is its parent's to close
