"""A sending from its plan to its report: what is refused, what is resumed, what is said."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from generator.config import load_config
from generator.errors import MailError, Problem, error, warning
from generator.model import Letter
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import LedgerCounts, RecipientState
from generator.newsletter.delivery.plan import SendOptions, plan_send
from generator.newsletter.delivery.report import SendReport, describe_counts, describe_plan
from generator.newsletter.delivery.send import SendConditions, compare_plan, send_issue, send_test
from generator.newsletter.message.recipients import Recipient
from tests.guards import HANG_S
from tests.newsletter.conftest import NOW, make_letter, make_list, make_site
from tests.newsletter.mail_server import DROP, MailServer, once
from tests.newsletter.send_once import QUICK_CONDITIONS, confirm_any, make_plan, send


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_list(tmp_path / "list.csv", 6)
    return tmp_path


def codes(report: SendReport) -> list[str]:
    return [problem.code for problem in report.problems if problem.code != "mail-page"]


def half_sent(site: Path, server: MailServer, letter: Letter | None = None) -> SendReport:
    """Send to three of six: the server goes away."""
    server.script = lambda step, *_: (
        DROP if sum(server.accepted.values()) >= 3 and step in ("connect", "MAIL") else None
    )
    make_site(site, server.port)
    report = send(site, letter)
    server.script = lambda *_: None
    assert (report.counts.sent, report.counts.pending) == (3, 3)
    return report


def test_everybody_gets_a_mail_of_their_own_once(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site).summary == "6 sent, 0 failed, 0 uncertain"
        assert send(site).summary == "6 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
    told = {str(server.message(at)["To"]) for at in range(6)}
    assert told == {f"Reader {number} <reader-{number}@example.org>" for number in range(6)}
    assert {str(server.message(at)["Date"]) for at in range(6)} == {"Tue, 30 Jun 2026 09:00:00 +0000"}
    assert len({str(server.message(at)["Message-ID"]) for at in range(6)}) == 6


def test_no_address_is_left_on_the_disk(site: Path) -> None:
    with MailServer(once("RCPT", "550 <reader-1@example.org> unknown", 2)) as server:
        make_site(site, server.port)
        send(site)
    stored = b"".join(file.read_bytes() for file in (site / "ledger").iterdir())
    assert b"reader-" not in stored


def test_a_resumed_sending_keeps_the_date_and_the_ids_of_the_first(site: Path) -> None:
    with MailServer() as server:
        half_sent(site, server)
        later = NOW.replace(day=1, month=7)
        assert (
            send_issue(make_plan(site), later, confirm_any, QUICK_CONDITIONS).summary == "6 sent, 0 failed, 0 uncertain"
        )
    assert {str(server.message(at)["Date"]) for at in range(6)} == {"Tue, 30 Jun 2026 09:00:00 +0000"}
    assert set(server.accepted.values()) == {1}


def test_a_claim_that_a_dead_process_left_is_a_doubt_and_is_sent_again_only_when_asked(site: Path) -> None:
    with MailServer() as server:
        half_sent(site, server)
        with Ledger(site / "ledger" / "june.sqlite") as ledger:
            ledger.claim(ledger.list_ids(RecipientState.PENDING)[0])
        assert compare_plan(make_plan(site)).counts == LedgerCounts(pending=2, postponed=1, claimed=1, sent=3)
        assert send(site).summary == "5 sent, 0 failed, 1 uncertain"
        with Ledger(site / "ledger" / "june.sqlite") as ledger:
            ledger.make_pending(RecipientState.UNCERTAIN)
            ledger.claim(ledger.list_ids(RecipientState.PENDING)[0])
        assert send(site, resend_uncertain=True).summary == "6 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}


def test_a_mail_that_is_sent_again_has_the_id_of_the_first(site: Path) -> None:
    with MailServer(once("end", DROP, 1)) as server:
        make_site(site, server.port)
        send(site)
        send(site, resend_uncertain=True)
    assert server.accepted["reader-0@example.org"] == 2
    assert server.message(0)["Message-ID"] == server.message(-1)["Message-ID"]


@pytest.mark.parametrize(
    ("field", "value"), [("subject", "News"), ("html", "<p>x</p>"), ("text", "x"), ("slug", "july")]
)
def test_a_changed_issue_goes_no_further(site: Path, field: str, value: str) -> None:
    changes: Any = {field: value}
    with MailServer() as server:
        half_sent(site, server)
        with pytest.raises(MailError, match=f"Changed: {field}.*--as-first-sent"):
            send(site, replace(make_letter(), **changes))
        assert sum(server.accepted.values()) == 3
        assert (
            send(site, replace(make_letter(), **changes), as_first_sent=True).summary == "6 sent, 0 failed, 0 uncertain"
        )
    assert {str(server.message(at)["Subject"]) for at in range(6)} == {make_letter().subject}
    assert len({server.mails[at].split(b"boundary=")[1][:40] for at in range(6)}) == 1


def test_a_changed_sender_is_a_changed_issue(site: Path) -> None:
    with MailServer() as server:
        half_sent(site, server)
        toml = site / "site.toml"
        toml.write_text(toml.read_text().replace("The Office", "The Other Office"))
        with pytest.raises(MailError, match="Changed: name"):
            send(site)


def test_an_issue_that_nobody_got_may_change(site: Path) -> None:
    with MailServer(lambda step, *_: "550 no" if step == "RCPT" else None) as server:
        make_site(site, server.port)
        assert send(site).summary == "0 sent, 6 failed, 0 uncertain"
        server.script = lambda *_: None
        assert send(site, replace(make_letter(), subject="Better")).summary == "6 sent, 0 failed, 0 uncertain"
    assert str(server.message()["Subject"]) == "Better"


def test_who_is_new_on_the_list_is_named_and_who_left_it_gets_nothing(site: Path) -> None:
    with MailServer() as server:
        half_sent(site, server)
        lines = (site / "list.csv").read_text().splitlines()
        (site / "list.csv").write_text("\n".join([lines[0], "new@example.org,New", *lines[1:-1]]))
        report = send(site)
        assert report.summary == "5 sent, 1 failed, 0 uncertain"
        (new,) = [problem for problem in report.problems if problem.code == "mail-new"]
        assert (new.line, "new@example.org" in new.message) == (2, True)
        assert codes(report) == ["mail-new", "mail-absent"]
        make_list(site / "list.csv", 6)
        assert send(site).summary == "6 sent, 0 failed, 0 uncertain"
    assert "new@example.org" not in server.accepted
    assert set(server.accepted.values()) == {1}


def test_another_list_is_refused(site: Path) -> None:
    with MailServer() as server:
        half_sent(site, server)
        (site / "list.csv").write_text("address\nstranger@example.org\n")
        with pytest.raises(MailError, match="No one on this list"):
            send(site)
    assert "stranger@example.org" not in server.accepted


def test_the_number_to_confirm_is_that_of_the_first_send(site: Path) -> None:
    asked: list[tuple[int, LedgerCounts]] = []
    with MailServer() as server:
        half_sent(site, server)
        make_list(site / "list.csv", 9)
        send_issue(make_plan(site), NOW, lambda count, known, _: asked.append((count, known)), QUICK_CONDITIONS)
    assert asked == [(6, LedgerCounts(pending=3, postponed=1, sent=3))]
    assert sum(server.accepted.values()) == 6


def test_who_says_no_sends_nothing_and_leaves_no_ledger(site: Path) -> None:
    def refuse(count: int, known: LedgerCounts, problems: tuple[Problem, ...]) -> None:
        raise MailError(error("", "mail-count", f"not {count}"))

    with MailServer() as server:
        make_site(site, server.port)
        with pytest.raises(MailError, match="not 6"):
            send_issue(make_plan(site), NOW, refuse, QUICK_CONDITIONS)
    assert server.reached["connect"] == 0
    assert not (site / "ledger" / "june.sqlite").exists()


def test_errors_stop_and_strict_takes_warnings_for_errors(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        bad, odd = error("june", "mail-alt", "bad"), warning("june", "mail-alt", "odd")
        for problem, strict in ((bad, False), (odd, True)):
            plan = replace(make_plan(site, strict=strict), problems=(problem,))
            with pytest.raises(MailError):
                send_issue(plan, NOW, confirm_any, QUICK_CONDITIONS)
            with pytest.raises(MailError):
                send_test(plan, Recipient("me@example.org"), NOW)
        assert server.reached["connect"] == 0
        assert send_issue(replace(make_plan(site), problems=(odd,)), NOW, confirm_any, QUICK_CONDITIONS).complete


def test_ci_sends_nothing_without_a_ledger_that_outlives_it(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with MailServer() as server:
        make_site(site, server.port)
        with pytest.raises(MailError, match="mail-ci"):
            send(site)
        assert server.reached["connect"] == 0
        with pytest.raises(MailError, match="mail-ledger-gone"):
            send(site, ledger=site / "kept")
        (site / "kept").mkdir()
        (site / "kept/.gitkeep").touch()
        assert send(site, ledger=site / "kept").complete
    assert (site / "kept" / "june.sqlite").exists()


def test_a_page_that_is_not_there_stops_the_sending(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        gone = replace(make_letter(), url=f"http://127.0.0.1:{not_found()}/june/")
        with pytest.raises(MailError, match="mail-page"):
            send(site, gone)
        assert server.reached["connect"] == 0
        assert send(site).complete, "nobody answers: that is a warning"


def not_found() -> int:
    """Answer one request with 404; give the port."""
    import socket
    import threading

    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with listening, listening.accept()[0] as connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    return int(listening.getsockname()[1])


def test_a_test_goes_to_one_person_and_no_ledger_knows(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        plan = make_plan(site)
        send_test(plan, Recipient("me@example.org"), NOW)
        send_test(plan, Recipient("me@example.org"), NOW)
        assert compare_plan(plan).counts == LedgerCounts()
    assert server.accepted == {"me@example.org": 2}
    assert server.message(0)["Message-ID"] != server.message(1)["Message-ID"]
    assert not (site / "ledger").exists()


def test_a_test_that_is_refused_is_said(site: Path) -> None:
    with MailServer(once("RCPT", "550 no such user")) as server:
        make_site(site, server.port)
        with pytest.raises(MailError, match="550 no such user"):
            send_test(make_plan(site), Recipient("me@example.org"), NOW)


def test_a_list_s_one_address(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site, to="staff@lists.example.org").summary == "1 sent, 0 failed, 0 uncertain"
        assert server.accepted == {"staff@lists.example.org": 1}


def test_the_pace_is_kept_and_a_long_wait_needs_no_open_connection(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.newsletter.delivery.run._IDLE_S", 0.05)
    with MailServer() as server:
        make_site(site, server.port)
        start = time.monotonic()
        assert send(site, pace=150.0).complete
        took = time.monotonic() - start
    assert 0.5 <= took < HANG_S
    assert server.reached["connect"] == 6


def test_unless_a_pace_is_set_there_is_none(site: Path) -> None:
    with MailServer() as server:
        make_site(site, server.port)
        send(site)
    assert server.reached["connect"] == 1


def test_progress_counts_those_that_are_settled(site: Path) -> None:
    from contextlib import nullcontext

    seen: list[tuple[str, int, int]] = []
    conditions = SendConditions(
        QUICK_CONDITIONS.retries,
        QUICK_CONDITIONS.timeouts,
        open_progress=lambda: nullcontext(lambda *at: seen.append(at)),
    )
    with MailServer(once("RCPT", "550 no", 2)) as server:
        make_site(site, server.port)
        send(site, conditions=conditions)
    assert seen == [("send", done, 6) for done in range(1, 7)]


def test_a_plan_says_what_would_happen(site: Path) -> None:
    (site / "list.csv").write_text("address\na@example.org\nA@example.org\nb@example.org\nno address\n")
    make_site(site, 2525)
    plan = make_plan(site, pace=60.0)
    assert describe_plan(plan)[1:] == [
        "Subject: June news: the lift is mended",
        "From:    The Office <office@example.org>",
        "To:      2 recipients (1 duplicate removed, 1 invalid row skipped)",
        "Server:  localhost:2525, not encrypted",
        f"Ledger:  {site / 'ledger' / 'june.sqlite'}",
        "Pace:    60 mails per minute, 1 minute in total",
    ]
    assert [problem.code for problem in plan.problems] == ["mail-address"]
    assert describe_counts(LedgerCounts()) == ""
    assert describe_counts(LedgerCounts(pending=1, sent=2, claimed=1)) == (
        "Status:  4 recipients: 2 sent, 0 failed, 1 uncertain, 1 to do"
    )


def test_a_mail_that_one_recipient_s_own_address_makes_too_large_is_known_before(site: Path) -> None:
    (site / "list.csv").write_text(f"address,name,unsubscribe\na@example.org,A,https://x.example/{'y' * 800}\n")
    make_site(site, 2525)
    letter = make_letter("<p>" + "x" * 95_000 + "</p>" + "{{openletter-unsubscribe}}" * 5)
    assert [problem.code for problem in make_plan(site, letter).problems] == ["mail-size"]


def test_nobody_on_a_list_is_refused(site: Path) -> None:
    make_site(site)
    (site / "list.csv").write_text("address\nno address\n")
    with pytest.raises(MailError, match="No recipients"):
        make_plan(site)


def test_no_list_and_no_address_is_refused(site: Path) -> None:
    make_site(site)
    with pytest.raises(MailError, match="--to"):
        plan_send(SendOptions(root=site), load_config(site)[0], make_letter(), (), NOW)


def test_no_server_is_refused(site: Path) -> None:
    make_site(site)
    toml = site / "site.toml"
    toml.write_text(toml.read_text().replace('host = "localhost"', ""))
    with pytest.raises(MailError, match="No mail server"):
        send(site)
