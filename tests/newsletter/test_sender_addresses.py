"""Addresses and headers of every mail: replies, failed deliveries, the reason at its foot, what keeps answers away."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from generator.config import load_config
from generator.errors import ConfigError, MailError
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.send import send_test
from generator.newsletter.issue import with_rendered_issue
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import Sender, make_sender
from tests.newsletter.conftest import NOW, SITE, make_letter, make_list, make_site
from tests.newsletter.mail_server import Fault, MailServer
from tests.newsletter.send_once import QUICK_CONDITIONS, make_plan, send
from tests.newsletter.site_with_issue import CLOCK, make_site_with_issue
from tests.newsletter.site_with_issue import SITE as NEWSROOM

BOB = Recipient("bob@example.org", "Bob")


def write_site(root: Path, lines: str, port: int = 25) -> None:
    toml = SITE.format(port=port, security="none", user="")
    (root / "site.toml").write_text(toml.replace("[newsletter]\n", f"[newsletter]\n{lines}\n"), encoding="utf-8")


def sender_of(root: Path, lines: str) -> Sender:
    write_site(root, lines)
    return make_sender(load_config(root)[0])


def headers(sender: Sender, slug: str = "june") -> dict[str, str]:
    message = message_from_bytes(
        compose_message(replace(make_letter(), slug=slug), sender, BOB, NOW, b"k"), policy=default
    )
    return {name: str(value).strip() for name, value in message.items()}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("desk@example.org", "desk@example.org"),
        ("The Desk <desk@example.org>", "The Desk <desk@example.org>"),
        ("Büro, Ost <desk@example.org>", '"Büro, Ost" <desk@example.org>'),
        ("desk@größe.example", "desk@xn--gre-6ka8i.example"),
        ("desk@other.example", "desk@other.example"),
    ],
)
def test_replies_go_where_site_toml_says(tmp_path: Path, written: str, shown: str) -> None:
    assert headers(sender_of(tmp_path, f'reply_to = "{written}"'))["Reply-To"] == shown


def test_without_reply_to_there_is_no_such_header(tmp_path: Path) -> None:
    assert "Reply-To" not in headers(sender_of(tmp_path, ""))


@pytest.mark.parametrize(
    "line",
    [
        'reply_to = "desk"',
        'reply_to = "x..y@example.org"',
        'reply_to = "büro@example.org"',
        'bounces = "bounces"',
        'bounces = "The Box <bounces@example.org>"',
        'bounces = "bounces@{hash}.example.org"',
        'bounces = "{hash}{hash}@example.org"',
        'bounces = "b+{token}@example.org"',
        'bounces = "{hash}-and-a-long-name-before-the-at-sign@example.org"',
    ],
)
def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises((ConfigError, MailError), match=line.partition(" ")[0]):
        sender_of(tmp_path, line)


def envelope_senders(root: Path, bounces: str) -> list[str]:
    """Send to three, and return what the server heard after MAIL FROM."""
    heard: list[str] = []

    def listen(step: str, _: int, argument: str) -> Fault:
        if step == "MAIL":
            heard.append(re.findall("<(.*?)>", argument)[0])
        return None

    make_list(root / "list.csv", 3)
    with MailServer(listen) as server:
        write_site(root, f'bounces = "{bounces}"' if bounces else "", server.port)
        assert send(root).summary == "3 sent, 0 failed, 0 uncertain"
        send_test(make_plan(root), BOB, NOW, QUICK_CONDITIONS.timeouts)
    return heard


@pytest.mark.parametrize("bounces", ["", "bounces@example.org"])
def test_failed_deliveries_go_to_one_address(tmp_path: Path, bounces: str) -> None:
    assert envelope_senders(tmp_path, bounces) == [bounces or "office@example.org"] * 4


@pytest.mark.parametrize(
    "bounces", ["bounces+{hash}@example.org", "{hash}@bounces.example.org", "b-{hash}-x@EXAMPLE.org"]
)
def test_failed_deliveries_name_the_recipient_by_the_ledger_s_hash(tmp_path: Path, bounces: str) -> None:
    heard = envelope_senders(tmp_path, bounces)
    with Ledger(next((tmp_path / "ledger").glob("*.sqlite"))) as ledger:
        ids = [ledger.hash_address(f"reader-{number}@example.org").hex() for number in range(3)]
    local, _, domain = bounces.partition("@")
    assert heard == [f"{local}@{domain.lower()}".replace("{hash}", each) for each in (*ids, "test")]


@pytest.mark.parametrize("name", ["Precedence", "Auto-Submitted", "X-Auto-Response-Suppress", "Feedback-ID", "List-Id"])
def test_every_mail_says_that_a_program_sent_it_to_many(tmp_path: Path, name: str) -> None:
    expected = {
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Feedback-ID": "june:newsletter:exampleorg",
        "List-Id": "Letters <news.example.org>",
    }
    assert headers(sender_of(tmp_path, ""))[name] == expected[name]


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("a@b.de", "june"),
        ("a@a-very-long-name-of-a-host.example.org", "june"),
        ("a@example.org", "größe"),
        ("a@example.org", "a:b"),
        ("a@example.org", "x" * 300),
    ],
)
def test_a_feedback_id_is_as_gmail_takes_it(tmp_path: Path, address: str, slug: str) -> None:
    said = headers(replace(sender_of(tmp_path, ""), address=address), slug)["Feedback-ID"]
    assert re.fullmatch(r"[a-z0-9-]{1,60}:newsletter:[a-z0-9]{5,15}", said)


@pytest.mark.parametrize("subject", ["June news", "", "Grüße: alles neu", "[Test] again", "x" * 200])
def test_a_test_says_so_in_its_subject(tmp_path: Path, subject: str) -> None:
    letter = replace(make_letter(), subject=subject)
    make_list(tmp_path / "list.csv", 1)
    with MailServer() as server:
        make_site(tmp_path, server.port)
        send_test(make_plan(tmp_path, letter), BOB, NOW, QUICK_CONDITIONS.timeouts)
        send(tmp_path, letter)
    assert server.message(0)["Subject"] == f"[Test] {subject or letter.title}"
    assert server.message(1)["Subject"] == (subject or letter.title)


@pytest.mark.parametrize(
    "reason",
    [
        "You get this because you work at Exampleton College.",
        "You are a member of <the club> & a friend.",
        "Sie erhalten dies, weil Sie hier arbeiten: Grüße!",
        "{{ mail.sender }} writes to you.",
        "A long reason " + "that goes on and on " * 10 + "ends.",
    ],
)
def test_the_reason_stands_at_the_foot_of_both_parts(tmp_path: Path, reason: str) -> None:
    from lxml.html import document_fromstring

    site = NEWSROOM.replace("[newsletter]\n", f"[newsletter]\nreason = '{reason}'\n")
    make_site_with_issue(tmp_path, {"site.toml": site})
    letter = with_rendered_issue(tmp_path, "june", CLOCK, lambda rendered: rendered.letter)
    page: Any = document_fromstring(letter.html)
    shown = " ".join(str(page.text_content()).split())
    assert reason in shown
    assert reason in " ".join(letter.text.split())
    assert "You get this because you subscribed" not in shown + letter.text
