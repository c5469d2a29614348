"""`rsync`: a folder on a server that is reached over SSH, or on this machine, by the program rsync."""

from __future__ import annotations

from generator.config.targets.remote import SshOptions, read_ssh_options
from generator.text.typed_rules import Settings


class RsyncOptions(SshOptions, frozen=True):
    """The options of `rsync`."""

    @property
    def place(self) -> str:
        """Return the server and the folder, as rsync writes them."""
        return f"{self.login}{':' * bool(self.server)}{self.path}"


def read(table: Settings) -> RsyncOptions:
    """Read the options of `rsync`."""
    return read_ssh_options(table, RsyncOptions, local=True)
