"""`openletter newsletter send --due`: what a job sends every hour, once, and only what may be sent."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.mail_server import MailServer, once
from tests.newsletter.site_with_issue import issue

PATH = "content/newsletters/2026-06-01-june.md"
PEOPLE = {"ann@example.org", "bob@example.org", "cy@example.org"}


def ago(hours: float) -> str:
    return f"{datetime.now(UTC) - timedelta(hours=hours):%Y-%m-%d %H:%M:%S} +00:00"


def make(root: Path, server: MailServer, send_at: str, more: str = "", **keys: Any) -> Path:
    (root / "ledger").mkdir(exist_ok=True)
    written = issue(id="issue-june", send_at=send_at, **keys)
    return make_sending_site(root, server.port, more, {PATH: written})


def send(root: Path, *words: str, real: bool = True) -> Result:
    given = ("--to", str(root / "lists/readers.csv"), *(("--real",) if real else ()), *words)
    return run_command(root, "newsletter", "send", "--due", *given)


def test_what_is_due_is_sent_once_and_what_is_not_never(tmp_path: Path) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(1))
        for name, hours in (("july", -1), ("may", 25), ("april", 9000)):
            text = issue(f"Another text for {name} alone.", send_at=ago(hours), subject=f"The news of {name}")
            (tmp_path / f"content/newsletters/2026-01-01-{name}.md").write_text(text)
        (tmp_path / "content/newsletters/plain.md").write_text(issue("Without a time.", subject="No time at all"))

        tried = send(tmp_path, real=False)
        assert (tried.exit_code, server.accepted) == (3, Counter()), "may and april were missed"
        assert "To:      3 recipients" in tried.stdout
        assert tried.stdout.endswith("This was a dry run: nothing was sent. Add --real to send.\n")

        done = send(tmp_path)
        assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))
        assert done.stdout.splitlines()[-1] == "june: 3 sent, 0 failed, 0 uncertain"
        assert done.exit_code == 3
        assert [each for each in done.stderr.splitlines() if " error: " in each and "25 hours ago" in each]

        for name in ("may", "april"):
            (tmp_path / f"content/newsletters/2026-01-01-{name}.md").unlink()
        done = send(tmp_path)
        assert (done.exit_code, done.stdout) == (0, "No issue is due.\n")
        assert run_command(tmp_path, "newsletter", "due").exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


@pytest.mark.parametrize(
    ("keys", "more", "words"),
    [
        ({"draft": True}, "", "it is a draft"),
        ({"date": "2090-01-01"}, "", "its date has not come"),
        ({}, "approvals = 1\n", "must approve this letter"),
        ({"posts": ["nowhere"]}, "", "nowhere"),
        ({"body": "TK write this"}, "", '"TK" is still in the text'),
    ],
)
def test_what_may_not_be_sent_is_an_error_each_time(
    tmp_path: Path, keys: dict[str, Any], more: str, words: str
) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(1), more, **keys)
        for _ in range(2):
            done = send(tmp_path)
            assert done.exit_code == 3
            assert words in done.stderr
        if "body" in keys:
            assert send(tmp_path, real=False).stdout.endswith(
                "Fix the errors first: they stop a sending with --real too.\n"
            )
    assert not server.accepted
    assert not list((tmp_path / "ledger").glob("*.sqlite"))


def test_an_approved_issue_is_sent_and_a_changed_list_is_not(tmp_path: Path) -> None:
    readers = tmp_path / "lists/readers.csv"
    with MailServer() as server:
        make(tmp_path, server, ago(1), "approvals = 1\n")
        asked = ("--of", "dean@example.org", "--to", str(readers))
        run_command(tmp_path, "newsletter", "ask-approval", "june", *asked)
        digest = _find_digest(server)
        approve = ("--digest", digest, "--by", "dean@example.org", "--to", str(readers))
        assert run_command(tmp_path, "newsletter", "approve", "june", *approve).exit_code == 0
        server.accepted.clear()
        whole = readers.read_text()
        readers.write_text(whole + "new@example.org,New,North\n")
        done = send(tmp_path)
        assert done.exit_code == 3
        assert "mail-approval" in done.stderr
        readers.write_text(whole)
        assert send(tmp_path).exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def _find_digest(server: MailServer) -> str:
    body = server.message().get_body(("plain",))
    assert body is not None
    return str(body.get_content()).partition("Digest: ")[2].split()[0]


def test_a_daily_limit_goes_on_the_next_day_by_itself(tmp_path: Path) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(20))
        first = send(tmp_path, "--max-per-day", "2")
        assert first.exit_code == 0, "the next run goes on, so no one needs to look"
        assert "june: 2 sent, 0 failed, 0 uncertain" in first.stdout
        assert "1 recipient must wait" in first.stderr
        again = send(tmp_path, "--max-per-day", "2")
        assert "june: 2 sent" in again.stdout
        assert sum(server.accepted.values()) == 2
        file = tmp_path / PATH
        file.write_text(
            file.read_text().replace("send_at", "# send_at").replace("---\n", f"---\nsend_at: {ago(60)}\n", 1)
        )
        later = send(tmp_path, "--max-per-day", "4")
        assert "june: 3 sent" in later.stdout, "begun in time, so it goes on after the bound"
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_outside_the_window_it_ends_instead_of_waiting(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    closed = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    with MailServer() as server:
        make(tmp_path, server, ago(1))
        done = send(tmp_path, "--window", closed)
        assert done.exit_code == 0
        assert "june: nothing was sent" in done.stdout
        assert "mail-window" in done.stderr
        assert not server.accepted
        opened = f"{now - timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
        assert send(tmp_path, "--window", opened).exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_two_issues_are_sent_in_the_order_of_their_times_and_one_fault_keeps_no_other(tmp_path: Path) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(3), body="TK later")
        for name, hours in (("b", 1), ("a", 2)):
            text = issue(
                f"A letter named {name}.", id=f"issue-{name}", send_at=ago(hours), subject=f"Letter {name}", slug=name
            )
            (tmp_path / f"content/newsletters/{name}.md").write_text(text)
        done = send(tmp_path, "--json")
        facts = json.loads(done.stdout)
        assert done.exit_code == 3
        assert [(each["issue"], each.get("sent")) for each in facts["issues"]] == [("june", None), ("a", 3), ("b", 3)]
        assert [server.message(at)["Subject"] for at in (0, 3)] == ["Letter a", "Letter b"]
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 2))


@pytest.mark.parametrize("place", ["ledger", "kept", "kept.sqlite.d", "a/b", "../kept"])
def test_a_job_that_could_not_restore_the_ledgers_sends_nothing(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in CI: a fresh checkout each time, in which neither the ledger nor the state of the site remains."""
    site = tmp_path / "site"
    site.mkdir()
    kept = ("--ledger", str(site / place))
    folder = site / place
    monkeypatch.setenv("CI", "true")
    with MailServer() as server:
        make(site, server, ago(1))
        folder.mkdir(parents=True, exist_ok=True)
        assert "mail-ledger-gone" in send(site, *kept).stderr, "the workflow may have made it"
        (folder / ".gitkeep").touch()
        (site / "ledger/.gitkeep").touch()
        assert "mail-ci" in send(site).stderr, "a place that is kept must be named"
        assert send(site, *kept).exit_code == 0
        folder.rename(tmp_path / "safe")
        shutil.rmtree(site / ".openletter")
        lost = send(site, *kept)
        assert lost.exit_code == 3
        assert "mail-ledger-gone" in lost.stderr
        assert run_command(site, "newsletter", "due", *kept).exit_code == 3
        (tmp_path / "safe").rename(folder)
        assert send(site, *kept).stdout == "No issue is due.\n"
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_it_works_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(1))
        monkeypatch.chdir(tmp_path / "content/newsletters")
        assert send(tmp_path).exit_code == 0
    assert server.accepted == Counter(dict.fromkeys(PEOPLE, 1))


def test_a_refused_reader_is_told_once_and_one_put_off_gets_it_later(tmp_path: Path) -> None:
    with MailServer(once("RCPT", "550 5.1.1 no such user")) as server:
        make(tmp_path, server, ago(1))
        assert send(tmp_path).exit_code == 3
        assert send(tmp_path).stdout == "No issue is due.\n"
    assert sum(server.accepted.values()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("june",),
        ("--test", "me@example.org"),
        ("--yes-send", "3"),
        ("--at", "2026-12-01"),
        ("--add-new",),
        ("--resend-uncertain",),
        ("--retry-failed",),
        ("--ledger", "kept/june.sqlite"),
    ],
)
def test_what_a_person_must_decide_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    with MailServer() as server:
        make(tmp_path, server, ago(1))
        done = send(tmp_path, *words, real=False)
    assert done.exit_code == 2
    assert "--due sends every issue that is due, so" in done.stderr or "--ledger must be a folder" in done.stderr
