"""`rsync`: a folder on a server that is reached over SSH, or on this machine, by the program rsync."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, required
from generator.config.targets.remote import remote_folder, server_name, user_name
from generator.text.typed_rules import Settings, within_bounds


class RsyncOptions(TargetOptions, frozen=True):
    """The options of `rsync`."""

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
    def place(self) -> str:
        """Return the server and the folder, as rsync writes them."""
        return f"{self.user}{'@' * bool(self.user)}{self.server}{':' * bool(self.server)}{self.path}"


def read(table: Settings) -> RsyncOptions:
    """Read the options of `rsync`."""
    return RsyncOptions(
        path=required(table, "path", "/var/www/letters", remote_folder),
        server=table.text("server", "", server_name),
        user=table.text("user", "", user_name),
        port=table.take("port", within_bounds(1, 65535), 0),
        key=table.text("key", ""),
        known_hosts=table.text("known_hosts", ""),
    )
