"""Connect to an SFTP server, and turn its errors into words."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.config.targets.sftp import SftpOptions
from generator.errors import PublishError
from generator.publish.target import refused, unreachable
from generator.publish.targets import missing_library
from generator.publish.targets.ssh_errors import disk_full, login_failed, not_allowed, unknown_host

if TYPE_CHECKING:
    import asyncssh

VARIABLE = "OPENLETTER_SFTP_PASSWORD"
"""The environment variable with the password, for servers that take no key."""
_CONNECT_S = 30
_ALIVE_S = 15


class SftpConnection:
    """A connection that is opened when it is used, and again if it broke."""

    def __init__(self, options: SftpOptions, root: Path) -> None:
        self._options = options
        self._root = root
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        self._opening = asyncio.Lock()

    async def client(self) -> asyncssh.SFTPClient:
        """Return the client; connects if that is necessary. Raises: PublishError."""
        async with self._opening:  # many files may be the first
            if self._client is None or self._connection is None or self._connection.is_closed():
                await self.close()
                with explained(self._options):
                    await self._open()
            assert self._client is not None
            return self._client

    async def close(self) -> None:
        """Close the connection."""
        client, connection = self._client, self._connection
        self._client = self._connection = None
        if client is not None:
            client.exit()
        if connection is not None:
            connection.close()
            await connection.wait_closed()
            await asyncio.sleep(0)  # asyncssh closes its socket in the next turn of the loop

    async def _open(self) -> None:
        import asyncssh

        self._connection = await asyncssh.connect(self._options.server, **self._arguments())
        self._client = await self._connection.start_sftp_client()

    def _arguments(self) -> dict[str, Any]:
        """Return only what is set: asyncssh takes the rest from ~/.ssh/config, as ssh does."""
        options = self._options
        found: dict[str, Any] = {"connect_timeout": _CONNECT_S, "login_timeout": _CONNECT_S}
        found |= {"keepalive_interval": _ALIVE_S, "keepalive_count_max": 3}
        if options.port:
            found["port"] = options.port
        if options.user:
            found["username"] = options.user
        if options.key:
            found["client_keys"] = [str(self._file(options.key))]
        if options.known_hosts:
            found["known_hosts"] = str(self._file(options.known_hosts))
        if password := os.environ.get(VARIABLE):
            found["password"] = password
        return found

    def _file(self, name: str) -> Path:
        return self._root / Path(name).expanduser()


@contextmanager
def explained(options: SftpOptions, path: str = "") -> Iterator[None]:
    """Turn an error of the connection or the server into a PublishError."""
    try:
        import asyncssh
    except ImportError:
        raise missing_library("sftp") from None
    try:
        yield
    except (OSError, asyncssh.Error, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as reason:
        raise _explain(reason, options, path) from reason


def _explain(reason: Exception, options: SftpOptions, path: str) -> PublishError:
    import asyncssh

    if isinstance(reason, asyncssh.HostKeyNotVerifiable):
        return unknown_host(options.server, options.port, options.known_hosts)
    if isinstance(reason, (asyncssh.KeyImportError, asyncssh.KeyEncryptionError)):
        message = f'The key "{options.key or "in ~/.ssh"}" cannot be read: {reason}.'
        return refused("target-login", message, 'If it has a passphrase, add it to the agent with "ssh-add".')
    if isinstance(reason, asyncssh.PermissionDenied):
        return login_failed(options.user, options.server, VARIABLE)
    if isinstance(reason, (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded)):
        return disk_full(options.place)
    if isinstance(reason, (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect)):
        return not_allowed(options.place, path or options.path)
    if isinstance(reason, asyncssh.SFTPOpUnsupported):
        message = f"The server of {options.place} cannot do what is necessary to replace a file in one step."
        return refused("target-refused", message, 'Publish with type = "rsync", or ask your host for OpenSSH.')
    words = str(reason) or type(reason).__name__
    return unreachable(options.place, f"{words} ({path})" if path else words)
