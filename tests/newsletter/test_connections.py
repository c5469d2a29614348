"""Several connections, commands in one packet, hours and limits: nobody gets it twice, nobody is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Timer
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from generator.cli.arrival import estimate_left_s
from generator.clock import Clock
from generator.errors import ConfigError, MailError
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue
from generator.newsletter.delivery.limits import DailyLimit, SendWindow, parse_window
from generator.newsletter.delivery.pace import RateLimit, StopRequest
from generator.newsletter.delivery.run import DeliveryRun
from generator.newsletter.delivery.send import SendConditions, make_server
from generator.newsletter.delivery.smtp import DeliveryStatus, SmtpServer
from generator.newsletter.delivery.waiting import plan_again, sleep_until
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.conftest import make_letter, make_list, make_site
from tests.newsletter.mail_server import DROP, Fault, MailServer, Script, nothing_fails, once
from tests.newsletter.send_once import QUICK_CONDITIONS, make_plan, send

PEOPLE = 40


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", PEOPLE)
    return tmp_path


def odd(step: str, count: int, argument: str) -> Fault:
    if step == "RCPT" and argument.startswith("TO:<reader-7@"):
        return "550 no such user"
    if step in ("MAIL", "RCPT", "DATA") and count % 9 == 4:
        return "451 4.3.0 later"
    return DROP if step == "RCPT" and count % 11 == 5 else None


SERVERS: dict[str, Script] = {"good": nothing_fails, "odd": odd, "closing": once("MAIL", "421 closing", 5)}


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("kind", SERVERS)
def test_four_connections_send_to_everybody_once(site: Path, kind: str, pipelining: bool) -> None:
    with MailServer(SERVERS[kind], pipelining=pipelining) as server:
        make_site(site, server.port)
        report = send(site, connections=4)
        while report.counts.pending:
            report = send(site, connections=4)
        failed = 1 if kind == "odd" else 0
        assert report.summary == f"{PEOPLE - failed} sent, {failed} failed, 0 uncertain", report.problems
    assert server.accepted == Counter(dict.fromkeys(server.accepted, 1))
    assert server.accepted.total() == PEOPLE - failed
    if kind == "good":
        assert server.reached["connect"] == 4


def test_a_server_that_takes_one_connection_gets_all_mails_over_it(site: Path) -> None:
    for refusal in ("421 too many connections", "554 too many connections", DROP):

        def one(step: str, count: int, _: str, refusal: str = refusal) -> Fault:
            return refusal if step == "connect" and count > 1 else None

        with MailServer(one) as server:
            make_site(site, server.port)
            letter = replace(make_letter(), id=f"issue-{refusal[:3]}", slug=f"june-{refusal[:3]}", text=refusal * 9)
            assert send(site, letter, connections=4).summary == f"{PEOPLE} sent, 0 failed, 0 uncertain"
        assert set(server.accepted.values()) == {1}


def test_no_answer_after_the_dot_is_in_doubt_for_that_recipient_alone(site: Path) -> None:
    with MailServer(once("end", DROP, 6), pipelining=True) as server:
        make_site(site, server.port)
        assert send(site, connections=3).summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"
        assert send(site, connections=3).summary == f"{PEOPLE - 1} sent, 0 failed, 1 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_refusal_of_the_mail_stops_all_connections(site: Path) -> None:
    with MailServer(
        lambda step, _, __: "550 5.7.1 sender rejected" if step == "MAIL" else None, pipelining=True
    ) as server:
        make_site(site, server.port)
        report = send(site, connections=4)
    assert (report.counts.sent, report.counts.failed, report.counts.pending) == (0, 0, PEOPLE)
    assert "mail-rejected" in str(report.problems)
    assert server.reached["MAIL"] <= 4
    assert not server.accepted


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize(
    ("step", "reply", "status"),
    [
        ("MAIL", "451 later", DeliveryStatus.TEMPORARY),
        ("RCPT", "550 no such user", DeliveryStatus.REFUSED),
        ("RCPT", "452 full", DeliveryStatus.TEMPORARY),
        ("DATA", "554 no", DeliveryStatus.REFUSED),
        ("MAIL", "421 closing", DeliveryStatus.TEMPORARY),
        ("RCPT", "421 closing", DeliveryStatus.TEMPORARY),
        ("MAIL", DROP, DeliveryStatus.LOST),
        ("RCPT", DROP, DeliveryStatus.LOST),
        ("DATA", DROP, DeliveryStatus.LOST),
        ("DATA", "250 what?", DeliveryStatus.LOST),
        ("RCPT", "354 go on", DeliveryStatus.LOST),
    ],
)
def test_commands_in_one_packet_end_as_commands_one_by_one(
    site: Path, step: str, reply: str, status: DeliveryStatus, pipelining: bool
) -> None:
    with MailServer(once(step, reply), pipelining=pipelining) as server:
        client = SmtpServer(make_site(site, server.port).newsletter.smtp, "")
        client.connect()
        claims: list[int] = []
        mail = b"Subject: x\r\n\r\nx\r\n"
        answer = client.deliver("a@example.org", "bob@example.org", mail, lambda: claims.append(1))
        assert (answer.status, answer.step, claims) == (status, step, [])
        assert not server.accepted
        client.connect()
        answer = client.deliver("a@example.org", "bob@example.org", mail, lambda: claims.append(1))
        assert (answer.status, claims) == (DeliveryStatus.SENT, [1])
        client.quit()
    assert server.accepted == {"bob@example.org": 1}


def test_a_day_s_limit_counts_all_issues_and_the_next_day_continues(site: Path) -> None:
    now = datetime(2026, 6, 30, 9, tzinfo=UTC)
    conditions = SendConditions(QUICK_CONDITIONS.retries, QUICK_CONDITIONS.timeouts, read_time=lambda: now)
    other = replace(make_letter(text="Another letter, with other words."), id="other", slug="other", subject="Other")
    with MailServer() as server:
        make_site(site, server.port)
        report = send(site, conditions=conditions, max_per_day=25, connections=3)
        assert (report.counts.sent, server.accepted.total()) == (25, 25)
        assert "Today's 25 mails are sent; 15 recipients must wait." in str(report.problems)
        assert send(site, conditions=conditions, max_per_day=25).counts.sent == 25
        assert send(site, other, conditions, max_per_day=30).counts.sent == 5
        now = datetime(2026, 7, 1, 0, tzinfo=UTC)
        assert send(site, conditions=conditions, max_per_day=25).counts.sent == PEOPLE
    assert set(server.accepted.values()) <= {1, 2}


def test_the_count_begins_again_at_midnight_where_the_site_is() -> None:
    moments = iter([datetime(2026, 6, 30, 21, 59, tzinfo=UTC)] * 2 + [datetime(2026, 6, 30, 22, 1, tzinfo=UTC)] * 3)
    daily = DailyLimit(2, 1, ZoneInfo("Europe/Berlin"), lambda: next(moments))
    assert [daily.take() for _ in range(5)] == [True, False, True, True, False]


@pytest.mark.parametrize("back", [timedelta(minutes=4), timedelta(minutes=5), timedelta(hours=12), timedelta(days=1)])
def test_a_clock_that_is_set_back_gives_no_second_day(tmp_path: Path, back: timedelta) -> None:
    now = datetime(2026, 6, 30, 0, 4, tzinfo=UTC)
    moments = iter([now, now - back, now - back, now, now])
    daily = DailyLimit(2, 0, ZoneInfo("UTC"), lambda: next(moments))
    assert [daily.take() for _ in range(5)] == [True, True, False, False, False]
    make_list(tmp_path / "list.csv", 5)
    with MailServer() as server:
        make_site(tmp_path, server.port)
        for moment in (now, now - back, now, now + timedelta(days=1)):
            send(tmp_path, conditions=SendConditions(read_time=lambda at=moment: at), max_per_day=2)  # type: ignore[misc]
            assert sum(server.accepted.values()) == (4 if moment > now else 2)


def test_a_clock_that_was_years_ahead_once_does_not_hold_up_the_mails(tmp_path: Path) -> None:
    make_list(tmp_path / "list.csv", 6)
    with MailServer() as server:
        make_site(tmp_path, server.port)
        for days in (3000, 0, 1):
            moment = datetime(2026, 6, 30, 9, tzinfo=UTC) + timedelta(days=days)
            send(tmp_path, conditions=SendConditions(read_time=lambda at=moment: at), max_per_day=2)  # type: ignore[misc]
        assert sum(server.accepted.values()) == 6


@pytest.mark.parametrize(
    ("hours", "now", "hours_to_wait"),
    [
        ("08:00-18:00", (8, 0), 0),
        ("08:00-18:00", (17, 59), 0),
        ("08:00-18:00", (18, 0), 14),
        ("8:00 - 18:00", (6, 30), 1.5),
        ("22:00-06:00", (23, 0), 0),
        ("22:00-06:00", (5, 59), 0),
        ("22:00–06:00", (12, 0), 10),
        ("00:00-23:59", (0, 0), 0),
    ],
)
def test_a_window_of_hours(hours: str, now: tuple[int, int], hours_to_wait: float) -> None:
    moment = datetime(2026, 6, 30, *now, tzinfo=ZoneInfo("Europe/Berlin"))
    assert parse_window(hours).wait_s(moment) == hours_to_wait * 3600


@pytest.mark.parametrize(
    ("hours", "now", "hours_to_wait"),
    [
        ("08:00-18:00", "2027-03-27T20:00+01:00", 11),  # the night has 23 hours
        ("08:00-18:00", "2026-10-24T20:00+02:00", 13),  # it has 25
        ("02:30-04:00", "2027-03-28T01:00+01:00", 1.5),  # that time is skipped, so as if the clocks had stayed
        ("02:30-02:45", "2026-10-25T01:00+02:00", 1.5),  # it comes twice: the first
        ("00:00-01:00", "2026-10-25T03:30+01:00", 20.5),
    ],
)
def test_a_window_on_the_night_when_the_clocks_change(hours: str, now: str, hours_to_wait: float) -> None:
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Berlin"))
    assert parse_window(hours).wait_s(moment) == hours_to_wait * 3600


@pytest.mark.parametrize(
    "text", ["", "8-18", "08:00", "08:00-08:00", "25:00-26:00", "08:00-18:00-20:00", "08:60-09:00"]
)
def test_what_is_no_window_is_a_message(text: str) -> None:
    with pytest.raises(ConfigError, match="is not a window"):
        parse_window(text)
    assert str(SendWindow(time(8), time(18))) == "08:00-18:00"


def test_the_time_of_the_end_follows_from_the_speed() -> None:
    assert [estimate_left_s(10, 5, 0), estimate_left_s(10, 5, 5), estimate_left_s(60, 1, 3)] == [0, 10, 180]


def test_at_a_time_what_was_confirmed_is_sent_and_nothing_else(tmp_path: Path) -> None:
    from generator.newsletter.delivery.plan import SendOptions, load_plan

    with MailServer() as server:
        root = make_sending_site(tmp_path / "site", server.port)
        clock = Clock.system()
        sleep_until(clock.now)
        plan = load_plan(SendOptions(root=root, to=("readers",)), "june", clock)
        again, count = plan_again(plan, "june", clock, 3)
        assert (again.recipients.people, count) == (plan.recipients.people, 3)
        file = root / "lists/readers.csv"
        rows = file.read_text()
        file.write_text(rows.replace("bob@example.org,Bob,South\n", ""))
        assert plan_again(plan, "june", clock, 3)[1] == 2, "somebody has left"
        file.write_text(f"{rows}dan@example.org,Dan,South\n")
        with pytest.raises(MailError, match="new people on the list"):
            plan_again(plan, "june", clock, 3)
        file.write_text(rows)
        source = root / "content/newsletters/2026-06-01-june.md"
        source.write_text(source.read_text().replace("here it is", "there it was"))
        with pytest.raises(MailError, match="has changed since you confirmed it"):
            plan_again(plan, "june", clock, 3)
        soon = datetime.now(UTC) + timedelta(seconds=2)
        at = ("--at", f"{soon:%Y-%m-%dT%H:%M:%S}")
        words = ["newsletter", "send", "june", "--to", "readers", *at, "--connections", "2"]
        assert "This was a dry run" in run_command(root, *words).output
        wrong = run_command(root, *words, "--yes-send", "4")
        assert (wrong.exit_code, "you confirmed 4" in wrong.output) == (3, True)
        done = run_command(root, *words, "--yes-send", "3", "--window", "00:00-23:59")
        assert (done.exit_code, server.accepted.total()) == (0, 3), done.output
        assert f"Waiting until {soon:%Y-%m-%d %H:%M}" in done.output
        assert datetime.now(UTC) >= soon.replace(microsecond=0)
        assert "Speed:   2 connections" in done.output


def test_a_ledger_knows_how_many_mails_left_today(tmp_path: Path) -> None:
    with MailServer() as server:
        make_list(tmp_path / "list.csv", 3)
        make_site(tmp_path, server.port)
        now = datetime(2026, 6, 30, 9, tzinfo=UTC)
        send(tmp_path, conditions=SendConditions(read_time=lambda: now))
    with Ledger(tmp_path / "ledger/june.sqlite") as ledger:
        assert (ledger.count_day("2026-06-30"), ledger.count_day("2026-07-01"), ledger.count_day("")) == (3, 0, 0)


def test_a_window_that_closes_while_the_computer_sleeps_is_closed(tmp_path: Path) -> None:
    """The clock goes on while a computer sleeps, and the wait does not: nothing is sent in the evening instead."""
    times = iter([datetime(2026, 6, 30, 7, 59, 59, 900_000, tzinfo=UTC)])
    evening = datetime(2026, 6, 30, 19, tzinfo=UTC)
    make_list(tmp_path / "list.csv", 3)
    stop = StopRequest()
    with MailServer() as server:
        make_site(tmp_path, server.port)
        plan = make_plan(tmp_path)
        frozen = FrozenIssue(plan.letter, plan.sender, evening)
        with Ledger(tmp_path / "june.sqlite") as ledger:
            ledger.freeze_issue(frozen, [person.folded for person in plan.recipients.people])
            people = {ledger.hash_address(person.folded): person for person in plan.recipients.people}
            run = DeliveryRun(
                ledger,
                [make_server(plan, QUICK_CONDITIONS.timeouts)],
                frozen,
                people,
                RateLimit(),
                QUICK_CONDITIONS.retries,
                stop,
                window=parse_window("08:00-18:00"),
                daily=DailyLimit(read_time=lambda: next(times, evening)),
            )
            timer = Timer(0.5, lambda: setattr(stop, "requested", True))
            timer.start()
            run.send_all()
            timer.join()
            assert ledger.count_recipients().pending == 3
    assert not server.accepted
