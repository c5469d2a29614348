"""`sftp`: a folder on a server that is reached over SSH."""

from __future__ import annotations

from generator.config.targets.remote import SshOptions, read_ssh_options
from generator.text.typed_rules import Settings


class SftpOptions(SshOptions, frozen=True):
    """The options of `sftp`; a server is required."""

    @property
    def place(self) -> str:
        """Return the server and the folder."""
        return f"sftp://{self.login}/{self.path.removeprefix('/')}"


def read(table: Settings) -> SftpOptions:
    """Read the options of `sftp`."""
    return read_ssh_options(table, SftpOptions, local=False)
