"""Whoever has left is never mailed, and the file that says so names nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generator.config import load_config
from generator.errors import MailError
from generator.newsletter.subscribers.audience import Selection, gather_recipients
from generator.newsletter.subscribers.list_key import hash_suppressed, is_token_of, make_token
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, add_suppressed, read_suppression
from tests.newsletter.conftest import make_list, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.send_once import send

KEY = "a key of more than twenty characters"
TODAY = date(2026, 7, 1)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENLETTER_LIST_KEY", KEY)
    make_site(tmp_path)
    make_list(tmp_path / "list.csv", 4)
    return tmp_path


def suppress(site: Path, *addresses: str) -> tuple[list[str], list[str]]:
    return add_suppressed(site, load_config(site)[0], addresses, "unsubscribed", TODAY)


def test_a_token_is_the_address_s_own_and_survives_a_change_of_case() -> None:
    token = make_token(KEY.encode(), "Bob@Example.org")
    assert token == make_token(KEY.encode(), "bob@example.ORG") == token.lower()
    assert (len(token), token.isalnum()) == (32, True)
    assert is_token_of(KEY.encode(), token.upper(), "bob@example.org")
    assert not is_token_of(KEY.encode(), token, "al@example.org")
    assert not is_token_of(b"another key of that length", token, "bob@example.org")


def test_whoever_is_suppressed_is_never_mailed(site: Path) -> None:
    suppress(site, "READER-1@example.org")
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site).summary == "3 sent, 0 failed, 0 uncertain"
    assert "reader-1@example.org" not in server.accepted


def test_whoever_leaves_between_two_runs_gets_nothing_more(site: Path) -> None:
    with MailServer(lambda step, _, to: "451 later" if step == "RCPT" and "reader-2@" in to else None) as server:
        make_site(site, server.port)
        send(site)
        server.script = lambda *_: None
        suppress(site, "reader-2@example.org")
        report = send(site, retry_failed=True, resend_uncertain=True)
    assert (report.counts.sent, report.counts.total) == (3, 4)
    assert "reader-2@example.org" not in server.accepted


def test_the_file_names_nobody_and_holds_no_token(site: Path) -> None:
    assert suppress(site, "bob@example.org", "al@example.org") == (["bob@example.org", "al@example.org"], [])
    text = (site / SUPPRESSION_FILE).read_text()
    assert "bob" not in text
    assert make_token(KEY.encode(), "bob@example.org") not in text
    head, check, *lines = text.splitlines()
    assert (head, check.split(",")[1:]) == ("address_hmac,reason,date", ["key", ""])
    assert lines == sorted(
        f"{hash_suppressed(KEY.encode(), who)},unsubscribed,2026-07-01" for who in ("bob@example.org", "al@example.org")
    )


def test_adding_somebody_twice_changes_nothing(site: Path) -> None:
    suppress(site, "bob@example.org")
    before = (site / SUPPRESSION_FILE).read_bytes()
    assert suppress(site, "Bob@example.org") == ([], ["Bob@example.org"])
    assert (site / SUPPRESSION_FILE).read_bytes() == before


def test_without_its_key_nothing_is_sent(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suppress(site, "reader-1@example.org")
    for key, words in (
        ("", "no list key"),
        ("another key of the same length", "another list key"),
        ("short", "guessed"),
    ):
        monkeypatch.setenv("OPENLETTER_LIST_KEY", key)
        with MailServer() as server:
            make_site(site, server.port)
            with pytest.raises(MailError, match=f"{words}.*mail-list-key"):
                send(site)
        assert server.reached["connect"] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("address_hmac", "hash"),
        lambda text: text.replace(",unsubscribed", ""),
        lambda text: text.replace("\n", "\n<<<<<<< HEAD\n", 1),
        lambda text: text[:100],
        lambda text: "",
        lambda text: text.replace(text.splitlines()[1] + "\n", ""),
    ],
)
def test_a_file_that_is_damaged_stops_the_sending(site: Path, change: object) -> None:
    suppress(site, "reader-1@example.org")
    file = site / SUPPRESSION_FILE
    file.write_text(change(file.read_text()))  # type: ignore[operator]
    with pytest.raises(MailError, match=r"mail-suppressed|mail-list-key"):
        read_suppression(site, load_config(site)[0])


def test_several_lists_are_one_and_leaving_one_is_leaving_all(site: Path) -> None:
    (site / "a.csv").write_text("email,status\nann@example.org,\nbob@example.org,unsubscribed\n")
    (site / "b.csv").write_text("email\nBOB@example.org\nANN@example.org\ncy@example.org\nreader-9@example.org\n")
    suppress(site, "cy@example.org")
    to = [str(site / "a.csv"), str(site / "b.csv"), "dan@example.org"]
    found, shared = gather_recipients(site, load_config(site)[0], Selection(to=tuple(to)))
    assert [each.address for each in found.people] == ["ann@example.org", "reader-9@example.org", "dan@example.org"]
    assert (found.duplicates, found.suppressed, len(found.left), shared) == (1, 1, 1, False)


def test_a_list_that_everybody_left_is_said(site: Path) -> None:
    (site / "a.csv").write_text("email,status\nann@example.org,unsubscribed\n")
    with pytest.raises(MailError, match="everyone on the list has left"):
        gather_recipients(site, load_config(site)[0], Selection(to=(str(site / "a.csv"),)))


def test_both_lists_get_the_issue(site: Path) -> None:
    (site / "b.csv").write_text("email\nreader-3@example.org\nann@example.org\n")
    with MailServer() as server:
        make_site(site, server.port)
        assert send(site, to=(str(site / "list.csv"), str(site / "b.csv"))).summary == "5 sent, 0 failed, 0 uncertain"
    assert set(server.accepted.values()) == {1}
