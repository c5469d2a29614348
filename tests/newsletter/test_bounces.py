"""Reports of failed deliveries: who is gone, who is only away, and what anyone could have forged."""

from __future__ import annotations

import json
import mailbox
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.errors import MailError
from generator.newsletter.bounces.bounce_log import BOUNCE_FILE, Bounce, add_bounces, find_exhausted, read_bounces
from generator.newsletter.bounces.report_mail import ReportKind, judge_failure, read_report
from generator.newsletter.subscribers.suppression import read_suppression
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.imap_server import PASSWORD, imap_server
from tests.newsletter.mail_server import MailServer

KEY = "a key of more than twenty characters"
REPORT = """From: Mail Delivery System <mailer-daemon@mx.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
Content-Type: {kind}

{returned}
--b--
"""
COMPLAINT = """From: <feedback@mail.example>
To: {to}
Subject: FW: June news
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: message/rfc822

{returned}
--b--
"""
QMAIL = """From: MAILER-DAEMON@mx.example.org
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{address}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{returned}
"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.example.org>
X-Failed-Recipients: {address}
Auto-Submitted: auto-replied
To: {to}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {address}
    SMTP error from remote mail server after RCPT TO:<{address}>:
    550 5.2.2 mailbox full

------ This is a copy of the message, including all the headers. ------

{returned}
"""
HOLIDAY = (
    "From: {address}\nTo: {to}\nSubject: {subject}\n{more}\nI am away until Monday. In urgent cases, write to Al.\n"
)


@dataclass
class Sent:
    """A site that has sent an issue to eight people, with what each of them got."""

    root: Path
    mails: dict[str, str]
    returns: dict[str, str]

    def report(
        self,
        who: str,
        status: str,
        said: str = "no",
        action: str = "failed",
        *,
        returned: bool = True,
        verp: bool = True,
    ) -> str:
        head = self.mails[who].partition("\n\n")[0] if returned else "Subject: x"
        to = self.returns[who] if verp else "bounces@example.org"
        kind, address = "text/rfc822-headers", f"{who}@example.org"
        return REPORT.format(to=to, address=address, action=action, status=status, said=said, kind=kind, returned=head)

    def bounces(self, *mails: str, options: tuple[str, ...] = ()) -> dict[str, object]:
        folder = self.root / "box"
        box = mailbox.Maildir(folder)
        box.clear()
        for each in mails:
            box.add(each.encode())
        words = ["newsletter", "bounces", "june", "--maildir", str(folder), "--to", "readers", "--json", *options]
        done = run_command(self.root, *words)
        assert done.exit_code == 0, done.output
        facts: dict[str, object] = json.loads(done.stdout)
        return facts


PEOPLE = ("ann", "bob", "cy", "di", "ed", "fay", "gil", "hal")


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sent:
    monkeypatch.setenv("OPENLETTER_LIST_KEY", KEY)
    rows = "".join(f"{name}@example.org,{name}\n" for name in PEOPLE)
    with MailServer() as server:
        files: dict[str, str | bytes] = {"lists/readers.csv": f"address,name\n{rows}"}
        root = make_sending_site(tmp_path / "site", server.port, 'bounces = "bounces+{hash}@example.org"', files)
        done = run_command(root, "newsletter", "send", "june", "--to", "readers", "--yes-send", str(len(PEOPLE)))
        assert done.exit_code == 0, done.output
        mails = [each.decode().replace("\r\n", "\n") for each in server.mails]
    from generator.newsletter.delivery.ledger_reader import LedgerReader

    with LedgerReader(root / "ledger/june.sqlite") as ledger:
        hashes = {name: ledger.hash_address(f"{name}@example.org").hex() for name in PEOPLE}
    return Sent(
        root,
        {name: next(mail for mail in mails if f"<{name}@example.org>" in mail) for name in PEOPLE},
        {name: f"bounces+{hashes[name]}@example.org" for name in PEOPLE},
    )


def test_every_kind_of_report_is_told_apart(sent: Sent) -> None:
    to = "bounces@example.org"
    facts = sent.bounces(
        sent.report("ann", "5.1.1", "550 5.1.1 user unknown"),
        QMAIL.format(to=sent.returns["bob"], address="bob@example.org", returned=sent.mails["bob"]),
        EXIM.format(to=sent.returns["cy"], address="cy@example.org", returned=sent.mails["cy"]),
        COMPLAINT.format(to=to, kind="abuse", returned=sent.mails["di"]),
        COMPLAINT.format(to=to, kind="not-spam", returned=sent.mails["ed"]),
        sent.report("ed", "5.7.1", "554 5.7.1 message refused by policy", verp=False),
        sent.report("fay", "4.4.7", "delivery time expired"),
        sent.report("gil", "4.4.1", "no route yet", "delayed"),
        sent.report("hal", "2.0.0", "250 ok", "delivered"),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Re: June", more="Auto-Submitted: auto-replied\n"),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Out of office", more=""),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Abwesenheitsnotiz: June news", more=""),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Away", more="X-Autoreply: yes\n"),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Re: June", more="Precedence: auto_reply\n"),
        HOLIDAY.format(address="hal@example.org", to=to, subject="Re: June news", more=""),
    )
    assert {each["address"].partition("@")[0]: each["kind"] for each in facts["reported"]} == {  # type: ignore[attr-defined]
        "ann": "unknown", "bob": "unknown", "cy": "full", "di": "complained", "ed": "refused", "fay": "expired",
    }  # fmt: skip
    assert facts["kinds"] == {
        "unknown": 2, "full": 1, "complained": 1, "refused": 1, "expired": 1, "delayed": 1, "holiday": 5, "other": 3,
    }  # fmt: skip
    assert (facts["mails"], facts["sent"], facts["accepted"]) == (15, 8, 3)
    assert sorted(facts["suppressed"]) == ["ann@example.org", "bob@example.org", "di@example.org"]  # type: ignore[call-overload]
    assert facts["problems"] == []


def test_the_report_for_people_and_a_second_reading_that_changes_nothing(sent: Sent) -> None:
    mails = (sent.report("ann", "5.1.1", "550 5.1.1 user unknown"), sent.report("bob", "4.2.2", "452 4.2.2 over quota"))
    sent.bounces(*mails)
    before = (sent.root / BOUNCE_FILE).read_bytes(), (sent.root / "lists/suppressed.csv").read_bytes()
    words = ["newsletter", "bounces", "june", "--maildir", str(sent.root / "box"), "--to", "readers"]
    said = run_command(sent.root, *words).stdout
    assert "  unknown       ann@example.org (550 5.1.1 user unknown)\n" in said
    assert "  mailbox full  bob@example.org (452 4.2.2 over quota)\n" in said
    assert said.endswith(
        "Read 2 mails: 0 holiday notices, 0 not about a failed delivery of this issue.\n"
        "June news: 8 sent, 6 accepted, 1 unknown, 1 mailbox full.\n"
    )
    assert ((sent.root / BOUNCE_FILE).read_bytes(), (sent.root / "lists/suppressed.csv").read_bytes()) == before
    assert b"example.org" not in before[0] + before[1]
    assert "(sent to 8 of 8, 1 full, 1 unknown)" in run_command(sent.root, "newsletter", "list").stdout


def test_a_report_that_anyone_can_write_is_shown_and_counts_only_on_request(sent: Sent) -> None:
    forged = sent.report("ann", "5.1.1", "550 5.1.1 user unknown", returned=False, verp=False)
    facts = sent.bounces(forged)
    assert (facts["reported"], facts["suppressed"]) == ([], [])
    assert [each["code"] for each in facts["problems"]] == ["mail-bounce-unproven"]  # type: ignore[attr-defined]
    assert not read_suppression(sent.root, load_config(sent.root)[0]).lines
    trusted = sent.bounces(forged, options=("--trust-reports",))
    assert (trusted["suppressed"], trusted["problems"]) == (["ann@example.org"], [])


def test_a_report_about_another_issue_or_a_stranger_counts_for_nothing(sent: Sent) -> None:
    strange = sent.report("ann", "5.1.1", "user unknown", returned=False, verp=False).replace("ann@", "zoe@")
    other_hash = sent.report("ann", "5.1.1", "user unknown", returned=False).replace(
        sent.returns["ann"][8:40], "0" * 32
    )
    facts = sent.bounces(strange, other_hash.replace("ann@example.org", "yan@example.org"), "", "no mail at all")
    assert (facts["reported"], facts["problems"], facts["kinds"]) == ([], [], {"other": 4})


def test_a_full_mailbox_counts_after_three_issues_within_a_year(tmp_path: Path) -> None:
    def soft(issue: str, day: str, kind: str = "full") -> Bounce:
        return Bounce("a" * 64, issue, kind, day)

    today = date(2026, 12, 1)
    two = [soft("1", "2026-10-01"), soft("2", "2026-11-01")]
    assert find_exhausted(two, today) == frozenset()
    assert find_exhausted([*two, soft("2", "2026-11-01", "refused")], today) == frozenset(), "one issue twice"
    assert find_exhausted([*two, soft("3", "2025-11-30")], today) == frozenset(), "too long ago"
    assert find_exhausted([*two, soft("3", "2026-12-01", "complained")], today) == frozenset()
    assert find_exhausted([*two, soft("3", "2026-12-01", "expired")], today) == {"a" * 64}
    assert add_bounces(tmp_path, two, [*two, soft("1", "2026-12-01")]) == tuple(two), "the first report counts"
    assert not (tmp_path / BOUNCE_FILE).exists()
    add_bounces(tmp_path, (), two)
    assert read_bounces(tmp_path) == tuple(two)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("address_hmac", "address"),
        lambda text: text.replace("full", "fuller"),
        lambda text: text.replace("2026-10-01", "10/2026"),
        lambda text: text[:100],
        lambda text: text + "<<<<<<< HEAD\n",
        lambda text: "",
    ],
)
def test_a_damaged_file_is_a_message(tmp_path: Path, change: Callable[[str], str]) -> None:
    add_bounces(tmp_path, (), [Bounce("a" * 64, "1", "full", "2026-10-01")])
    file = tmp_path / BOUNCE_FILE
    file.write_text(change(file.read_text()))
    with pytest.raises(MailError, match=r"lists/bounced\.csv.*\[mail-bounces\]"):
        read_bounces(tmp_path)


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        ("5.1.1", "550 5.1.1 <x@y>: Recipient address rejected: User unknown", ReportKind.UNKNOWN),
        ("5.0.0", "550 5.1.1 no", ReportKind.UNKNOWN),
        ("5.0.0", "550 No such user here", ReportKind.UNKNOWN),
        ("5.2.1", "550 5.2.1 account is disabled", ReportKind.UNKNOWN),
        ("5.1.10", "recipient domain has a null MX", ReportKind.UNKNOWN),
        ("5.4.4", "unable to route", ReportKind.UNKNOWN),
        ("", "550 mailbox not found", ReportKind.UNKNOWN),
        ("5.2.2", "552 mailbox full", ReportKind.FULL),
        ("4.2.2", "over quota", ReportKind.FULL),
        ("5.0.0", "552 Mailbox is full", ReportKind.FULL),
        ("5.7.1", "550 5.7.1 user unknown or blocked by policy", ReportKind.REFUSED),
        ("5.0.0", "554 message looks like spam", ReportKind.REFUSED),
        ("5.3.4", "message too big", ReportKind.REFUSED),
        ("5.0.0", "550 go away", ReportKind.REFUSED),
        ("", "", ReportKind.REFUSED),
        ("4.4.7", "delivery time expired", ReportKind.EXPIRED),
        ("4.7.0", "greylisted for too long", ReportKind.EXPIRED),
    ],
)
def test_what_a_failure_means(code: str, said: str, kind: ReportKind) -> None:
    assert judge_failure(code, said) is kind


@given(st.binary(max_size=400), st.sampled_from([REPORT, COMPLAINT, QMAIL, EXIM]), st.integers(0, 900))
def test_no_mail_breaks_the_reading(noise: bytes, form: str, at: int) -> None:
    data = form.encode()
    report = read_report(data[:at] + noise + data[at:])
    assert report.kind in set(ReportKind)


@pytest.mark.slow
@pytest.mark.usefixtures("trusted")
def test_reports_are_read_from_a_mail_server(
    sent: Sent, server_tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_IMAP_PASSWORD", PASSWORD)
    mails = [sent.report("ann", "5.1.1").encode(), sent.report("bob", "5.2.2").encode()]
    with imap_server(mails, server_tls) as port:
        url = f"imaps://office%40example.org@localhost:{port}/Leaving"
        done = run_command(sent.root, "newsletter", "bounces", "june", "--maildir", url, "--to", "readers")
    assert done.stdout.endswith("June news: 8 sent, 6 accepted, 1 unknown, 1 mailbox full.\n"), done.output


def test_an_issue_that_was_not_sent_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_LIST_KEY", KEY)
    root = make_sending_site(tmp_path / "site", 25)
    mailbox.Maildir(root / "box")
    words = ["newsletter", "bounces", "june", "--maildir", str(root / "box"), "--to", "readers"]
    done = run_command(root, *words)
    assert (done.exit_code, "has not been sent" in done.stderr) == (3, True)
    monkeypatch.delenv("OPENLETTER_LIST_KEY")
    assert "no list key" in run_command(root, *words).stderr


@pytest.mark.parametrize(
    ("text", "reason", "kind"),
    [
        ("I failed:\n\n  ann@example.org\n    Unrouteable address\n", "Unrouteable address", ReportKind.UNKNOWN),
        ("<ann@example.org>: host mx said: mailbox full\n\nBye.", "host mx said: mailbox full", ReportKind.FULL),
        ("<ann@example.org>:\n  blocked as spam\n \nuser unknown", "blocked as spam", ReportKind.REFUSED),
        ("(ann@example.org)  account is disabled", "account is disabled", ReportKind.UNKNOWN),
        ("The mailbox is full.", "The mailbox is full.", ReportKind.FULL),
        ("No such user: ann@example.org", "No such user: ann@example.org", ReportKind.UNKNOWN),
    ],
)
def test_the_reason_is_what_follows_the_address(text: str, reason: str, kind: ReportKind) -> None:
    report = REPORT.format(
        to="bounces@example.org",
        address="ann@example.org",
        action="failed",
        status="5.0.0",
        said="",
        kind="text/rfc822-headers",
        returned="Subject: x",
    )
    report = report.replace("I could not deliver your mail.", text).replace("Diagnostic-Code: smtp; \n", "")
    found = read_report(report.encode())
    assert (found.reason, found.kind) == (reason, kind)
