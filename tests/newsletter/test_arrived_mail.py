"""A mail as it arrived: what its server says of it, and what became of it on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.model import Letter
from generator.newsletter.checks.arrived_mail import ArrivedMail, check_arrived_mail
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.message.sample import compose_sample
from tests.newsletter.commands import run_command
from tests.newsletter.site_with_issue import CLOCK, make_site_with_issue

RESULT = "spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass"
GOOD = f"Authentication-Results: mx.example.com; {RESULT}\r\n".encode()
HEADERS = "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:List-Unsubscribe:Reply-To:From"
SIGNATURE = f"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=news; h={HEADERS}; bh=x; b=y\r\n".encode()


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Letter, bytes]:
    root = make_site_with_issue(tmp_path_factory.mktemp("site"))
    letter, _ = load_letter(root, "june", CLOCK)
    return root, letter, compose_sample(letter, load_config(root)[0])


def codes(found: ArrivedMail) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.level)) for problem in found.problems]


def test_a_mail_that_arrived_as_it_was_sent_has_no_problem(sent: tuple[Path, Letter, bytes]) -> None:
    _, letter, mail = sent
    found = check_arrived_mail(GOOD + SIGNATURE + mail, letter, "a.eml")
    assert found.problems == ()
    assert found.results == {"spf": ("pass", "example.org"), "dkim": ("pass", "example.org"), "dmarc": ("pass", "")}
    assert len(letter.html) < found.html_size < found.size


RESULTS = [
    ("spf=pass; dkim=pass; dmarc=pass", []),
    ("spf=fail; dkim=pass; dmarc=pass", [("mail-auth", "error")]),
    ("spf=softfail; dkim=pass; dmarc=pass", [("mail-auth", "warning")]),
    ("spf=pass; dkim=none; dmarc=fail (p=reject dis=none)", [("mail-auth", "warning"), ("mail-auth", "error")]),
    ("spf=pass (a; dkim=fail in a comment); dkim=pass; dmarc=pass", []),
    ("dkim=fail header.d=relay.example; dkim=pass header.d=example.org; spf=pass; dmarc=pass", []),
    ("spf=pass; dkim=permerror; dmarc=none", [("mail-auth", "error"), ("mail-auth", "warning")]),
    ("SPF=Pass; DKIM=Pass; DMARC=Pass", []),
    ("none", [("mail-auth", "warning")]),
]


@pytest.mark.parametrize(("said", "expected"), RESULTS)
def test_what_the_receiving_server_says(
    sent: tuple[Path, Letter, bytes], said: str, expected: list[tuple[str, str]]
) -> None:
    head = f"Authentication-Results: mx.example.com;\r\n {said}\r\n".encode()
    assert codes(check_arrived_mail(head + SIGNATURE + sent[2], None, "a.eml")) == expected


def test_a_result_further_down_may_be_forged(sent: tuple[Path, Letter, bytes]) -> None:
    head = b"Authentication-Results: mx.example.com; spf=fail; dkim=fail; dmarc=fail\r\n" + GOOD
    assert [code for code, _ in codes(check_arrived_mail(head + SIGNATURE + sent[2], None, "a.eml"))] == [
        "mail-auth"
    ] * 3


@pytest.mark.parametrize(
    ("signature", "level", "words"),
    [
        (b"", "warning", "no DKIM signature"),
        (SIGNATURE.replace(b":List-Unsubscribe", b""), "warning", "does not cover List-Unsubscribe"),
        (SIGNATURE.replace(b"From:", b"").replace(b":From", b""), "warning", "does not cover From"),
        (SIGNATURE.replace(b":Message-ID", b""), "note", "does not cover Message-ID"),
        (SIGNATURE.replace(b"bh=x", b"l=400; bh=x"), "warning", "only the beginning"),
    ],
)
def test_what_the_signature_covers(sent: tuple[Path, Letter, bytes], signature: bytes, level: str, words: str) -> None:
    (problem,) = check_arrived_mail(GOOD + signature + sent[2], None, "a.eml").problems
    assert (problem.code, str(problem.level)) == ("mail-signed", level)
    assert words in problem.message


def change(mail: bytes, pattern: str, words: str) -> bytes:
    changed = re.sub(pattern.encode(), words.encode(), mail, flags=re.M)
    assert changed != mail, pattern
    return changed


CHANGES = [
    (r"^Subject: ", "Subject: [EXTERNAL] ", "The subject was changed"),
    (r"^List-Id: .*\r\n", "", "Headers were removed: List-Id"),
    (r"^It moves\.", "CAUTION: this mail comes from outside.\r\nIt moves.", 'Lines were added to the text: "CAUTION'),
    (r"^It moves\.\r\n", "", 'Lines are missing from the text: "It moves."'),
    (
        r'href=3D"https://letters',
        r'href=3D"https://safe.example/?url=3Dhttps%3A%2F%2Fletters',
        "now lead through safe.example",
    ),
]


@pytest.mark.parametrize(("pattern", "words", "said"), CHANGES)
def test_what_was_changed_on_the_way(sent: tuple[Path, Letter, bytes], pattern: str, words: str, said: str) -> None:
    _, letter, mail = sent
    found = check_arrived_mail(GOOD + SIGNATURE + change(mail, pattern, words), letter, "a.eml")
    assert {code for code, _ in codes(found)} == {"mail-altered"}
    assert said in " ".join(problem.message for problem in found.problems)


def test_a_letter_that_grew_is_cut_off(sent: tuple[Path, Letter, bytes]) -> None:
    mail = b"Content-Type: text/html\r\n\r\n<p>" + b"x" * 102_000
    assert ("mail-size", "error") in codes(check_arrived_mail(GOOD + SIGNATURE + mail, None, "a.eml"))


@given(st.binary(max_size=600))
def test_no_mail_breaks_it(sent: tuple[Path, Letter, bytes], noise: bytes) -> None:
    for data in (noise, GOOD + noise, SIGNATURE + noise + b"\r\n\r\n" + noise):
        assert check_arrived_mail(data, sent[1], "a.eml").size == len(data)


def test_the_command(sent: tuple[Path, Letter, bytes], tmp_path: Path) -> None:
    file = tmp_path / "june.eml"
    file.write_bytes(GOOD + SIGNATURE + sent[2])
    done = run_command(sent[0], "newsletter", "verify", str(file), "--issue", "june")
    assert done.exit_code == 0, done.output
    assert (
        "SPF:     pass (example.org)\nDKIM:    pass (example.org)\nDMARC:   pass\nSigned:  9 headers\n" in done.stdout
    )
    file.write_bytes(sent[2])
    assert run_command(sent[0], "newsletter", "verify", str(file)).exit_code == 0
    assert run_command(sent[0], "newsletter", "verify", str(file), "--strict").exit_code == 1
    facts = json.loads(run_command(sent[0], "newsletter", "verify", str(file), "--json").stdout)
    assert (facts["results"], facts["signed"], facts["warnings"]) == ({}, [], 2)
    missing = run_command(sent[0], "newsletter", "verify", str(tmp_path / "no.eml"))
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (3, True)
