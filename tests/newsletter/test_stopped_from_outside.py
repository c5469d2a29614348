"""What stops a sending from outside: Ctrl-C while it waits, a time that has passed, and a disk without room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.guards import HANG_S
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import MailServer

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_while_waiting_for_the_time_sends_nothing(tmp_path: Path) -> None:
    soon = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    with MailServer() as server:
        site = make_sending_site(tmp_path, server.port)
        words = ["newsletter", "send", "june", "--to", str(site / "lists/readers.csv"), "--yes-send", "3", "--at", soon]
        process = subprocess.Popen(
            [sys.executable, "-m", "generator", *words, "--site", str(site)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        while "Waiting until" not in (line := process.stderr.readline()):
            assert line, "it ended"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=HANG_S)
        assert (process.returncode, err.strip()) == (130, "Nothing was sent.")
        assert not server.accepted
        assert not (site / "ledger").exists()


@pytest.mark.parametrize("hours", [9000, 48, 13, 2, 0.1])
@pytest.mark.parametrize("how", [("--yes-send", "3"), ("--real",), ()])
def test_a_time_that_has_passed_is_refused(tmp_path: Path, hours: float, how: tuple[str, ...]) -> None:
    """A mistyped year must not send at once."""
    past = datetime.now(UTC) - timedelta(hours=hours)
    site = make_sending_site(tmp_path, 9)
    for written in (f"{past:%Y-%m-%dT%H:%M:%S}", past.astimezone().isoformat()):
        done = run_command(site, "newsletter", "send", "june", "--to", "readers", *how, "--at", written)
        assert done.exit_code == 2
        assert "has passed. To send now, leave it out." in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
@pytest.mark.parametrize("kilobytes", [0, 4, 12, 28, 40])
def test_a_disk_without_room_sends_nothing_unrecorded(tmp_path: Path, kilobytes: int) -> None:
    """No file may grow beyond so much: the ledger cannot be made, cannot be filled, or has no room for a claim."""
    people = 60
    make_list(tmp_path / "list.csv", people)
    limited = (
        f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024},) * 2); "
        "sys.argv = ['send_once', sys.argv[1]]; runpy.run_module('tests.newsletter.send_once', run_name='__main__')"
    )
    env = {key: value for key, value in os.environ.items() if key != "CI"}
    env["PYTHONDONTWRITEBYTECODE"] = "1"  # Python 3.11 would leave compiled modules cut off, for all tests
    with MailServer(keeps_mails=False) as server:
        make_site(tmp_path, server.port)
        for code in (["-c", limited], ["-m", "tests.newsletter.send_once"]):
            command = [sys.executable, *code, str(tmp_path)]
            done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)
            assert server.accepted == Counter(dict.fromkeys(server.accepted, 1)), "somebody got it twice"
            assert "Traceback" not in done.stderr
            assert done.returncode == 0 or "Free some disk space" in done.stderr
    sent, uncertain = (int(done.stdout.split(", ")[at].split()[0]) for at in (0, 2))
    assert sent + uncertain == people, done.stderr
    assert uncertain <= 1
    assert len(server.accepted) >= sent
