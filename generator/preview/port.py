"""Find a free port to listen on."""

from __future__ import annotations

import socket
import sys

from generator.errors import ConfigError, error

DEFAULT_PORT = 8000
_TRIES = 50
_NOT_LOCAL = frozenset({99, 49, 10049})  # EADDRNOTAVAIL on Linux, macOS, Windows


def open_port(host: str, port: int) -> socket.socket:
    """Listen on `port`, or on the next free one.

    Raises: ConfigError if this machine has no such host address, or no port is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reason: OSError | None = None
    for each in [*range(port, min(port + _TRIES, 65_536)), 0] if port else [0]:
        # Name the protocol TCP: only then asyncio switches Nagle's algorithm off, which delays a response by 40 ms.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform == "win32":  # there SO_REUSEADDR would let two programs share one port
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((host.strip("[]"), each))
            taken.listen(256)
        except OSError as failure:
            taken.close()
            reason = failure
            if isinstance(failure, socket.gaierror) or failure.errno in _NOT_LOCAL:
                break
            continue
        return taken
    what = reason.strerror if reason else "no port is free"
    raise ConfigError(error("", "host", f"The preview cannot listen on {host}: {what}.", "Leave --host out."))
