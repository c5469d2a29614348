"""One issue in two languages: each reader gets theirs, and nobody gets both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.newsletter.delivery.ledger_values import FrozenIssue, LetterVersion
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.conftest import NOW, make_letter, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import issue

ID = "7f3f0a3e-6a9f-4d39-8a53-6a5a4f0c1d11"
WELSH_ID = "5b0e3c6a-9b1c-4a44-9c55-2f60a2b7d922"
WELSH = "content/newsletters/2026-06-01-mehefin.md"
LIST = """address,name,lang
ann@example.org,Ann,en
bob@example.org,Bob,cy
cy@example.org,Cy,
di@example.org,Di,cy-GB
ed@example.org,Ed,pl
fay@example.org,Fay,CY
"""
LANGUAGE = """
[languages.cy]
title = "Llythyrau"
[languages.cy.newsletter]
from = "Y Cownter <cownter@example.org>"
"""
FILES: dict[str, str | bytes] = {
    "content/newsletters/2026-06-01-june.md": issue("Good morning.", id=ID),
    WELSH: issue(
        "Bore da.", posts=None, subject="Newyddion Mehefin: y lifft", id=WELSH_ID, lang="cy", translation_of=ID
    ),
    "lists/readers.csv": LIST,
}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, server: MailServer) -> Path:
    root = make_sending_site(tmp_path / "site", server.port, "", FILES)
    toml = root / "site.toml"
    toml.write_text(toml.read_text() + LANGUAGE)
    return root


def send(site: Path, name: str, count: int, *options: str) -> tuple[int, str]:
    words = ["newsletter", "send", name, "--to", "readers", *options]
    done = run_command(site, *words, *([] if "--test" in options else ["--yes-send", str(count)]))
    return done.exit_code, done.output


def read_mails(server: MailServer) -> dict[str, tuple[str, str, str]]:
    found = {}
    for at in range(len(server.mails)):
        message = server.message(at)
        body = message.get_body(("plain",))
        assert body is not None
        words = "Bore da." if "Bore da." in body.get_content() else "Good morning."
        sender = message["From"].addresses[0].username
        found[message["To"].addresses[0].username] = (str(message["Subject"]).split()[0], sender, words)
    return found


def test_each_reader_gets_the_letter_in_their_language_once(site: Path, server: MailServer) -> None:
    code, said = send(site, "june", 6)
    assert code == 0, said
    english, welsh = ("June", "counter", "Good morning."), ("Newyddion", "cownter", "Bore da.")
    assert read_mails(server) == {
        "ann": english, "bob": welsh, "cy": english, "di": welsh, "ed": english, "fay": welsh,
    }  # fmt: skip
    assert '1 recipient of the language "pl" get the issue in "en".' in said
    assert set(server.accepted.values()) == {1}
    assert send(site, "june", 6)[0] == 0
    code, said = send(site, "mehefin", 6)
    assert (code, server.accepted.total()) == (3, 6), "the translation alone is the same issue"
    assert "may already have this letter" in said


def test_a_translation_that_was_sent_alone_stops_the_issue(site: Path, server: MailServer) -> None:
    assert send(site, "mehefin", 6)[0] == 0
    code, said = send(site, "june", 6)
    assert (code, server.accepted.total()) == (3, 6), said
    assert "may already have this letter" in said


def test_a_translation_that_changes_between_two_runs_is_noticed(site: Path, server: MailServer) -> None:
    server.script = lambda step, _, to: "451 later" if step == "RCPT" and "fay@" in to else None
    send(site, "june", 6)
    (site / WELSH).write_text((site / WELSH).read_text().replace("Bore da.", "Nos da."))
    code, said = send(site, "june", 6)
    assert code == 3
    assert "Changed: translations" in said
    server.script = lambda *_: None
    assert send(site, "june", 6, "--as-first-sent")[0] == 0
    assert read_mails(server)["fay"][2] == "Bore da."


def test_a_test_sends_both_and_a_draft_translation_none(site: Path, server: MailServer) -> None:
    code, said = send(site, "june", 0, "--test", "me@example.org")
    assert code == 0
    assert "is a draft" not in said
    subjects = sorted(str(server.message(at)["Subject"]) for at in range(2))
    assert subjects == ["[Test] June news: the lift is mended", "[Test] Newyddion Mehefin: y lifft"]
    text = (site / WELSH).read_text()
    (site / WELSH).write_text(text.replace("lang:", "draft: true\nlang:"))
    server.mails.clear()
    code, said = send(site, "june", 6)
    assert code == 0
    warned = " ".join(said.split())
    assert f"{WELSH}:" in warned
    assert 'The translation in "cy" is a draft, so its readers get the issue in "en".' in warned
    assert "mail-language" in run_command(site, "newsletter", "check", "june", "--json").output
    assert {words for _, _, words in read_mails(server).values()} == {"Good morning."}


def test_an_approval_covers_the_translation(site: Path, server: MailServer) -> None:
    toml = site / "site.toml"
    toml.write_text(toml.read_text().replace("[newsletter]\n", "[newsletter]\napprovals = 1\n", 1))
    asked = run_command(site, "newsletter", "ask-approval", "june", "--of", "dean@example.org", "--to", "readers")
    digest = asked.stdout.strip().rpartition(" ")[2]
    words = ["newsletter", "approve", "june", "--digest", digest, "--by", "dean@example.org", "--to", "readers"]
    assert run_command(site, *words).exit_code == 0
    text = (site / WELSH).read_text()
    (site / WELSH).write_text(text.replace("Bore da.", "Nos da."))
    code, said = send(site, "june", 6)
    assert code == 3
    assert "  translations:\n  - cy\n  + cy (changed)\n" in said
    (site / WELSH).write_text(text)
    assert send(site, "june", 6)[0] == 0


@pytest.mark.parametrize(
    ("language", "got"),
    [
        ("", "en"), ("en", "en"), ("cy", "cy"), ("CY", "cy"), ("cy-GB", "cy"), ("cy_GB", "cy"), ("pl", "en"),
        ("en-US", "en"), ("pt-BR", "pt-BR"), ("pt", "pt-BR"), ("c", "en"),
    ],
)  # fmt: skip
def test_which_version_a_reader_gets(tmp_path: Path, language: str, got: str) -> None:
    from msgspec.structs import replace

    from generator.newsletter.message.sender import make_sender

    sender = make_sender(make_site(tmp_path))
    main = replace(make_letter(), language="en")
    versions = tuple(LetterVersion(replace(main, language=tag), sender, tag) for tag in ("cy", "pt-BR"))
    assert FrozenIssue(main, sender, NOW, versions).choose_version(language)[0].language == got
    assert FrozenIssue(main, sender, NOW).digest != FrozenIssue(main, sender, NOW, versions).digest
