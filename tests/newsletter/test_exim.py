"""A mail server as Debian ships it: exim4, with STARTTLS and AUTH, on a port of its own on loopback."""

from __future__ import annotations

import getpass
import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.guards import wait_until
from tests.newsletter.conftest import make_letter, make_list, make_site
from tests.newsletter.send_once import send

PEOPLE = 50
WORD = "open sesame"
CONFIGURATION = """
primary_hostname = mail.example.org
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/certificate.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = 20
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny message = log in first
       !authenticated = *
  deny message = no such user here
       local_parts = reader-7
  accept
begin routers
everybody:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  maildir_format
  directory = {folder}/mail
  envelope_to_add
  user = {user}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{office}}}}{{eq{{$auth3}}{{{word}}}}}}}}}
  server_set_id = $auth2
"""


@dataclass(frozen=True)
class Exim:
    port: int
    folder: Path

    def delivered(self) -> list[bytes]:
        return [each.as_bytes() for each in mailbox.Maildir(self.folder / "mail", create=False)]

    def log(self) -> str:
        return "".join(file.read_text() for file in (self.folder / "log").iterdir())


@pytest.fixture
def exim(certificate: Path) -> Iterator[Exim]:
    program = shutil.which("exim4") or shutil.which("exim4", path="/usr/sbin")
    if program is None:
        missing("there is no exim4 (apt-get install exim4-daemon-light)")
    with tempfile.TemporaryDirectory(prefix="openletter-exim-") as name:
        folder = Path(name)
        for each in ("spool", "log"):
            (folder / each).mkdir()
        shutil.copy(certificate, folder / "certificate.pem")
        is_root = os.geteuid() == 0
        user = "Debian-exim" if is_root else getpass.getuser()
        if is_root:  # exim gives up its rights at once
            for own in [folder, *folder.iterdir()]:
                shutil.chown(own, user)
        port = free_port()
        configuration = folder / "exim.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port, user=user, word=WORD))
        with subprocess.Popen([program, "-bdf", "-C", str(configuration)], stderr=subprocess.PIPE) as process:
            try:
                wait_for(port, process)
                yield Exim(port, folder)
            finally:
                process.terminate()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        if process.poll() is not None:
            assert process.stderr
            pytest.fail(process.stderr.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"exim does not listen on port {port}")


@pytest.mark.outside
@pytest.mark.slow
@pytest.mark.usefixtures("trusted")
def test_exim_takes_an_issue_over_starttls_with_a_login(
    tmp_path: Path, exim: Exim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_SMTP_PASSWORD", WORD)
    make_list(tmp_path / "list.csv", PEOPLE)
    make_site(tmp_path, exim.port, "starttls", "office")
    letter = make_letter(text="From the office:\n.\n..dots\nÜnïcode " + "and long lines " * 100)
    report = send(tmp_path, letter)
    assert report.summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain", (report.problems, exim.log())
    assert "no such user here" in str(report.problems)

    wait_until(lambda: len(exim.delivered()) >= PEOPLE - 1, "all mails are delivered")
    mails = [BytesParser(policy=default).parsebytes(each) for each in exim.delivered()]
    people = sorted(str(mail["Envelope-to"]) for mail in mails)
    assert people == sorted(f"reader-{number}@example.org" for number in range(PEOPLE) if number != 7)
    assert all("esmtpsa" in str(mail["Received"]) for mail in mails), "extended, secured, authenticated"
    text = mails[0].get_body(("plain",))
    assert text is not None
    assert "\n.\n..dots\nÜnïcode" in text.get_content().replace("\r\n", "\n")
    assert send(tmp_path, letter).summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain"
    assert len(exim.delivered()) == PEOPLE - 1
