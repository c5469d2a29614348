"""`openletter newsletter send`, as an editor types it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.guards import HANG_S
from tests.newsletter.mail_server import DROP, MailServer, once

pytestmark = pytest.mark.slow  # not one of them; all together

SITE = """
title = "Letters"
url = "http://127.0.0.1:9/"
[newsletter]
from = "The Office <office@example.org>"
unsubscribe = "https://lists.example.org/leave"
postal_address = "1 High Street, Exampleton"
[newsletter.smtp]
host = "localhost"
port = {port}
security = "none"
"""
POST = '---\ntitle: The lift is mended\ndate: 2026-01-02\nsummary: "It moves: up, and down."\n---\nIt goes up.\n'
ISSUE = """---
title: January news
date: 2026-01-05
subject: "January news: the lift is mended"
preheader: "And what we learned from the stairs in the meantime."
posts: [lift]
---
Dear all, here is what happened in January, and what we make of it.
"""
LIST = "address,name\n" + "".join(f"reader-{number}@example.org,Reader {number}\n" for number in range(4))


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    for path, text in {
        "site.toml": SITE.format(port=9),
        "content/posts/2026-01-02-lift.md": POST,
        "content/newsletters/january.md": ISSUE,
        "list.csv": LIST,
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def serve(newsroom: Path, server: MailServer) -> None:
    (newsroom / "site.toml").write_text(SITE.format(port=server.port), encoding="utf-8")


def last(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.rstrip("\n").rpartition("\n")[2]


def test_a_dry_run_is_the_default_and_says_what_would_happen(newsroom: Path, run: Run) -> None:
    (newsroom / "list.csv").write_text(LIST + "READER-1@example.org,Again\nno address,X\n")
    done = run("newsletter", "send", "january", "--to", "list.csv", CI="")
    assert done.returncode == 0, done.stderr
    assert "To:      4 recipients (1 duplicate removed, 1 invalid row skipped)" in done.stdout
    assert last(done) == "This was a dry run: nothing was sent. Add --real to send."
    assert 'list.csv:7:1 warning: "no address"' in done.stderr
    strict = run("newsletter", "send", "january", "--to", "list.csv", "--strict", CI="")
    assert last(strict).endswith("nothing was sent. Fix the errors first: they stop a sending with --real too.")
    assert not (newsroom / "ledger").exists()


def test_a_real_send_tells_its_last_line_to_programs(newsroom: Path, run: Run) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", CI="")
        assert (done.returncode, last(done)) == (0, "4 sent, 0 failed, 0 uncertain"), done.stderr
        again = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", CI="")
        assert (again.returncode, last(again)) == (0, "4 sent, 0 failed, 0 uncertain"), again.stderr
    assert set(server.accepted.values()) == {1}
    assert len(server.accepted) == 4
    assert (newsroom / "ledger" / "january.sqlite").exists()
    body = server.message().get_body(("plain",))
    assert body is not None
    assert "https://lists.example.org/leave" in body.get_content()
    assert "send: 4 of 4" in done.stderr


def test_what_is_uncertain_or_refused_ends_with_code_3_and_is_named(newsroom: Path, run: Run) -> None:
    with MailServer(lambda *at: once("end", DROP, 2)(*at) or once("RCPT", "550 5.1.1 no such user", 4)(*at)) as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", CI="")
    assert (done.returncode, last(done)) == (3, "2 sent, 1 failed, 1 uncertain")
    assert "list.csv:3 warning: reader-1@example.org may have received it" in done.stderr
    assert 'list.csv:5 error: reader-3@example.org: the server replied "550 5.1.1 no such user"' in done.stderr


@pytest.mark.parametrize("number", ["3", "5"])
def test_another_number_sends_nothing(newsroom: Path, run: Run, number: str) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", number, CI="")
    assert done.returncode == 3
    assert f"The issue would go to 4 recipients, but you confirmed {number}. Nothing was sent." in done.stderr
    assert server.reached["connect"] == 0


def test_without_a_terminal_there_is_nobody_to_type_the_number(newsroom: Path, run: Run) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--real", CI="")
    assert done.returncode == 3
    assert "--yes-send" in done.stderr
    assert server.reached["connect"] == 0


def test_in_ci_a_ledger_must_be_named(newsroom: Path, run: Run) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", CI="true")
        assert done.returncode == 3
        assert "[mail-ci]" in done.stderr
        assert server.reached["connect"] == 0
        (newsroom / "kept").mkdir()
        (newsroom / "kept/.gitkeep").touch()
        kept = run(
            "newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", "--ledger", "kept", CI="true"
        )
        assert last(kept) == "4 sent, 0 failed, 0 uncertain", kept.stderr


def test_a_test_goes_to_one_address_alone(newsroom: Path, run: Run) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--test", "me@example.org", CI="true")
    assert done.returncode == 0, done.stderr
    assert server.accepted == {"me@example.org": 1}
    assert not (newsroom / "ledger").exists()


def test_an_error_of_preflight_stops_the_sending(newsroom: Path, run: Run) -> None:
    file = newsroom / "content/newsletters/january.md"
    file.write_text(file.read_text().replace("posts: [lift]", "posts: [lift, nowhere]"))
    with MailServer() as server:
        serve(newsroom, server)
        for how in (["--yes-send", "4"], ["--test", "me@example.org"], []):
            done = run("newsletter", "send", "january", "--to", "list.csv", *how, CI="")
            assert (done.returncode, "missing-post" in done.stderr) == (3, True), done
    assert server.reached["connect"] == 0


def test_a_changed_issue_says_what_to_do(newsroom: Path, run: Run) -> None:
    send = ("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4")
    with MailServer(once("end", DROP, 1)) as server:
        serve(newsroom, server)
        run(*send, CI="")
        file = newsroom / "content/newsletters/january.md"
        file.write_text(file.read_text().replace("Dear all", "Dear friends"))
        done = run(*send, CI="")
        assert done.returncode == 3
        assert "Changed: html, text" in done.stderr
        assert "--as-first-sent" in done.stderr
        done = run(*send, "--as-first-sent", "--resend-uncertain", CI="")
        assert (done.returncode, last(done)) == (0, "4 sent, 0 failed, 0 uncertain"), done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--test", "a@example.org", "--yes-send", "4"),
        ("--real", "--yes-send", "4"),
        ("--yes-send", "0"),
        ("--pace", "0"),
    ],
)
def test_what_has_no_meaning_is_said(newsroom: Path, run: Run, words: tuple[str, ...]) -> None:
    done = run("newsletter", "send", "january", *words, CI="")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_programs_get_one_object(newsroom: Path, run: Run) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        plan = json.loads(run("newsletter", "send", "january", "--to", "list.csv", "--json", CI="").stdout)
        assert (plan["issue"], plan["recipients"], plan["errors"]) == ("january", 4, 0)
        done = run("newsletter", "send", "january", "--to", "list.csv", "--json", "--yes-send", "4", CI="")
        facts = json.loads(done.stdout)
        assert {name: facts[name] for name in ("sent", "failed", "uncertain", "waiting", "total")} == {
            "sent": 4, "failed": 0, "uncertain": 0, "waiting": 0, "total": 4,
        }  # fmt: skip
        assert [problem["code"] for problem in facts["problems"]] == ["mail-page"]
        refused = run("newsletter", "send", "nowhere", "--to", "list.csv", "--json", CI="")
        assert (refused.returncode, json.loads(refused.stdout)["errors"]) == (3, 1)


def on_a_terminal(newsroom: Path, typed: bytes, *words: str) -> tuple[int, bytes]:
    """Run the command on a terminal of its own, and type once it asks."""
    import pty

    env = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "COLUMNS")}
    env |= {"TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2])}
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "generator", "newsletter", "send", *words]
    received, answered, end = b"", False, time.monotonic() + HANG_S
    with subprocess.Popen(command, cwd=newsroom, stdin=child, stdout=child, stderr=child, env=env) as process:
        os.close(child)
        while True:
            if time.monotonic() > end:
                process.kill()
                pytest.fail(f"it did not end in {HANG_S:g} s, and said {received!r}")
            if not select.select([parent], [], [], 1)[0]:
                continue
            try:
                chunk = os.read(parent, 65536)
            except OSError:  # Linux: the other end is closed
                break
            received += chunk
            if not chunk:
                break
            if not answered and b"type the number of recipients" in received:
                os.write(parent, typed)
                answered = True
    os.close(parent)
    return process.returncode, received


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in the standard library")
@pytest.mark.parametrize(("typed", "sent"), [(b"4\n", 4), (b"yes\n", 0), (b"3\n", 0), (b"\n", 0)])
def test_on_a_terminal_the_number_is_typed(newsroom: Path, typed: bytes, sent: int) -> None:
    with MailServer() as server:
        serve(newsroom, server)
        code, said = on_a_terminal(newsroom, typed, "january", "--to", "list.csv", "--real")
    assert sum(server.accepted.values()) == sent
    assert code == (0 if sent else 3)
    assert (b"4/4" in said) is bool(sent), "a bar with counts"
    assert said.rstrip().endswith(b"4 sent, 0 failed, 0 uncertain") is bool(sent)


def test_two_lists_and_latecomers(newsroom: Path, run: Run) -> None:
    (newsroom / "staff.csv").write_text(
        "E-Mail;Vorname;Status\nann@example.org;Ann;aktiv\nfort@example.org;;abgemeldet\n"
    )
    with MailServer() as server:
        serve(newsroom, server)
        to = ["--to", "list.csv", "--to", "staff.csv"]
        dry = run("newsletter", "send", "january", *to, CI="")
        assert "To:      5 recipients (1 unsubscribed or bounced)" in dry.stdout
        done = run("newsletter", "send", "january", *to, "--yes-send", "5", CI="")
        assert (done.returncode, last(done)) == (0, "5 sent, 0 failed, 0 uncertain"), done.stderr
        (newsroom / "staff.csv").write_text("email\nann@example.org\nbea@example.org\ncy@example.org\n")
        dry = run("newsletter", "send", "january", *to, CI="")
        assert "bea@example.org was not on the list at the first send" in dry.stderr
        wrong = run("newsletter", "send", "january", *to, "--add-new", "--yes-send", "7", CI="")
        assert (wrong.returncode, "would go to 2 recipients, but you confirmed 7" in wrong.stderr) == (3, True), (
            wrong.stderr
        )
        done = run("newsletter", "send", "january", *to, "--add-new", "--yes-send", "2", CI="")
        assert (done.returncode, last(done)) == (0, "7 sent, 0 failed, 0 uncertain"), done.stderr
    assert set(server.accepted.values()) == {1}
    assert "fort@example.org" not in server.accepted


def test_a_renamed_issue_is_not_sent_again(newsroom: Path, run: Run) -> None:
    issue = newsroom / "content/newsletters/january.md"
    with MailServer() as server:
        serve(newsroom, server)
        run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", CI="")
        issue.rename(issue.with_name("news.md"))  # without an `id`, it is another issue by its path
        again = run("newsletter", "send", "news", "--to", "list.csv", "--yes-send", "4", CI="")
    assert again.returncode == 3
    assert "4 recipients of this list may already have this letter" in again.stderr
    assert set(server.accepted.values()) == {1}


def test_readers_leave_by_mail(newsroom: Path, run: Run) -> None:
    toml = newsroom / "site.toml"
    key = {"OPENLETTER_LIST_KEY": "a key of more than twenty characters", "CI": ""}
    with MailServer() as server:
        serve(newsroom, server)
        link = "mailto:leave@example.org?subject=unsubscribe%20{token}"
        toml.write_text(toml.read_text().replace("https://lists.example.org/leave", link))
        done = run("newsletter", "send", "january", "--to", "list.csv", "--yes-send", "4", **key)
        assert done.returncode == 0, done.stderr
    sent = server.message()
    subject = str(sent["List-Unsubscribe"]).partition("subject=")[2].strip(" >").replace("%20", " ")
    (newsroom / "box").write_text(
        f"From x\nFrom: {sent['To']}\nSubject: {subject}\n\n\nFrom x\nFrom: a@example.org\n\n"
    )
    done = run("subscribers", "unsubscribes", "box", **key)
    assert (done.returncode, last(done)) == (0, "Read 2 mails: 1 person unsubscribed."), done.stderr
    again = json.loads(run("subscribers", "unsubscribes", "box", "--json", **key).stdout)
    assert (again["mails"], again["unsubscribed"], len(again["known"])) == (2, [], 1)
    without = run("newsletter", "send", "january", "--to", "list.csv", CI="", OPENLETTER_LIST_KEY="")
    assert (without.returncode, "mail-list-key" in without.stderr) == (3, True)
    (newsroom / "content/newsletters/february.md").write_text(
        ISSUE.replace("title:", "id: february\ntitle:").replace("January", "February")
    )
    dry = run("newsletter", "send", "february", "--to", "list.csv", **key)
    assert "To:      3 recipients (1 unsubscribed or bounced)" in dry.stdout, dry.stderr
