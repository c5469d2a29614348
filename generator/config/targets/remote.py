"""What targets over SSH have in common: their options, and the checks of them."""

from __future__ import annotations

from typing import TypeVar

from generator.config.targets.options import TargetOptions, required
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import Settings, within_bounds

_HOST = lazy_pattern(r"[^\s@/:\\'\"-][^\s@/\\'\"]*")
_USER = lazy_pattern(r"[^\s@/:\\'\"-][^\s@/:\\'\"]*")


class SshOptions(TargetOptions, frozen=True):
    """The options of a type that reaches its folder over SSH."""

    path: str
    """The folder; on a server, a relative path starts where the login does."""
    server: str = ""
    """The server, as a name, an address, or a `Host` of `~/.ssh/config`; "" for this machine."""
    user: str = ""
    """The name to log in with; "" for that of the SSH configuration or of this machine."""
    port: int = 0
    """The port; 0 for that of the SSH configuration, which usually is 22."""
    key: str = ""
    """The file with the private key; "" for the keys of the agent and of `~/.ssh`."""
    known_hosts: str = ""
    """The file with the server's public key; "" for `~/.ssh/known_hosts`."""

    @property
    def login(self) -> str:
        """Return the server with the name to log in with, as ssh takes it."""
        return f"{self.user}{'@' * bool(self.user)}{self.server}"


Kind = TypeVar("Kind", bound=SshOptions)


def read_ssh_options(table: Settings, kind: type[Kind], *, local: bool) -> Kind:
    """Read the options of a type that reaches its folder over SSH; one that may be `local` needs no server."""
    if local:
        server = table.text("server", "", server_name)
    else:
        server = required(table, "server", "www.example.org", server_name)
    return kind(
        path=required(table, "path", "/var/www/letters", remote_folder),
        server=server,
        user=table.text("user", "", user_name),
        port=table.take("port", within_bounds(1, 65535), 0),
        key=table.text("key", ""),
        known_hosts=table.text("known_hosts", ""),
    )


def server_name(text: str) -> str:
    """Check a server's name: ssh would read one that begins with a hyphen as an option."""
    if not _HOST.fullmatch(text) or (":" in text and text.count(":") < 2):  # 2001:db8::1
        hint = 'Write only its name, as in "www.example.org"; user and port are settings of their own.'
        raise RefusedError("config-value", f'"{text}" is not the name of a server.', hint)
    return text


def user_name(text: str) -> str:
    """Check the name to log in with."""
    if not _USER.fullmatch(text):
        raise RefusedError("config-value", f'"{text}" is not a name to log in with.', 'Write it as "letters".')
    return text


def remote_folder(text: str) -> str:
    """Check a folder: not the top of everything, and no way out."""
    parts = [part for part in text.split("/") if part]
    if not parts or ".." in parts or text.startswith("-"):
        raise RefusedError("config-value", f'"{text}" cannot be the folder of a site.', 'Write "/var/www/letters".')
    return text.rstrip("/")
