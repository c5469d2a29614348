"""The connection is protected as site.toml says, and its end is noticed where it can be."""

from __future__ import annotations

import ssl
import sys
import time
import types
from pathlib import Path

import pytest

from generator.errors import MailError
from generator.newsletter.delivery.smtp import DeliveryStatus, ServerUnreachableError, SmtpServer
from generator.newsletter.delivery.smtp_password import find_smtp_password
from tests.newsletter.conftest import make_site
from tests.newsletter.mail_server import DROP, MailServer, once

WORD = "open sesame"
MAIL = b"Subject: x\r\n\r\n.dot\r\n..\r\nFrom me\r\n"


def server(site: Path, port: int, security: str, user: str = "", word: str = "") -> SmtpServer:
    return SmtpServer(make_site(site, port, security, user).newsletter.smtp, word)


def deliver(server: SmtpServer, to: str = "bob@example.org") -> DeliveryStatus:
    server.connect()
    return server.deliver("office@example.org", to, MAIL, lambda: None).status


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("word", ["", WORD])
@pytest.mark.usefixtures("trusted")
def test_a_mail_goes_out_as_it_is_and_the_connection_serves_the_next(
    tmp_path: Path, server_tls: ssl.SSLContext, security: str, word: str
) -> None:
    tls = None if security == "none" else server_tls
    with MailServer(tls=tls, smtps=security == "tls", password=word) as sink:
        client = server(tmp_path, sink.port, security, "office" if word else "", word)
        assert [deliver(client), deliver(client)] == [DeliveryStatus.SENT, DeliveryStatus.SENT]
        client.quit()
    assert sink.mails == [MAIL, MAIL]
    assert sink.reached["connect"] == 1
    assert set(sink.heard) == {"[127.0.0.1]"}, "this computer's name is nobody's business"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, server_tls: ssl.SSLContext, security: str
) -> None:
    with MailServer(tls=server_tls, smtps=security == "tls", password=WORD) as sink:
        client = server(tmp_path, sink.port, security, "office", WORD)
        with pytest.raises(MailError, match="certificate is not valid"):
            client.connect()
    assert sink.reached["AUTH"] == 0
    assert not client.connected


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_host_is_refused(tmp_path: Path, server_tls: ssl.SSLContext) -> None:
    with MailServer(tls=server_tls, smtps=True) as sink:
        config = make_site(tmp_path, sink.port, "tls")
        settings = type(config.newsletter.smtp)("127.0.0.2", sink.port, "tls")
        with pytest.raises((MailError, ServerUnreachableError)):
            SmtpServer(settings, "").connect()


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with MailServer(password=WORD) as sink:
        client = server(tmp_path, sink.port, "starttls", "office", WORD)
        with pytest.raises(MailError, match="STARTTLS") as caught:
            client.connect()
    assert 'security = "tls"' in caught.value.problems[0].hint
    assert sink.reached["AUTH"] == 0


def test_a_server_that_speaks_no_tls_at_this_port_is_said(tmp_path: Path) -> None:
    with MailServer() as sink, pytest.raises(MailError, match="does not use TLS"):
        server(tmp_path, sink.port, "tls").connect()


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_said(tmp_path: Path, server_tls: ssl.SSLContext) -> None:
    with MailServer(tls=server_tls, password=WORD) as sink:
        client = server(tmp_path, sink.port, "starttls", "office", "wrong")
        with pytest.raises(MailError, match="does not accept the user name or the password"):
            client.connect()


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_login_is_said(tmp_path: Path, server_tls: ssl.SSLContext) -> None:
    with MailServer(tls=server_tls, password=WORD) as sink:
        client = server(tmp_path, sink.port, "starttls")
        with pytest.raises(MailError, match="530"):
            deliver(client)


def test_nobody_there_is_not_for_ever(tmp_path: Path) -> None:
    with pytest.raises(ServerUnreachableError, match="refused"):
        server(tmp_path, 9, "none").connect()


def test_an_end_that_was_never_sent_is_no_doubt(tmp_path: Path) -> None:
    with MailServer(once("mid-data", DROP)) as sink:
        client = server(tmp_path, sink.port, "none")
        client.connect()
        answer = client.deliver("office@example.org", "bob@example.org", MAIL, lambda: time.sleep(0.2))
    assert answer.status is DeliveryStatus.LOST
    assert not client.connected


def test_a_claim_that_fails_ends_the_mail_before_its_end(tmp_path: Path) -> None:
    def refuse() -> None:
        raise RuntimeError("no claim")

    with MailServer() as sink:
        client = server(tmp_path, sink.port, "none")
        client.connect()
        with pytest.raises(RuntimeError):
            client.deliver("office@example.org", "bob@example.org", MAIL, refuse)
        assert not client.connected
        assert deliver(client) is DeliveryStatus.SENT
        client.quit()
    assert sum(sink.accepted.values()) == 1


@pytest.mark.parametrize(("utf8", "kind"), [(True, DeliveryStatus.SENT), (False, DeliveryStatus.REFUSED)])
def test_letters_before_the_at_sign_need_a_server_that_takes_them(
    tmp_path: Path, utf8: bool, kind: DeliveryStatus
) -> None:
    with MailServer(utf8=utf8) as sink:
        client = server(tmp_path, sink.port, "none")
        assert deliver(client, "böb@example.org") is kind
        assert deliver(client) is DeliveryStatus.SENT
        client.quit()
    assert ("böb@example.org" in sink.accepted) is utf8


def test_the_password_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_site(tmp_path, 587, "starttls", "office").newsletter.smtp
    monkeypatch.setenv("OPENLETTER_SMTP_PASSWORD", WORD)
    assert find_smtp_password(settings) == WORD
    assert find_smtp_password(make_site(tmp_path, 587, "starttls").newsletter.smtp) == ""


def test_the_password_comes_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = types.ModuleType("keyring")
    keyring.get_password = lambda service, name: f"{service}:{name}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    settings = make_site(tmp_path, 587, "starttls", "office").newsletter.smtp
    assert find_smtp_password(settings) == "openletter:office@localhost"


def test_no_password_and_an_open_wire_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    settings = make_site(tmp_path, 587, "starttls", "office").newsletter.smtp
    with pytest.raises(MailError, match="OPENLETTER_SMTP_PASSWORD"):
        find_smtp_password(settings)
    open_wire = type(settings)("smtp.example.org", 25, "none", "office")
    with pytest.raises(MailError, match="unencrypted"):
        find_smtp_password(open_wire)
