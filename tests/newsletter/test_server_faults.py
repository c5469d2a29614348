"""Whatever the server does, at whatever step: nobody gets an issue twice, nobody is forgotten, doubts are named."""

from __future__ import annotations

import os
import random
import ssl
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from generator.newsletter.delivery.report import SendReport
from generator.newsletter.delivery.smtp import SmtpTimeouts
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import DROP, STEPS, Fault, MailServer, Script, once
from tests.newsletter.send_once import QUICK_CONDITIONS, send

pytestmark = pytest.mark.slow  # not one of them; all together

PEOPLE = 12
WORD = "open sesame"
DOUBTFUL = ("mid-data", "end")
BEFORE_A_MAIL = ("connect", "EHLO", "STARTTLS", "AUTH")


@pytest.fixture
def site(tmp_path: Path, trusted: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site whose mail server wants STARTTLS and AUTH."""
    monkeypatch.setenv("OPENLETTER_SMTP_PASSWORD", WORD)
    make_list(tmp_path / "list.csv", PEOPLE)
    return tmp_path


@dataclass
class Tried(MailServer):
    """A server, and how the sending to it ended."""

    report: SendReport = field(init=False)


def attempt(site: Path, server_tls: ssl.SSLContext, script: Script, *, keeps_at_end: bool = True) -> Tried:
    """Send while the server misbehaves."""
    server = Tried(script, tls=server_tls, password=WORD, keeps_at_end=keeps_at_end)
    with server:
        make_site(site, server.port, "starttls", "office")
        server.report = send(site)
    return server


def resume(site: Path, server_tls: ssl.SSLContext, server: MailServer, **options: Any) -> SendReport:
    """Send again, to the same server in its right mind."""
    server.script = once("never", None)
    with server:
        make_site(site, server.port, "starttls", "office")
        return send(site, **options)


def line(report: SendReport) -> tuple[int, int, int]:
    return report.counts.sent, report.failed, report.counts.uncertain


@pytest.mark.parametrize("step", [step for step in STEPS if step not in DOUBTFUL])
@pytest.mark.parametrize("at", [1, 2])
def test_a_connection_lost_before_the_end_of_a_mail_costs_a_try(
    site: Path, server_tls: ssl.SSLContext, step: str, at: int
) -> None:
    server = attempt(site, server_tls, once(step, DROP, at))
    assert server.reached[step] >= (at if step not in BEFORE_A_MAIL else 1)
    assert server.report.summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
    assert len(server.accepted) == PEOPLE


def test_a_connection_lost_in_the_midst_of_a_mail_is_a_doubt_where_the_end_had_left_already(
    site: Path, server_tls: ssl.SSLContext
) -> None:
    server = attempt(site, server_tls, once("mid-data", DROP, 3))
    sent, failed, uncertain = line(server.report)
    assert (sent + uncertain, failed) == (PEOPLE, 0)
    assert uncertain <= 1
    assert len(server.accepted) == sent
    assert resume(site, server_tls, server, resend_uncertain=True).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_lost_after_the_end_of_a_mail_is_a_doubt_until_a_person_decides(
    site: Path, server_tls: ssl.SSLContext, kept: bool
) -> None:
    server = attempt(site, server_tls, once("end", DROP, 5), keeps_at_end=kept)
    assert server.report.summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"
    assert len(server.accepted) == PEOPLE - (not kept)
    (doubt,) = [problem for problem in server.report.problems if problem.code == "mail-uncertain"]
    assert (doubt.line, "reader-4@example.org" in doubt.message) == (6, True)

    again = resume(site, server_tls, server)
    assert again.summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"
    assert set(server.accepted.values()) == {1}

    assert resume(site, server_tls, server, resend_uncertain=True).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert server.accepted["reader-4@example.org"] == 1 + kept
    assert sum(server.accepted.values()) == PEOPLE + kept


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "end"])
def test_whom_the_server_puts_off_is_tried_again(site: Path, server_tls: ssl.SSLContext, step: str) -> None:
    server = attempt(site, server_tls, once(step, "451 4.3.0 not now", 3))
    assert server.report.summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
    assert server.reached[step] == PEOPLE + 1


@pytest.mark.parametrize("step", ["connect", "EHLO", "STARTTLS", "AUTH"])
def test_a_server_that_is_busy_at_first_is_waited_for(site: Path, server_tls: ssl.SSLContext, step: str) -> None:
    server = attempt(site, server_tls, once(step, "421 4.3.2 busy"))
    assert server.report.summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("step", ["RCPT", "DATA", "end"])
def test_a_refusal_is_recorded_and_not_tried_again_unless_asked(
    site: Path, server_tls: ssl.SSLContext, step: str
) -> None:
    server = attempt(site, server_tls, once(step, "550 5.1.1 <reader-2@example.org> no such user", 3))
    assert server.report.summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain"
    (refused,) = [problem for problem in server.report.problems if problem.code == "mail-refused"]
    assert refused.line == 4
    assert '"550 5.1.1 <reader-2@example.org> no such user"' in refused.message

    assert resume(site, server_tls, server).summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain"
    assert "reader-2@example.org" not in server.accepted
    assert resume(site, server_tls, server, retry_failed=True).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("step", ["connect", "EHLO", "STARTTLS", "AUTH"])
def test_a_server_that_refuses_us_stops_the_sending_and_nobody_is_lost(
    site: Path, server_tls: ssl.SSLContext, step: str
) -> None:
    refusal = "535 5.7.8 wrong password" if step == "AUTH" else "554 5.7.1 go away"
    server = attempt(site, server_tls, lambda reached, count, _: refusal if reached == step else None)
    assert line(server.report) == (0, 0, 0)
    assert [problem.code for problem in server.report.problems if problem.code == "mail-server"]
    assert refusal.split(maxsplit=1)[0] in str(server.report.problems)
    assert resume(site, server_tls, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "end"])
def test_whom_the_server_puts_off_for_long_is_left_for_the_next_run(
    site: Path, server_tls: ssl.SSLContext, step: str
) -> None:
    def never_serve_two(reached: str, count: int, argument: str) -> Fault:
        return "450 4.2.0 greylisted" if reached == step and "reader-7@" in argument else None

    by_count = step in ("MAIL", "DATA")  # they do not say for whom: the eighth mail, and every one after all others
    script: Script = never_serve_two
    if by_count:
        script = lambda reached, count, _: "450 not now" if reached == step and (count == 8 or count > PEOPLE) else None  # noqa: E731
    server = attempt(site, server_tls, script)
    assert server.report.summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain"
    (later,) = [problem for problem in server.report.problems if problem.code == "mail-later"]
    assert later.line == 9
    assert resume(site, server_tls, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *product(["connect", "EHLO", "MAIL", "RCPT", "DATA"], [DROP, "421 4.3.2 shutting down"]),
        *product(["connect", "EHLO", "MAIL", "DATA"], ["451 4.3.0 no"]),
    ],
)
def test_a_server_that_never_serves_is_given_up_and_everybody_waits_for_the_next_run(
    site: Path, server_tls: ssl.SSLContext, step: str, fault: Fault
) -> None:
    server = attempt(site, server_tls, lambda reached, count, _: fault if reached == step else None)
    assert server.report.counts.pending == PEOPLE
    assert server.reached[step] <= 15
    assert "No one receives the issue twice" in str(server.report.problems)
    assert resume(site, server_tls, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_server_that_hangs_up_at_every_step_in_turn(site: Path, server_tls: ssl.SSLContext) -> None:
    make_list(site / "list.csv", 100)

    def often(step: str, count: int, argument: str) -> Fault:
        return DROP if step in STEPS and count % (7 + 2 * STEPS.index(step)) == 3 else None

    server = attempt(site, server_tls, often)
    sent, failed, uncertain = line(server.report)
    assert sent + failed + uncertain == 100
    kept = server.reached["end"] - len(server.answered)
    assert kept <= uncertain <= kept + server.reached["mid-data"] // 10
    again = resume(site, server_tls, server, resend_uncertain=False)
    assert again.counts.pending == 0
    assert set(server.accepted.values()) == {1}
    assert len(server.accepted) == again.counts.sent + kept


FAULTS: tuple[Fault, ...] = (DROP, DROP, "421 4.3.2 later", "450 4.2.0 later", "550 5.1.1 never", "what?", 0.01)


@pytest.mark.parametrize("seed", range(int(os.environ.get("SOAK_KILLS", "10"))))
def test_whatever_goes_wrong_the_ledger_and_the_server_agree(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    make_list(tmp_path / "list.csv", 60)

    def anything(step: str, count: int, argument: str) -> Fault:
        if chance.random() > 0.06:
            return None
        fault = chance.choice(FAULTS)
        return DROP if step in ("connect", "EHLO") and str(fault).startswith("5") else fault

    with MailServer(anything) as server:
        make_site(tmp_path, server.port)
        for _ in range(3):
            report = send(tmp_path)
        kept = server.reached["end"]
        server.script = once("never", None)
        report = send(tmp_path, retry_failed=True)
        assert set(server.accepted.values()) == {1}, "somebody got it twice"
        assert report.counts.sent <= len(server.accepted) <= report.counts.sent + report.counts.uncertain
        assert (report.failed, report.counts.pending, report.counts.total) == (0, 0, 60)
        assert server.answered <= server.accepted.keys()
        doubts = report.counts.uncertain
        assert send(tmp_path, resend_uncertain=True).summary == "60 sent, 0 failed, 0 uncertain"
        assert len(server.accepted) == 60, "somebody was lost"
        assert sum(server.accepted.values()) <= 60 + doubts
        assert kept, "the server was reached"


def test_an_answer_that_is_none_is_a_doubt_after_the_end_and_a_loss_before(
    site: Path, server_tls: ssl.SSLContext
) -> None:
    babble = once("end", "what?", 2)
    server = attempt(site, server_tls, lambda *at: babble(*at) or once("RCPT", "999 what?", 5)(*at))
    assert server.report.summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"


def test_a_slow_server_is_waited_for(site: Path, server_tls: ssl.SSLContext) -> None:
    server = attempt(site, server_tls, lambda step, count, _: 0.3 if count == 2 else None)
    assert server.report.summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_who_gets_no_answer_at_a_mail_s_end_in_time_may_have_it(site: Path, server_tls: ssl.SSLContext) -> None:
    with MailServer(once("end", 20.0, 3)) as server:
        make_site(site, server.port)
        report = send(site, conditions=replace(QUICK_CONDITIONS, timeouts=SmtpTimeouts(60, 60, end_s=1)))
    assert report.summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_server_that_refuses_everybody_is_not_asked_a_thousand_times(site: Path) -> None:
    make_list(site / "list.csv", 300)
    with MailServer(lambda step, *_: "550 5.2.1 mailbox disabled" if step == "RCPT" else None) as server:
        make_site(site, server.port)
        report = send(site)
    assert server.reached["RCPT"] == 100
    assert (report.counts.failed, report.counts.pending) == (100, 200)
    assert "mailbox disabled" in str(report.problems)
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site, retry_failed=True).summary == "300 sent, 0 failed, 0 uncertain"
