"""One connection of OpenSSH for many commands. Source: ssh(1) and ssh_config(5), ControlMaster."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_LONGEST = 103
"""Bytes in the path of a socket on macOS; Linux allows 107."""
_ADDED = len("/openletter-12345678/s.1234567890123456")
"""What follows the temporary folder: ours, the socket, and what ssh appends while it makes it."""
_IDLE_S = 60
"""The connection ends after this time without a command, also if this program was killed."""


class SharedSsh:
    """A connection that waits in the background for commands. Without one, each command makes its own.

    `command` is ssh with its options, `host` where it goes. Windows' ssh cannot share a connection.
    """

    def __init__(self, command: Sequence[str], host: str) -> None:
        self._command = list(command)
        self._host = host
        self._folder: Path | None = None
        self._tried = False
        self._opening = asyncio.Lock()

    async def open(self) -> str:
        """Connect, at the first call; return what ssh wrote if it could not."""
        async with self._opening:  # the lock is renewed while files are sent
            if self._tried:
                return ""
            self._tried = True
            self._folder = _short_folder()
            if self._folder is None:
                return ""
            words = await self._start(self._folder)
            if words:
                await self.close()
            return words

    def command(self) -> list[str]:
        """Return the command for a program that starts ssh."""
        return [*self._command, *(self._socket() if self._folder is not None else ())]

    async def close(self) -> None:
        """End the connection."""
        folder = self._folder
        if folder is None:
            return
        with suppress(OSError):
            nowhere = asyncio.subprocess.DEVNULL
            command = [*self.command(), "-O", "exit", self._host]
            ending = await asyncio.create_subprocess_exec(*command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
            await ending.wait()
        self._folder = None
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _start(self, folder: Path) -> str:
        """Start the master, which goes into the background once it is connected.

        Its words go into a file: older versions keep a pipe open for as long as they wait.
        """
        background = ["-M", "-f", "-N", "-o", f"ControlPersist={_IDLE_S}"]
        file = folder / "words"
        with file.open("wb") as words:
            try:
                starting = await asyncio.create_subprocess_exec(
                    *(*self.command(), *background, self._host),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=words,
                )
            except OSError as reason:
                return str(reason)
            try:
                code = await starting.wait()
            except BaseException:
                starting.kill()
                await starting.wait()
                raise
        return file.read_text("utf-8", "replace").strip() or f"ssh ended with code {code}" if code else ""

    def _socket(self) -> list[str]:
        path = str(self._folder).replace("%", "%%")
        return ["-o", f'ControlPath="{path}/s"']


def _short_folder() -> Path | None:
    """Make a private folder whose path leaves room for a socket; None where no connection can be shared."""
    if os.name == "nt":
        return None
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 mkdtemp makes it ours
        if len(os.fsencode(parent)) + _ADDED <= _LONGEST:
            with suppress(OSError):
                return Path(tempfile.mkdtemp(prefix="openletter-", dir=parent))
    return None
