"""OpenSSH's server as an ordinary process on a high port, with keys made for it; rsync runs over the same server."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.publish.servers.processes import free_port, program, running

CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PrintMotd no
UseDNS no
LogLevel VERBOSE
MaxStartups 100
MaxSessions 100
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class SshServer:
    """A running server; whoever holds `key` may log in as `user`, and `known_hosts` holds its host key."""

    port: int
    user: str
    folder: Path

    @property
    def key(self) -> Path:
        return self.folder / "key"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def log(self) -> str:
        return (self.folder / "sshd.log").read_text("utf-8", "replace")


def make_key(file: Path) -> Path:
    command = [program("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(file)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return file


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Run sshd until the block ends. Its files are in `folder`."""
    sshd = program("sshd", "openssh-server")
    if os.geteuid() == 0:  # what the service's unit makes
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_port()
    server = SshServer(port, getpass.getuser(), folder)
    host_key = make_key(folder / "host_key").with_suffix(".pub").read_text("utf-8")
    make_key(server.key)
    (folder / "authorized_keys").write_text(server.key.with_suffix(".pub").read_text("utf-8"), "utf-8")
    server.known_hosts.write_text(f"[127.0.0.1]:* {host_key}", "utf-8")
    configuration = folder / "sshd_config"
    configuration.write_text(CONFIGURATION.format(port=port, folder=folder), "utf-8")
    command = [sshd, "-D", "-e", "-f", str(configuration)]
    with running(command, port, folder / "sshd.log"):
        yield server
