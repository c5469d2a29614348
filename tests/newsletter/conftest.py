"""What the newsletter tests share: a site that sends, a letter, lists, certificates."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.config import Config, load_config
from generator.model import UNSUBSCRIBE, Letter
from tests.conftest import missing

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
SITE = """
title = "Letters"
url = "https://letters.example.org/"
[newsletter]
from = "The Office <office@example.org>"
list_id = "news.example.org"
unsubscribe = "https://lists.example.org/leave"
[newsletter.smtp]
host = "localhost"
port = {port}
security = "{security}"
user = "{user}"
"""
Write = Callable[..., Path]


def make_letter(html: str = "", text: str = "") -> Letter:
    page = html or "<p>Good news: the lift is mended. Ünïcode, too.</p>"
    return Letter(
        slug="june",
        id="issue-june",
        title="June news",
        subject="June news: the lift is mended",
        preheader="And the stairs.",
        date=NOW,
        url="http://127.0.0.1:9/newsletter/june/",  # nobody listens there: it is known at once that nobody answers
        html=f'<html lang="en"><body>{page}<p><a href="{UNSUBSCRIBE}">Unsubscribe</a></p></body></html>',
        text=f"{text or 'Good news: the lift is mended.'}\n\nUnsubscribe: {UNSUBSCRIBE}\n",
        pictures=(),
    )


@pytest.fixture
def letter() -> Letter:
    return make_letter()


def make_site(root: Path, port: int = 25, security: str = "none", user: str = "") -> Config:
    root.mkdir(exist_ok=True)
    (root / "site.toml").write_text(SITE.format(port=port, security=security, user=user), encoding="utf-8")
    return load_config(root)[0]


def make_list(file: Path, count: int) -> Path:
    lines = [f"reader-{number}@example.org,Reader {number}\n" for number in range(count)]
    file.write_text("address,name\n" + "".join(lines), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be no CI, and know no password, unless a test says so."""
    monkeypatch.delenv("CI", raising=False)
    for name in ("OPENLETTER_SMTP_PASSWORD", "OPENLETTER_LIST_KEY", "OPENLETTER_IMAP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate for localhost with its key, in one PEM file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("there is no openssl on the PATH")
    folder = tmp_path_factory.mktemp("certificate")
    command = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    paths = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command.split(), *names, *paths], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "certificate.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificate, as an administrator would."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
