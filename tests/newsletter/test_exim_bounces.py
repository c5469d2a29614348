"""Reports of failed deliveries as exim4 writes them: it really bounces, into a Maildir that `bounces` reads."""

from __future__ import annotations

import getpass
import json
import mailbox
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.guards import wait_until
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.mail_server import Fault, MailServer
from tests.newsletter.test_exim import free_port, wait_for

CONFIGURATION = """
primary_hostname = mail.example.org
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = accept
acl_smtp_data = accept
delay_warning = 1s
delay_warning_condition = yes
begin routers
reports:
  driver = accept
  local_parts = ^bounces
  transport = box
unknown:
  driver = redirect
  local_parts = gone
  data = :fail: no such user here
  allow_fail
quota:
  driver = accept
  local_parts = full
  transport = full_box
later:
  driver = accept
  local_parts = later
  transport = broken
elsewhere:
  driver = manualroute
  local_parts = ^far-
  route_list = * 127.0.0.1
  self = send
  transport = remote
here:
  driver = accept
  local_parts = ann
  transport = read
begin transports
box:
  driver = appendfile
  maildir_format
  directory = {folder}/box
  user = {user}
read:
  driver = appendfile
  maildir_format
  directory = {folder}/read
  user = {user}
full_box:
  driver = appendfile
  maildir_format
  directory = {folder}/full
  quota = 1K
  user = {user}
broken:
  driver = pipe
  command = /bin/false
  temp_errors = *
  user = {user}
remote:
  driver = smtp
  port = {remote}
  hosts_try_fastopen =
begin retry
later@*  *  F,1h,1s
"""
ANSWERS = {
    "far-unknown": "550 5.1.1 <far-unknown@example.org>: Recipient address rejected: User unknown",
    "far-unspecific": "550 No such user here",
    "far-full": "552 5.2.2 The email account that you tried to reach is over quota",
    "far-spam": "554 5.7.1 Message rejected as spam by content filtering",
    "far-policy": "550 5.7.509 Access denied, sending domain does not pass DMARC verification",
    "far-disabled": "550 5.2.1 The email account that you tried to reach is disabled",
    "far-plain": "550 Requested action not taken",
}
KINDS = {
    "gone": "unknown",
    "lost": "unknown",
    "full": "full",
    "later": "delayed",
    "far-unknown": "unknown",
    "far-unspecific": "unknown",
    "far-full": "full",
    "far-spam": "refused",
    "far-policy": "refused",
    "far-disabled": "unknown",
    "far-plain": "refused",
}


@dataclass(frozen=True)
class Exim:
    port: int
    folder: Path
    run: tuple[str, ...]

    def reports(self) -> list[bytes]:
        return [each.as_bytes() for each in mailbox.Maildir(self.folder / "box", create=True)]


def refuse(step: str, count: int, argument: str) -> Fault:
    name = argument.partition("<")[2].partition("@")[0]
    return ANSWERS.get(name) if step == "RCPT" else None


@pytest.fixture
def exim() -> Iterator[Exim]:
    program = shutil.which("exim4") or shutil.which("exim4", path="/usr/sbin")
    if program is None:
        missing("there is no exim4 (apt-get install exim4-daemon-light)")
    with tempfile.TemporaryDirectory(prefix="openletter-exim-") as name, MailServer(refuse) as remote:
        folder, port = Path(name), free_port()
        is_root = os.geteuid() == 0
        user = "Debian-exim" if is_root else getpass.getuser()
        for each in ("spool", "log"):
            (folder / each).mkdir()
        if is_root:
            for own in [folder, *folder.iterdir()]:
                shutil.chown(own, user)
        file = folder / "exim.conf"
        file.write_text(CONFIGURATION.format(folder=folder, port=port, remote=remote.port, user=user))
        command = (program, "-C", str(file))
        with subprocess.Popen([*command, "-bdf"], stderr=subprocess.PIPE) as process:
            try:
                wait_for(port, process)
                yield Exim(port, folder, command)
            finally:
                process.terminate()


@pytest.mark.outside
@pytest.mark.slow
def test_what_exim_reports_is_understood(tmp_path: Path, exim: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_LIST_KEY", "a key of more than twenty characters")
    rows = "".join(f"{name}@example.org\n" for name in ("ann", *KINDS))
    more = 'bounces = "bounces+{hash}@example.org"'
    site = make_sending_site(tmp_path, exim.port, more, {"lists/readers.csv": f"address\n{rows}"})
    to = ("--to", "readers")
    monkeypatch.chdir(site)
    done = run_command(site, "newsletter", "send", "june", *to, "--yes-send", str(len(KINDS) + 1))
    assert f"{len(KINDS) + 1} sent, 0 failed, 0 uncertain" in done.stdout, done.stderr

    def has_all() -> bool:
        subprocess.run([*exim.run, "-q"], check=True)  # warns of the delay
        return len(exim.reports()) >= len(KINDS)

    wait_until(has_all, "exim has written a report about everyone")
    read = run_command(site, "newsletter", "bounces", "june", "--maildir", str(exim.folder / "box"), *to, "--json")
    facts = json.loads(read.stdout)
    found = {each["address"].partition("@")[0]: each["kind"] for each in facts["reported"]}
    assert found == {name: kind for name, kind in KINDS.items() if kind != "delayed"}, facts
    reasons = {each["address"].partition("@")[0]: each["reason"] for each in facts["reported"]}
    assert reasons["lost"] == "Unrouteable address", "not the words around it"
    assert reasons["full"] == "mailbox is full: retry timeout exceeded"
    assert reasons["far-full"].startswith("552 5.2.2 The email account")
    assert facts["kinds"]["delayed"] >= 1
    assert facts["sent"] == len(KINDS) + 1
    assert not facts["problems"], "each report is proven by its address"

    for name in ("suppressed.csv", "bounced.csv"):
        (site / "lists" / name).unlink()
    anonymous = [re.sub(rb"bounces\+[0-9a-f]{32}@", b"bounces@", each) for each in exim.reports()]
    box = mailbox.mbox(tmp_path / "reports.mbox")
    for each in anonymous:
        box.add(each)
    box.close()
    words = ("newsletter", "bounces", "june", "--maildir", str(tmp_path / "reports.mbox"), *to, "--json")
    again = json.loads(run_command(site, *words).stdout)
    assert sorted(map(str, again["reported"])) == sorted(map(str, facts["reported"])), "proven by the mail they return"
