"""`sftp`: a folder on a server that is reached over SSH."""

from __future__ import annotations

from generator.config.targets.options import TargetOptions, required
from generator.config.targets.remote import remote_folder, server_name, user_name
from generator.text.typed_rules import Settings, within_bounds


class SftpOptions(TargetOptions, frozen=True):
    """The options of `sftp`."""

    server: str
    """The server, as a name, an address, or a `Host` of `~/.ssh/config`."""
    path: str
    """The folder there; a relative path starts where the login does."""
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
        """Return the server and the folder."""
        return f"sftp://{self.user}{'@' * bool(self.user)}{self.server}/{self.path.removeprefix('/')}"


def read(table: Settings) -> SftpOptions:
    """Read the options of `sftp`."""
    return SftpOptions(
        server=required(table, "server", "www.example.org", server_name),
        path=required(table, "path", "/var/www/letters", remote_folder),
        user=table.text("user", "", user_name),
        port=table.take("port", within_bounds(1, 65535), 0),
        key=table.text("key", ""),
        known_hosts=table.text("known_hosts", ""),
    )
