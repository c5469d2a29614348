"""DKIM: what dkimpy itself says of our signatures, and what is said when mails cannot be signed."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import dkim
import pytest
from msgspec.structs import replace

from generator.config import load_config
from generator.errors import ConfigError
from generator.model import Letter
from generator.newsletter.delivery.send import send_test
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner, load_dkim_signer
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import make_sender
from tests.newsletter.conftest import NOW, SITE, make_letter, make_list, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.send_once import QUICK_CONDITIONS, make_plan, send

LINES = '[newsletter.dkim]\ndomain = "{domain}"\nselector = "news"\nkey = "{key}"\n'
BOB = Recipient("bob@example.org", "Bob Müller")


@cache
def make_key(bits: int = 2048) -> str:
    command = ["openssl", "genrsa", str(bits)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def public_key(pem: str) -> bytes:
    command = ["openssl", "rsa", "-pubout"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, input=pem).stdout
    return "".join(line for line in shown.splitlines() if "-----" not in line).encode()


def make_signing_site(root: Path, port: int = 25, domain: str = "example.org", key: str = "keys/dkim.pem") -> Any:
    toml = SITE.format(port=port, security="none", user="") + LINES.format(domain=domain, key=key)
    (root / "site.toml").write_text(toml, encoding="utf-8")
    (root / "keys").mkdir(exist_ok=True)
    (root / "keys/dkim.pem").write_text(make_key())
    return load_config(root)[0]


def verifies(message: bytes) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"news._domainkey.example.org."
        return b"v=DKIM1; k=rsa; p=" + public_key(make_key())

    return bool(dkim.verify(message, dnsfunc=look_up))


def signed(root: Path, letter: Letter | None = None, person: Recipient = BOB) -> bytes:
    config = make_signing_site(root)
    signer = load_dkim_signer(config, root)
    assert signer
    sender = replace(make_sender(config), one_click=True)
    return signer.sign(compose_message(letter or make_letter(), sender, person, NOW, b"k"))


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Good news.", BOB),
        ("Ünïcode 🧨\n.\n..\n trailing \n\n\n", BOB),
        ("日本語の長い一行。" * 100, Recipient("bob@xn--e1afmkfd.example", "日本")),
        ("x" * 5000, Recipient("böb@example.org", "Bób")),
        ("a\r\nb\rc", Recipient("bob@example.org", 'A "quoted", long name ' * 3)),
        ("Good news.", Recipient("bob@example.org", unsubscribe="https://lists.example.org/" + "x" * 850)),
    ],
)
def test_a_signature_is_what_dkimpy_accepts(tmp_path: Path, text: str, person: Recipient) -> None:
    assert verifies(signed(tmp_path, make_letter(f"<p>{text}</p>", text), person))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: June", b"Subject: July"),
        (b"\r\nFrom: ", b"\r\nFrom: evil@example.com\r\nFrom: "),
        (b"\r\nFeedback-ID: june", b"\r\nFeedback-ID: july"),
        (b"List-Unsubscribe: <https://lists", b"List-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"Good news", b"Bad news"),
        (b"MIME-Version: 1.0\r\n", b""),
    ],
)
def test_what_is_changed_on_the_way_breaks_the_signature(tmp_path: Path, before: bytes, after: bytes) -> None:
    message = signed(tmp_path, person=Recipient("bob@example.org", unsubscribe="https://lists.example.org/leave?who=1"))
    assert before in message
    assert not verifies(message.replace(before, after, 1))


def test_every_mail_that_is_sent_is_signed_and_so_is_a_test(tmp_path: Path) -> None:
    make_list(tmp_path / "list.csv", 3)
    with MailServer() as server:
        make_signing_site(tmp_path, server.port)
        assert send(tmp_path).summary == "3 sent, 0 failed, 0 uncertain"
        send_test(make_plan(tmp_path), BOB, NOW, QUICK_CONDITIONS.timeouts)
    assert [verifies(each) for each in server.mails] == [True] * 4
    assert len({each.partition(b"\r\nDate:")[0] for each in server.mails}) == 4


def test_the_library_is_imported_only_where_mails_are_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dkim", None)
    assert load_dkim_signer(make_site(tmp_path), tmp_path) is None
    config = make_signing_site(tmp_path)
    with pytest.raises(ConfigError, match=r"pip install 'openletter\[dkim\]'") as refused:
        load_dkim_signer(config, tmp_path)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("", "is not an RSA private key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", "is not an RSA private key"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "is not an RSA private key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n", "is not an RSA"),
        ("short", "512 bits"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_what_to_do(tmp_path: Path, content: str | None, said: str) -> None:
    config = make_signing_site(tmp_path, key="keys/other.pem")
    if content is not None:
        (tmp_path / "keys/other.pem").write_text(make_key(512) if content == "short" else content)
    with pytest.raises(ConfigError, match=said) as refused:
        load_dkim_signer(config, tmp_path)
    assert "openssl genrsa" in refused.value.problems[0].hint


@pytest.mark.parametrize(
    "folder", ["content/static", "content", "themes/own/static", "keys/../content", "content/posts/a"]
)
def test_a_key_where_it_would_be_published_is_refused(tmp_path: Path, folder: str) -> None:
    config = make_signing_site(tmp_path, key=f"{folder}/dkim.pem")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "dkim.pem").write_text(make_key())
    with pytest.raises(ConfigError, match="published"):
        load_dkim_signer(config, tmp_path)


@pytest.mark.parametrize(
    ("domain", "warned"),
    [
        ("example.org", False),
        ("mail.example.org", False),
        ("org", False),
        ("example.com", True),
        ("xexample.org", True),
        ("ample.org", True),
    ],
)
def test_a_domain_other_than_the_sender_s_is_warned_of(tmp_path: Path, domain: str, warned: bool) -> None:
    make_list(tmp_path / "list.csv", 1)
    make_signing_site(tmp_path, domain=domain)
    assert [problem.code for problem in make_plan(tmp_path).problems] == ["mail-dkim"] * warned


@pytest.mark.parametrize(
    "lines",
    [
        'domain = "example.org"',
        'selector = "news"',
        'key = "a.pem"',
        'domain = "a b"\nselector = "news"\nkey = "a.pem"',
        'domain = "example.org"\nselector = "ne ws"\nkey = "a.pem"',
        'domain = "example.org"\nselector = "news"\nkey = "a.pem"\nbits = 3',
    ],
)
def test_settings_that_are_not_complete_are_told(tmp_path: Path, lines: str) -> None:
    (tmp_path / "site.toml").write_text(
        SITE.format(port=25, security="none", user="") + f"[newsletter.dkim]\n{lines}\n", encoding="utf-8"
    )
    if "bits" in lines:
        assert "bits" in str(load_config(tmp_path)[1])
        return
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def test_a_signer_does_not_show_its_key() -> None:
    assert "secret" not in repr(DkimSigner("example.org", "news", b"secret"))
