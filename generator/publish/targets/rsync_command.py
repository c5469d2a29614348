"""Run the machine's own rsync, and say in words what it reports. Source: rsync(1), from version 3.2.3 on."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from generator.config.targets.rsync import RsyncOptions
from generator.errors import PublishError
from generator.publish.target import refused, unreachable
from generator.publish.targets.shared_ssh import SharedSsh
from generator.publish.targets.ssh_errors import disk_full, login_failed, not_allowed, unknown_host

_TIMEOUT_S = 60
_PARTLY = (0, 23, 24)
"""All is done; or all but files that are missing or cannot be read; or some vanished meanwhile."""
_IS_MISSING = re.compile(r"No such file or directory|Not a directory|vanished")
_CONSEQUENCE = re.compile(r"Broken pipe|connection unexpectedly closed")  # of what the other side has said
_NO_LOGIN = re.compile(
    r"^ssh: |Host key verification failed|Permission denied \(|Too many authentication failures", re.M
)
"""What another attempt to connect would say again."""
_SSH_FAILED = 255
_MADE_BY_ANOTHER = re.compile(r"mkdir .* failed: File exists")
"""Another publisher made the folder between rsync's look and its attempt."""
_SUMMARY = re.compile(r"(?:rsync (?:error|warning): |$)")


class RsyncResult(Struct, frozen=True):
    """What rsync wrote. `missing` if the folder itself is not there."""

    output: bytes
    missing: bool


class RsyncCommand:
    """Runs rsync between a folder here and the folder of the target."""

    def __init__(self, options: RsyncOptions, root: Path) -> None:
        self._options = options
        self._root = root
        self._ssh = SharedSsh(self._shell(), options.login)

    async def fetch(self, paths: Iterable[str], folder: Path) -> None:
        """Copy files of the target into a folder here; skip those that are missing."""
        await self._run([*_LISTED, "--ignore-missing-args", self._place(), f"{folder}/"], paths)

    async def send(self, paths: Sequence[str], folder: Path) -> None:
        """Copy files of a folder here to the target. They get their names together at the end."""
        how = ["--times", "--omit-dir-times", "--ignore-times", "--mkpath"]
        if len(paths) > 1:  # one file needs no folder for waiting files, which another transfer would remove
            how.append("--delay-updates")
        modes = "--chmod=Du=rwx,Dgo=rx,Fu=rw,Fgo=r"
        arguments = [*_LISTED, *how, modes, f"{folder}/", self._place()]
        try:
            await self._run(arguments, paths, strict=True)
        except PublishError as reason:
            if not _MADE_BY_ANOTHER.search(str(reason)):
                raise
            await self._run(arguments, paths, strict=True)

    async def delete(self, paths: Iterable[str], folder: Path) -> None:
        """Delete what is missing in a folder here, and nothing else; folders only if they are empty."""
        await self._run(
            [*_LISTED, "--dirs", "--no-implied-dirs", "--delete-missing-args", f"{folder}/", self._place()], paths
        )

    async def list_lines(self, folder: str = "") -> list[bytes]:
        """List all that is below a folder of the target, a line each."""
        result = await self._run(["--recursive", "--list-only", "--8-bit-output", f"{self._place()}{folder}"])
        return [] if result.missing else result.output.splitlines()

    async def close(self) -> None:
        """End the connection."""
        await self._ssh.close()

    async def _run(self, arguments: list[str], paths: Iterable[str] = (), *, strict: bool = False) -> RsyncResult:
        command = ["rsync", "--protect-args", f"--timeout={_TIMEOUT_S}", *await self._through(), *arguments]
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, "LC_ALL": "C"}
            )
        except OSError as reason:
            hint = "Install it: apt install rsync, or brew install rsync on a Mac."
            raise refused("publish-missing", "The program rsync is not on this machine.", hint) from reason
        try:
            output, errors = await process.communicate(b"\0".join(os.fsencode(path) for path in paths))
        except BaseException:
            process.kill()
            await process.wait()
            raise
        return self._result(process.returncode or 0, output, errors.decode("utf-8", "replace"), strict=strict)

    async def _through(self) -> list[str]:
        """Return how rsync starts ssh; connects first. Raises: PublishError if the server cannot be used."""
        if not self._options.server:
            return []
        words = await self._ssh.open()
        if _NO_LOGIN.search(words):
            raise self._explain(_SSH_FAILED, words)
        return ["--rsh", shlex.join(self._ssh.command())]

    def _result(self, code: int, output: bytes, errors: str, *, strict: bool) -> RsyncResult:
        lines = [line.strip() for line in errors.splitlines() if not _SUMMARY.match(line.strip())]
        said = [line for line in lines if not _CONSEQUENCE.search(line)] or lines
        serious = [line for line in said if strict or not _IS_MISSING.search(line)]
        missing = code not in _PARTLY and bool(lines)  # the folder itself
        if code == 0 or (not strict and not serious and (missing or code in _PARTLY)):
            return RsyncResult(output, missing)
        raise self._explain(code, " ".join(serious or lines) or errors.strip() or f"rsync ended with code {code}")

    def _explain(self, code: int, words: str) -> PublishError:
        options = self._options
        if "Host key verification failed" in words:
            return unknown_host(options.server, options.port, options.known_hosts)
        if "Permission denied (" in words or "Too many authentication failures" in words:
            return login_failed(options.user, options.server)
        if "No space left on device" in words or "Disk quota exceeded" in words:
            return disk_full(options.place)
        if "Permission denied" in words or "Operation not permitted" in words:
            return not_allowed(options.place, options.path)
        if "unknown option" in words or code in (2, 4):
            message = f"The rsync here or on the server is too old: {words[:200]}."
            return refused("publish-missing", message, "Install version 3.2.3 or newer on both.")
        return unreachable(options.place, words)

    def _place(self) -> str:
        options = self._options
        if not options.server:
            return f"{self._root / Path(options.path).expanduser()}/"
        host = f"[{options.server}]" if ":" in options.server else options.server
        return f"{options.user}{'@' * bool(options.user)}{host}:{options.path}/"

    def _shell(self) -> list[str]:
        """Return how ssh is started: it asks nothing, and refuses a server that is not known."""
        options = self._options
        shell = ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", f"ConnectTimeout={_TIMEOUT_S}"]
        shell += ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"]
        if options.port:
            shell += ["-p", str(options.port)]
        if options.key:
            shell += ["-i", self._file(options.key), "-o", "IdentitiesOnly=yes"]
        if options.known_hosts:
            shell += ["-o", f'UserKnownHostsFile="{self._file(options.known_hosts)}"']
        return shell

    def _file(self, name: str) -> str:
        return str(self._root / Path(name).expanduser())


_LISTED = ("--from0", "--files-from=-")
