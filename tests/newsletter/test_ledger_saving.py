"""A job whose computer does not outlive it saves the ledger with a command: nobody gets an issue twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result

from tests.guards import HANG_S, wait_until
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import issue
from tests.newsletter.test_send_due import PATH, PEOPLE, ago

SAVE = """
import os, shutil, sys
store, fails_at = sys.argv[1], int(sys.argv[2])
turn = len(os.listdir(store)) + 1
open(os.path.join(store, f"{turn}.names"), "w").write("\\n".join(os.environ)) if turn == 1 else None
turn = len([name for name in os.listdir(store) if name.endswith(".sqlite")]) + 1
if turn == fails_at:
    sys.exit(7)
shutil.copy(os.environ["OPENLETTER_LEDGER"], os.path.join(store, f"{turn}.sqlite"))
"""


class Job:
    """A job with a fresh site each time, and a store for the ledger that outlives it."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.folder, self.server, self.site = folder, server, folder / "site"
        (folder / "store").mkdir()
        (folder / "save.py").write_text(SAVE)

    def run(self, restored: str = "", fails_at: int = 0, *words: str, resend: bool = False) -> Result:
        shutil.rmtree(self.site, ignore_errors=True)
        make_sending_site(self.site, self.server.port, "", {PATH: issue(id="issue-june", send_at=ago(1))})
        (self.site / "ledger").mkdir()
        (self.site / "ledger/.gitkeep").touch()
        if restored:
            shutil.copy(self.folder / "store" / restored, self.site / "ledger/june.sqlite")
        save = f"{sys.executable} {self.folder}/save.py {self.folder}/store {fails_at}"
        how = ("june", "--yes-send", "3", "--resend-uncertain") if resend else ("--due", "--real")
        given = ("--to", str(self.site / "lists/readers.csv"), "--ledger", str(self.site / "ledger"), "--save", save)
        return run_command(self.site, "newsletter", "send", *how, *given, *words)

    @property
    def saved(self) -> int:
        return len(list((self.folder / "store").glob("*.sqlite")))


@pytest.fixture(autouse=True)
def _in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("OPENLETTER_SMTP_PASSWORD", "secret")


def test_the_ledger_is_saved_before_the_first_mail_and_at_the_end(tmp_path: Path) -> None:
    with MailServer() as server:
        job = Job(tmp_path, server)
        assert job.run().exit_code == 0
        assert job.saved == 2
        names = (tmp_path / "store/1.names").read_text().split()
        assert "OPENLETTER_LEDGER" in names
        assert "OPENLETTER_SMTP_PASSWORD" not in names
        done = job.run("2.sqlite")
        assert (done.exit_code, done.stdout) == (0, "No issue is due.\n")
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_after_a_job_that_saved_nothing_at_its_end_everyone_left_is_uncertain(tmp_path: Path) -> None:
    with MailServer() as server:
        job = Job(tmp_path, server)
        job.run()
        (tmp_path / "store/2.sqlite").unlink()  # the computer of the job was lost
        done = job.run("1.sqlite")
        assert done.exit_code == 3
        assert "june: 0 sent, 0 failed, 3 uncertain" in done.stdout
        assert "which did not save it afterwards: 3 recipients may have received the issue" in done.stderr
        assert "mail-ledger-copy" in done.stderr
        assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))
        again = job.run("2.sqlite")
        assert (again.exit_code, again.stdout) == (0, "No issue is due.\n")
        assert "3 uncertain" in job.run("1.sqlite", resend=True).stdout, "asked for others, before anyone knew of these"
        assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))
        assert "3 sent, 0 failed, 0 uncertain" in job.run("2.sqlite", resend=True).stdout
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 2)), "because a person said so"


def test_a_ledger_that_cannot_be_saved_before_means_that_nothing_is_sent(tmp_path: Path) -> None:
    with MailServer() as server:
        job = Job(tmp_path, server)
        done = job.run(fails_at=1)
        assert done.exit_code == 3
        assert "did not save the ledger: it ended with exit code 7. Nothing was sent." in done.stderr
        assert not server.accepted
        assert job.run().exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_a_ledger_that_cannot_be_saved_afterwards_is_an_error_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    with MailServer() as server:
        job = Job(tmp_path, server)
        done = job.run(fails_at=2)
        assert done.exit_code == 3
        assert "june: 3 sent" in done.stdout
        assert "Save it yourself before the next run." in done.stderr
        assert "3 uncertain" in job.run("1.sqlite").stdout
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


@pytest.mark.parametrize("command", ["", "/no/such/program", "'", "false", f"{sys.executable} /no/such/file"])
def test_a_command_that_does_not_run_is_named(tmp_path: Path, command: str) -> None:
    with MailServer() as server:
        make_sending_site(tmp_path, server.port, "", {PATH: issue(id="issue-june", send_at=ago(1))})
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept/.gitkeep").touch()
        given = ("--to", str(tmp_path / "lists/readers.csv"), "--ledger", str(tmp_path / "kept"), "--save", command)
        done = run_command(tmp_path, "newsletter", "send", "--due", "--real", *given)
        assert done.exit_code == (3 if command else 0), "an empty one is none"
        assert ("mail-save" in done.stderr) == bool(command)
        assert run_command(tmp_path, "newsletter", "send", "--due", "--real", *given[:-2]).exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1)), "the mark of the copy does not stay"


SLOW_SAVE = """
import os, shutil, sys, time
store = sys.argv[1]
turn = len(os.listdir(store)) // 2 + 1
open(os.path.join(store, f"{turn}.begun"), "w").close()
while not os.path.exists(os.path.join(os.path.dirname(store), "go")):
    time.sleep(0.02)
shutil.copy(os.environ["OPENLETTER_LEDGER"], os.path.join(store, f"{turn}.sqlite"))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process")
@pytest.mark.parametrize(("turn", "sent"), [(1, 0), (2, 3)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_job_that_is_cancelled_while_it_saves_finishes_that(
    tmp_path: Path, number: signal.Signals, turn: int, sent: int
) -> None:
    """Before the first mail nothing is sent then, and the ledger that is saved at the end says so."""
    (tmp_path / "slow.py").write_text(SLOW_SAVE)
    store = tmp_path / "store"
    store.mkdir()
    with MailServer() as server:
        site = make_sending_site(tmp_path / "site", server.port, "", {PATH: issue(id="issue-june", send_at=ago(1))})
        (site / "ledger").mkdir()
        (site / "ledger/.gitkeep").touch()
        save = f"{sys.executable} {tmp_path}/slow.py {store}"
        given = ["--to", str(site / "lists/readers.csv"), "--ledger", str(site / "ledger"), "--save", save]
        words = [
            sys.executable,
            "-m",
            "generator",
            "newsletter",
            "send",
            "--due",
            "--real",
            "--site",
            str(site),
            *given,
        ]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if turn == 2:
            wait_until(lambda: (store / "1.begun").exists(), "the first save has begun")
            (tmp_path / "go").touch()
            wait_until(lambda: server.accepted.total() == 3 or process.poll() is not None, "all mails have come")
        else:
            wait_until(lambda: (store / "1.begun").exists(), "the first save has begun")
        process.send_signal(number)
        (tmp_path / "go").touch()
        out, err = process.communicate(timeout=HANG_S)
        assert server.accepted.total() == sent
        assert f"june: {sent} sent, 0 failed, 0 uncertain" in out, err
        assert (store / "2.sqlite").exists()
        shutil.copy(store / "2.sqlite", site / "ledger/june.sqlite")
        done = run_command(site, "newsletter", "send", "--due", "--real", *given[:4])
        assert done.exit_code == 0, done.stderr
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def read_documented_script() -> str:
    """Return `save.sh` as docs/ci.md has it."""
    page = (Path(__file__).parents[2] / "docs/ci.md").read_text(encoding="utf-8")
    return textwrap.dedent(page.partition("   ```sh\n")[2].partition("   ```")[0])


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the script is one of a Unix shell")
def test_of_two_jobs_with_one_git_repository_one_sends(tmp_path: Path) -> None:
    """What docs/ci.md recommends: the second push is refused, before its first mail."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": str(tmp_path)}

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], check=True, env=env)

    git("init", "--quiet", "--bare", "-b", "main", str(tmp_path / "store.git"))
    with MailServer() as server:
        for name in ("seed", "a", "b"):
            git("clone", "--quiet", str(tmp_path / "store.git"), str(tmp_path / name))
            for key, value in (("name", "A"), ("email", "a@example.org")):
                git("-C", str(tmp_path / name), "config", f"user.{key}", value)
            if name == "seed":
                git("-C", str(tmp_path / name), "commit", "--quiet", "--allow-empty", "-m", "Begin")
                git("-C", str(tmp_path / name), "push", "--quiet", "origin", "HEAD")
        (tmp_path / "push.sh").write_text(read_documented_script())
        done = {}
        for name in ("a", "b"):
            site = make_sending_site(
                tmp_path / f"site-{name}", server.port, "", {PATH: issue(id="issue-june", send_at=ago(1))}
            )
            given = ("--ledger", str(tmp_path / name), "--save", f"sh {tmp_path / 'push.sh'}")
            words = ("newsletter", "send", "--due", "--real", "--to", str(site / "lists/readers.csv"), *given)
            done[name] = run_command(site, *words)
        assert done["a"].exit_code == 0
        assert "mail-save" in done["b"].stderr
        assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))
        git("clone", "--quiet", str(tmp_path / "store.git"), str(tmp_path / "c"))
        site = tmp_path / "site-b"
        shutil.rmtree(site / ".openletter")
        given = ("--ledger", str(tmp_path / "c"), "--to", str(site / "lists/readers.csv"))
        assert run_command(site, "newsletter", "send", "--due", "--real", *given).stdout == "No issue is due.\n"
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))
