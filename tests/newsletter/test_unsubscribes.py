"""Readers leave by a mail that their own link writes; what only looks like it takes nobody off the list."""

from __future__ import annotations

import mailbox
import ssl
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.errors import MailError
from generator.newsletter.subscribers.list_key import make_token
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, read_suppression
from generator.newsletter.subscribers.unsubscribe_request import RequestKind, UnsubscribeRequest, read_request
from generator.newsletter.subscribers.unsubscribes import UnsubscribeReport, unsubscribe_from_mailbox
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.imap_server import PASSWORD, imap_server
from tests.newsletter.mail_server import MailServer
from tests.newsletter.send_once import send

KEY = b"a key of more than twenty characters"
TODAY = date(2026, 7, 1)
LINKS = """unsubscribe = [
  "https://lists.example.org/leave?who={address}&token={token}",
  "mailto:office+{token}@example.org?subject=unsubscribe%20{token}",
]
one_click = true
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENLETTER_LIST_KEY", KEY.decode())
    write_site(tmp_path)
    return tmp_path


def write_site(site: Path, port: int = 25) -> None:
    make_site(site, port)
    toml = site / "site.toml"
    toml.write_text(toml.read_text().replace('unsubscribe = "https://lists.example.org/leave"\n', LINKS))


def mail(sender: str, subject: str, body: str = "", to: str = "office@example.org", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def token(address: str) -> str:
    return make_token(KEY, address)


def kind_of(data: bytes, known: dict[str, str] | None = None) -> tuple[str, str]:
    request = read_request(data, KEY, known or {})
    return request.kind.value, request.address


def test_every_reader_gets_links_of_their_own_and_the_mail_one_brings_them_off_the_list(site: Path) -> None:
    make_list(site / "list.csv", 3)
    with MailServer() as server:
        write_site(site, server.port)
        send(site)
    message = server.message(1)
    to = str(message["To"].addresses[0].addr_spec)
    https, mailto = (link.strip(" <>") for link in str(message["List-Unsubscribe"]).split(","))
    assert https == f"https://lists.example.org/leave?who=reader-1%40example.org&token={token(to)}"
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    body = message.get_body(("plain",))
    assert body is not None
    assert https in body.get_content()
    assert len({str(server.message(at)["List-Unsubscribe"]) for at in range(3)}) == 3

    parts = urlsplit(mailto)
    answer = mail(to, parse_qs(parts.query)["subject"][0], to=unquote(parts.path))
    assert kind_of(answer) == ("valid", to)


def test_a_token_counts_where_a_link_puts_it(site: Path) -> None:
    bob = token("bob@example.org")
    assert kind_of(mail("Bob <BOB@example.org>", f"unsubscribe {bob}")) == ("valid", "BOB@example.org")
    assert kind_of(mail("bob@example.org", f"Re: UNSUBSCRIBE {bob.upper()}"))[0] == "valid"
    assert kind_of(mail("bob@example.org", "", to=f"office+{bob}@example.org"))[0] == "valid"
    assert kind_of(mail("bob@example.org", "", Delivered_To=f"office+{bob}@example.org"))[0] == "valid"
    assert kind_of(mail("bob@example.org", "Hello", f"Please unsubscribe {bob}\n"))[0] == "valid"
    assert kind_of(mail("b@home.example", f"unsubscribe bob@example.org {bob}")) == ("valid", "bob@example.org")
    assert kind_of(mail("b@home.example", f"unsubscribe {bob}"), {bob: "bob@example.org"}) == (
        "valid",
        "bob@example.org",
    )
    assert kind_of(mail("bob@example.org", f"=?utf-8?q?unsubscribe_{bob}?="))[0] == "valid"


def test_nobody_leaves_by_somebody_else_s_mail(site: Path) -> None:
    bob, al = token("bob@example.org"), token("al@example.org")
    assert kind_of(mail("al@example.org", f"unsubscribe {bob}")) == ("bad-token", "al@example.org")
    assert kind_of(mail("al@example.org", f"unsubscribe {'a' * 32}"))[0] == "bad-token"
    assert kind_of(mail("bob@example.org", "unsubscribe")) == ("no-token", "bob@example.org")
    assert kind_of(mail("bob@example.org", "Bitte abmelden"))[0] == "no-token"
    both = read_request(mail("al@example.org", f"{bob} {al}"), KEY, {})
    assert both == UnsubscribeRequest(RequestKind.VALID, "al@example.org")


def test_an_answer_that_quotes_the_issue_asks_for_nothing(site: Path) -> None:
    bob = token("bob@example.org")
    footer = f"Unsubscribe: https://lists.example.org/leave?token={bob}\n<mailto:office+{bob}@example.org>"
    quoted = "".join(f"> {line}\n" for line in (*footer.splitlines(), f"unsubscribe {bob}"))
    assert kind_of(mail("bob@example.org", "Re: June news", f"Well done!\n\n{quoted}"))[0] == "other"
    assert kind_of(mail("bob@example.org", "Re: June news", f"Thanks\n-----\n{footer}"))[0] == "other"
    away = mail("bob@example.org", "I am away: unsubscribe me not", footer, Auto_Submitted="auto-replied")
    assert kind_of(away)[0] == "other"


def mails() -> list[bytes]:
    return [
        mail("bob@example.org", f"unsubscribe {token('bob@example.org')}"),
        mail("BOB@example.org", f"unsubscribe {token('bob@example.org')}"),
        mail("al@example.org", "Lunch?", "At one."),
        mail("cy@example.org", "unsubscribe"),
        mail("di@example.org", f"unsubscribe {token('eve@example.org')}"),
        b"From: \xff\xfe broken\nSubject: =?nonsense?q?x?=\nContent-Type: text/plain; charset=klingon\n\n\xff\xff",
    ]


def write_mbox(folder: Path) -> str:
    box = mailbox.mbox(folder / "leaving.mbox")
    for data in mails():
        box.add(data)
    box.close()
    return str(folder / "leaving.mbox")


def write_maildir(folder: Path) -> str:
    box = mailbox.Maildir(folder / "leaving")
    for data in mails():
        box.add(data)
    return str(folder / "leaving")


def check_result(site: Path, done: UnsubscribeReport) -> None:
    assert (done.mails, [each.lower() for each in done.new]) == (6, ["bob@example.org"])
    assert len(done.problems) == 2
    assert {each.code for each in done.problems} == {"mail-unsubscribe-request"}
    suppressed = read_suppression(site, load_config(site)[0])
    assert suppressed.holds("Bob@Example.org")
    assert not any(suppressed.holds(f"{name}@example.org") for name in ("al", "cy", "di", "eve"))


@pytest.mark.parametrize("write", [write_mbox, write_maildir])
def test_a_mailbox_is_read_and_stays_as_it_is(site: Path, write: Callable[[Path], str]) -> None:
    place = write(site)
    files = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    check_result(site, unsubscribe_from_mailbox(site, place, TODAY))
    again = unsubscribe_from_mailbox(site, place, date(2027, 1, 1))
    assert (again.new, [each.lower() for each in again.known]) == ((), ["bob@example.org"])
    assert {file: file.read_bytes() for file in files} == files
    assert "2027" not in (site / SUPPRESSION_FILE).read_text()


def test_who_asks_without_a_token_is_believed_when_a_person_says_so(site: Path) -> None:
    done = unsubscribe_from_mailbox(site, write_mbox(site), TODAY, trust_senders=True)
    assert set(map(str.lower, done.new)) == {"bob@example.org", "cy@example.org"}
    assert len(done.problems) == 1


def test_a_list_says_whose_a_token_is(site: Path) -> None:
    (site / "list.csv").write_text("email\neve@example.org\n")
    done = unsubscribe_from_mailbox(site, write_mbox(site), TODAY, lists=[site / "list.csv"])
    assert "eve@example.org" in done.new


@pytest.mark.slow
@pytest.mark.outside
def test_a_folder_of_an_imap_server_is_read(
    site: Path, server_tls: ssl.SSLContext, trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [data.replace(b"\xff", b"?") for data in mails()]
    with imap_server(good, server_tls) as port:
        url = f"imaps://office%40example.org@localhost:{port}/Leaving"
        with pytest.raises(MailError, match=r"no password.*keyring set openletter"):
            unsubscribe_from_mailbox(site, url, TODAY)
        monkeypatch.setenv("OPENLETTER_IMAP_PASSWORD", "wrong")
        with pytest.raises(MailError, match="mail-mailbox"):
            unsubscribe_from_mailbox(site, url, TODAY)
        monkeypatch.setenv("OPENLETTER_IMAP_PASSWORD", PASSWORD)
        with pytest.raises(MailError, match="Nowhere"):
            unsubscribe_from_mailbox(site, url.replace("Leaving", "Nowhere"), TODAY)
        check_result(site, unsubscribe_from_mailbox(site, url, TODAY))
        assert unsubscribe_from_mailbox(site, url, TODAY).new == ()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nowhere.mbox", "cannot be read"),
        ("list.csv", "not an mbox"),
        (".", "not a Maildir"),
        ("imap://x@localhost/INBOX", "not a mailbox address"),
        ("imaps://localhost/INBOX", "not a mailbox address"),
        ("imaps://x:secret@localhost/INBOX", "not a mailbox address"),
    ],
)
def test_what_is_no_mailbox_is_said(site: Path, source: str, words: str) -> None:
    make_list(site / "list.csv", 1)
    with pytest.raises(MailError, match=words) as caught:
        unsubscribe_from_mailbox(site, source if "://" in source else str(site / source), TODAY)
    assert "secret" not in str(caught.value)


def test_an_empty_mailbox_holds_nothing(site: Path) -> None:
    (site / "empty").write_bytes(b"")
    assert unsubscribe_from_mailbox(site, str(site / "empty"), TODAY) == UnsubscribeReport(0)
    assert not (site / SUPPRESSION_FILE).exists()


def test_without_a_key_nothing_is_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENLETTER_LIST_KEY")
    with pytest.raises(MailError, match="There is no list key"):
        unsubscribe_from_mailbox(site, write_mbox(site), TODAY)


def test_links_with_a_token_need_the_key(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENLETTER_LIST_KEY")
    make_list(site / "list.csv", 2)
    with pytest.raises(MailError, match=r"There is no list key.*\{token\}"):
        send(site)


def test_a_list_server_s_address_is_never_what_a_reader_unsubscribes(site: Path) -> None:
    with MailServer() as server:
        write_site(site, server.port)
        send(site, to="staff@lists.example.org")
    message = server.message()
    assert str(message["List-Unsubscribe"]).strip() == "<mailto:office@example.org?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in message
    assert token("staff@lists.example.org") not in str(message)


@given(data=st.binary(max_size=500) | st.text(alphabet="From: @unsubscribe\n=?x.", max_size=300).map(str.encode))
def test_no_mail_breaks_the_reader(data: bytes) -> None:
    assert read_request(data, KEY, {}).kind is not RequestKind.VALID
