"""A refusal that is about us stops the sending at once and settles nobody; one about a recipient settles that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.newsletter.delivery.refusals import RefusalScope, judge_refusal
from generator.newsletter.delivery.report import SendReport, describe_counts
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import DROP, Fault, MailServer, Script
from tests.newsletter.send_once import send

PEOPLE = 12


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", PEOPLE)
    return tmp_path


def always(step: str, fault: Fault, after: int = 0) -> Script:
    """Fail at a step every time, after so many good times."""
    return lambda reached, count, _: fault if reached == step and count > after else None


def attempt(site: Path, server: MailServer, *, retry_failed: bool = False) -> SendReport:
    make_site(site, server.port)
    return send(site, retry_failed=retry_failed)


REFUSALS = [
    ("MAIL", "550 5.7.1 sender rejected"),
    ("MAIL", "550 no"),
    ("MAIL", "553 5.1.8 <office@example.org>: Sender address rejected: Domain not found"),
    ("MAIL", "530 5.7.0 Authentication required"),
    ("MAIL", "552 5.3.4 Message size exceeds fixed limit"),
    ("MAIL", "550 5.4.5 Daily user sending limit exceeded"),
    ("RCPT", "553 5.7.1 <office@example.org>: Sender address rejected: not owned by user office"),
    ("RCPT", "554 5.7.1 <x>: Relay access denied"),
    ("RCPT", "550 5.4.5 Daily user sending limit exceeded"),
    ("RCPT", "535 5.7.8 Error: authentication failed"),
    ("DATA", "554 5.7.1 rejected by policy"),
    ("DATA", "550 no"),
    ("end", "554 5.7.1 Message rejected as spam"),
    ("end", "552 message too large"),
    ("end", "550 5.7.26 This mail has been blocked because the sender is unauthenticated"),
    ("end", "554 5.2.252 SendAsDenied; office@example.org not allowed to send as x"),
    ("end", "550 no"),
]


@pytest.mark.parametrize(("step", "reply"), REFUSALS)
def test_a_refusal_of_the_sender_stops_at_once_and_settles_nobody(site: Path, step: str, reply: str) -> None:
    with MailServer(always(step, reply)) as server:
        report = attempt(site, server)
        assert server.reached[step] == 1
        assert report.summary == "0 sent, 0 failed, 0 uncertain"
        assert report.counts.pending == PEOPLE
        (problem,) = [each for each in report.problems if each.code in ("mail-rejected", "mail-server")]
        assert reply in problem.message
        assert "mail-failed" not in str(report.problems)
        server.script = always("never", None)
        assert attempt(site, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("reply", ["554 5.7.1 go away", "554 no service", "521 we take no mail", "550 5.7.1 blocked"])
def test_a_refusal_at_the_connection_settles_nobody(site: Path, reply: str) -> None:
    with MailServer(always("connect", reply)) as server:
        report = attempt(site, server)
        assert (server.reached["connect"], report.counts.pending) == (1, PEOPLE)
        server.script = always("never", None)
        assert attempt(site, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("MAIL", "550 5.4.5 Daily user sending limit exceeded"),
        ("MAIL", "550 5.7.1 too many messages in this session"),
        ("RCPT", "550 5.7.705 Access denied, tenant has exceeded threshold"),
        ("RCPT", "550 5.1.90 Your message can't be sent because you've reached your daily limit"),
        ("end", "550 5.4.5 Daily user sending limit exceeded"),
    ],
)
def test_a_quota_that_ends_in_the_middle_leaves_the_rest_to_the_next_run(site: Path, step: str, reply: str) -> None:
    with MailServer(always(step, reply, after=5)) as server:
        assert attempt(site, server).summary == "5 sent, 0 failed, 0 uncertain"
        assert server.reached[step] == 6
        server.script = always("never", None)
        assert attempt(site, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize(
    "reply",
    [
        "554 5.7.1 Message rejected as spam",
        "550 no",
        "552 5.2.2 mailbox full",
        "550 5.1.1 no such user",
        "554 5.6.0 odd",
    ],
)
def test_a_mail_that_others_got_is_refused_for_one_recipient_alone(site: Path, reply: str) -> None:
    with MailServer(lambda step, _, to: reply if step == "end" and "reader-6@" in to else None) as server:
        report = attempt(site, server)
        assert report.summary == f"{PEOPLE - 1} sent, 1 failed, 0 uncertain"
        assert "mail-rejected" not in str(report.problems)


@pytest.mark.parametrize("reply", ["554 5.7.1 spam", "550 no", "552 too large", "554 5.6.0 odd", "571 blocked"])
def test_a_server_that_turns_against_the_mail_stops_the_sending(site: Path, reply: str) -> None:
    with MailServer(always("end", reply, after=4)) as server:
        assert attempt(site, server).summary == "4 sent, 0 failed, 0 uncertain"
        assert server.reached["end"] == 9
        server.script = always("never", None)
        assert attempt(site, server).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize(
    ("step", "code", "text", "to", "scope"),
    [
        ("RCPT", 550, "5.1.1 no such user", "a@example.org", RefusalScope.RECIPIENT),
        ("RCPT", 550, "no", "a@example.org", RefusalScope.RECIPIENT),
        ("RCPT", 552, "5.2.2 mailbox full", "a@example.org", RefusalScope.RECIPIENT),
        ("RCPT", 550, "5.7.1 not on this list", "a@example.org", RefusalScope.RECIPIENT),
        ("RCPT", 550, "5.7.1 relaying denied", "a@example.org", RefusalScope.UNCLEAR),
        ("RCPT", 550, "sender verify failed", "a@example.org", RefusalScope.SENDER),
        ("MAIL", 553, "5.6.7 no such letters", "ä@example.org", RefusalScope.RECIPIENT),
        ("MAIL", 550, "5.7.60 not allowed to send as", "ä@example.org", RefusalScope.SENDER),
        ("end of data", 550, "5.1.71 odd", "a@example.org", RefusalScope.RECIPIENT),
        ("SMTPUTF8", 0, "no such letters", "ä@example.org", RefusalScope.RECIPIENT),
    ],
)
def test_a_refusal_is_judged_by_step_and_code(step: str, code: int, text: str, to: str, scope: RefusalScope) -> None:
    assert judge_refusal(DeliveryAnswer(DeliveryStatus.REFUSED, step, code, text), to) is scope


@pytest.mark.parametrize("refused", [(0,), (5,), (0, 1), (3, 7, 9), tuple(range(1, 12))])
def test_a_run_with_failed_people_says_how_to_try_them_again(site: Path, refused: tuple[int, ...]) -> None:
    def refuse(step: str, _: int, to: str) -> Fault:
        return "550 5.1.1 unknown" if step == "RCPT" and any(f"reader-{each}@" in to for each in refused) else None

    with MailServer(refuse) as server:
        for _ in range(2):  # the second run tries nobody, and says so all the same
            report = attempt(site, server)
            (advice,) = [each for each in report.problems if each.code == "mail-failed"]
            assert "--retry-failed" in advice.hint
            assert f"{len(refused)} recipient" in advice.message
        assert "--retry-failed" in describe_counts(report.counts)
        server.script = always("never", None)
        again = attempt(site, server, retry_failed=True)
        assert again.summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
        assert "--retry-failed" not in str(again.problems) + describe_counts(again.counts)


def test_a_lost_connection_between_refusals_does_not_settle_them(site: Path) -> None:
    def turn(step: str, count: int, _: str) -> Fault:
        if step == "end" and count > 4:
            return "554 5.7.1 spam"
        return DROP if step == "RCPT" and count == 7 else None

    with MailServer(turn) as server:
        assert attempt(site, server).summary == "4 sent, 0 failed, 0 uncertain"
