"""The folders of a build: its output, its state, and the lock that keeps two builds of one output apart."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from generator.digest import digest
from generator.engine.options import BuildOptions
from generator.errors import OutputError, error

STATE = ".openletter"
_WAIT_S = 60.0


class BuildFolders(Struct, frozen=True):
    """Where a build writes: its output, and its state."""

    output: Path
    state: Path

    @classmethod
    def of(cls, root: Path, options: BuildOptions) -> BuildFolders:
        """Choose the folders: by default `output/` and `.openletter/` of the site's folder, `preview/` for a preview.

        The state of another output has its own folder in `.openletter/`.
        """
        output = options.output if options.output is not None else default_output(root, options)
        if options.state is not None:
            return cls(output, options.state)
        if output.resolve() == (root / "output").resolve():
            return cls(output, root / STATE)
        return cls(output, root / STATE / f"for-{digest(output.resolve().as_posix())[:12]}")


def default_output(root: Path, options: BuildOptions) -> Path:
    """Choose where a build goes if nobody says: what is not for the public never goes to the public folder."""
    return root / ("preview" if options.preview and not options.live else "output")


@contextmanager
def lock(state: Path) -> Iterator[None]:
    """Hold the lock of this output: a second build waits for a minute, then reports the first one.

    The system holds the lock, so it ends with its process, however that ends.
    Raises: OutputError when the other build does not end, or the folder cannot be written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        held = _take(state / "lock") or _wait_for(state / "lock")
    except TimeoutError as reason:
        message = f"Another build of this site is still running ({state} is locked)."
        raise OutputError(error("", "output-busy", message, "Wait until it ends, or stop it.")) from reason
    except (OSError, NotImplementedError) as reason:
        what = reason.strerror if isinstance(reason, OSError) else "its disk does not support locks"
        message = f"The state folder {state} cannot be used: {what or reason}."
        raise OutputError(
            error("", "state-unusable", message, "Give this account permission to write there.")
        ) from reason
    with held:
        yield


def _take(file: Path) -> AbstractContextManager[object] | None:
    """Take the lock if it is free; returns None if it is held, or on Windows, which has no `flock`.

    `filelock` takes the same lock; importing it costs 8 ms.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    with ExitStack() as stack, suppress(OSError):
        opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW, 0o644)
        stack.callback(os.close, opened)
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(opened).st_nlink:  # else it was removed after we had opened it
            stack.callback(fcntl.flock, opened, fcntl.LOCK_UN)
            return stack.pop_all()
    return None


def _wait_for(file: Path) -> AbstractContextManager[object]:
    """Wait for the lock. Raises: TimeoutError; OSError and NotImplementedError where there can be none."""
    from filelock import FileLock, Timeout

    try:
        return FileLock(file, timeout=_WAIT_S).acquire()
    except Timeout as reason:
        raise TimeoutError from reason
