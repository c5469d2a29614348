"""What DNS knows of the sender's domain, and what to ask the postmaster; a real name server on loopback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dnslib import RCODE, RR, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSServer

from generator.errors import ConfigError
from generator.newsletter.checks.domain_of_site import encode_public_key
from generator.newsletter.checks.name_server import NameServer
from generator.newsletter.checks.sender_domain import SenderDomain, check_sender_domain
from tests.newsletter.commands import make_sending_site, run_command

Zone = dict[str, str]
GOOD = """
example.org. 60 MX 10 mx.example.org.
example.org. 60 TXT "v=spf1 include:spf.mail.example ~all"
example.org. 60 TXT "another-service=1"
spf.mail.example. 60 TXT "v=spf1 ip4:192.0.2.0/24 -all"
news._domainkey.example.org. 60 TXT "v=DKIM1; k=rsa; p=QUJD" "REVG"
_dmarc.example.org. 60 TXT "v=DMARC1; p=quarantine"
"""
ASKED = SenderDomain(
    domain="example.org", envelope="example.org", host="smtp.example.org", selector="news", public_key="QUJDREVG"
)


class _Answers(BaseResolver):  # type: ignore[misc]
    def __init__(self) -> None:
        self.zone = ""

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        reply = request.reply()
        records = RR.fromZone(self.zone)
        if "broken" in str(request.q.qname):
            reply.header.rcode = RCODE.SERVFAIL
        elif not any(record.rname == request.q.qname for record in records):
            reply.header.rcode = RCODE.NXDOMAIN
        for record in records:
            if record.rname == request.q.qname and record.rtype == request.q.qtype:
                reply.add_answer(record)
        return reply


class _Silent:
    def log_prefix(self, *_: object) -> str:
        return ""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


@pytest.fixture(scope="module")
def names() -> Iterator[tuple[_Answers, str]]:
    answers = _Answers()
    server = DNSServer(answers, port=0, address="127.0.0.1", logger=_Silent())
    server.start_thread()
    try:
        yield answers, f"127.0.0.1:{server.server.server_address[1]}"
    finally:
        server.stop()
        server.server.server_close()


def check(names: tuple[_Answers, str], zone: str, asked: SenderDomain = ASKED) -> list[tuple[str, str]]:
    names[0].zone = zone
    found = check_sender_domain(asked, NameServer(names[1]))
    return [(str(problem.level), f"{problem.message} {problem.hint}") for problem in found.problems]


def without(start: str) -> str:
    return "\n".join(line for line in GOOD.splitlines() if not line.startswith(start)) + "\n"


def test_a_domain_that_says_everything_has_no_problem(names: tuple[_Answers, str]) -> None:
    assert check(names, GOOD) == []
    names[0].zone = GOOD
    found = dict(check_sender_domain(ASKED, NameServer(names[1])).lines)
    assert (found["MX"], found["SPF"]) == ("mx.example.org", "v=spf1 include:spf.mail.example ~all")


LONG = "".join(f'l{at}.example. 60 TXT "v=spf1 a mx -all"\n' for at in range(4))
CASES = [
    (without("example.org. 60 MX"), "error", "example.org takes no mail", "publish an MX record for example.org"),
    (without('example.org. 60 TXT "v=spf'), "warning", "no SPF record", 'for example.org: "v=spf1 include:'),
    (GOOD + 'example.org. 60 TXT "v=spf1 -all"\n', "error", "has 2 SPF records", "merge the SPF records"),
    (GOOD.replace("~all", "+all"), "error", "anyone may send for it", "replace +all by ~all"),
    (GOOD.replace("~all", "all"), "error", "anyone may send for it", "replace +all by ~all"),
    (GOOD.replace(" ~all", ""), "note", "has no ~all", "add ~all"),
    (
        GOOD.replace("~all", "include:l0.example include:l1.example include:l2.example include:l3.example ~all") + LONG,
        "error", "needs 13 look-ups", "shorten the SPF record",
    ),
    (without("news."), "error", "no DKIM key at news._domainkey.example.org", '"v=DKIM1; k=rsa; p=QUJDREVG"'),
    (GOOD.replace('p=QUJD" "REVG', "p="), "error", "was withdrawn", "publish this TXT record"),
    (GOOD.replace("REVG", "REVH"), "error", "does not fit the key", "p=QUJDREVG"),
    (without("_dmarc"), "warning", "has no DMARC record", '_dmarc.example.org: "v=DMARC1; p=none;'),
    (GOOD + '_dmarc.example.org. 60 TXT "v=DMARC1; p=none"\n', "error", "has 2 DMARC records", "leave one"),
    (GOOD.replace("p=quarantine", "p=none"), "note", "forged mails are delivered", "consider p=quarantine"),
    (GOOD.replace("p=quarantine", "pct=100"), "error", "no valid policy", "add p=none"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "level", "words", "step"), CASES)
def test_what_is_missing_and_what_to_ask_for(
    names: tuple[_Answers, str], zone: str, level: str, words: str, step: str
) -> None:
    ((found, said),) = check(names, zone)
    assert found == level
    assert words in said
    assert "Ask your postmaster to " in said
    assert step in said


def test_a_subdomain_has_the_policy_of_the_domain_above_it(names: tuple[_Answers, str]) -> None:
    asked = SenderDomain(domain="news.example.org", envelope="bounces.other.example", host="x")
    zone = GOOD + "news.example.org. 60 A 192.0.2.1\nbounces.other.example. 60 A 192.0.2.1\n"
    zone += 'bounces.other.example. 60 TXT "v=spf1 redirect=spf.mail.example"\n'
    said = check(names, zone, asked)
    assert [level for level, _ in said] == ["note", "note"]
    assert "Without a selector" in said[0][1]
    assert "SPF does not count for DMARC" in said[1][1]


def test_a_record_that_includes_itself_ends(names: tuple[_Answers, str]) -> None:
    zone = GOOD.replace("ip4:192.0.2.0/24", "include:example.org include:spf.mail.example")
    assert check(names, zone) == []


def test_our_own_key_is_the_one_that_openssl_writes(tmp_path: Path) -> None:
    key = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(key), "-pubout"], check=True, capture_output=True, text=True
    ).stdout
    assert encode_public_key(key.read_bytes()) == "".join(public.splitlines()[1:-1])


def test_the_command(names: tuple[_Answers, str], tmp_path: Path) -> None:
    names[0].zone = GOOD
    root = make_sending_site(tmp_path / "site", 25)
    words = ["newsletter", "doctor", "--nameserver", names[1]]
    done = run_command(root, *words, "--selector", "news")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Domain:  example.org\nMX:      mx.example.org\nSPF:     v=spf1 " in done.stdout
    names[0].zone = without("_dmarc")
    assert run_command(root, *words, "--selector", "news").exit_code == 0
    assert run_command(root, *words, "--selector", "news", "--strict").exit_code == 1
    facts = json.loads(run_command(root, *words, "--json").stdout)
    assert (facts["domain"], facts["records"]["DMARC"], facts["warnings"], facts["notes"]) == (
        "example.org",
        "none",
        1,
        1,
    )
    toml = root / "site.toml"
    toml.write_text(toml.read_text().replace("counter@example.org", "counter@broken.example"))
    failed = run_command(root, *words)
    assert (failed.exit_code, "The name server does not reply" in failed.stderr) == (3, True)


@pytest.mark.parametrize("address", ["nowhere", "192.0.2.1:x", ":53", "300.1.1.1"])
def test_what_is_no_name_server_is_a_message(address: str) -> None:
    with pytest.raises(ConfigError, match="is not a name server"):
        NameServer(address)
