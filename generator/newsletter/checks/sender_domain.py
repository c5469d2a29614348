"""Check in DNS whether other servers can trust mails from a domain, and say what to ask its postmaster.

Source: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 5321 section 5.1 (MX).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from generator.errors import Problem, error, note, warning

_MAX_LOOKUPS = 10  # Source: RFC 7208, section 4.6.4
_LOOKUP = re.compile(r"^[+?~-]?(?:(include|exists):(\S+)|(a|mx|ptr)(?:[:/].*)?|redirect=(\S+))$", re.I)
_ALL = re.compile(r"(?:^|\s)([+?~-]?)all(?:\s|$)", re.I)


class Resolver(Protocol):
    """Answers what DNS knows of a name."""

    def texts(self, name: str) -> list[str]:
        """Return the TXT records."""

    def mail_servers(self, name: str) -> list[str]:
        """Return the hosts that take mail."""

    def has_address(self, name: str) -> bool:
        """Return True if the name has an IP address."""


class SenderDomain(Struct, frozen=True, kw_only=True):
    """What to check: the domain in From, the one of the envelope, and the mail server.

    `selector` and `public_key` (base64) are those of our own signature, "" if the mail service signs.
    """

    domain: str
    envelope: str
    host: str
    selector: str = ""
    signing: str = ""
    public_key: str = ""


class DomainCheck(Struct, frozen=True):
    """The result: a line for each subject, such as `SPF: v=spf1 …`, and the problems."""

    lines: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def check_sender_domain(asked: SenderDomain, resolver: Resolver) -> DomainCheck:
    """Ask DNS for everything that makes a mail from this domain trusted.

    Raises: MailError if the name server does not reply.
    """
    lines: list[tuple[str, str]] = []
    problems: list[Problem] = []
    checks = (_check_mx, _check_spf, _check_dkim, _check_dmarc)
    for name, check in zip(("MX", "SPF", "DKIM", "DMARC"), checks, strict=True):
        found, wrong = check(asked, resolver)
        lines.append((name, found))
        problems += wrong
    return DomainCheck(tuple(lines), tuple(problems))


def _check_mx(asked: SenderDomain, resolver: Resolver) -> tuple[str, list[Problem]]:
    problems = []
    for domain in dict.fromkeys((asked.domain, asked.envelope)):
        if not resolver.mail_servers(domain) and not resolver.has_address(domain):
            words = f"{domain} takes no mail, so replies and reports of failed deliveries are lost."
            problems.append(_problem(error, words, f"publish an MX record for {domain}, or use another domain"))
    return ", ".join(resolver.mail_servers(asked.domain)) or "none", problems


def _check_spf(asked: SenderDomain, resolver: Resolver) -> tuple[str, list[Problem]]:
    """Check the record of the envelope's domain, which is the one that servers look at."""
    domain = asked.envelope
    records = _records(resolver, domain, "v=spf1")
    if not records:
        words = f"{domain} has no SPF record, so it does not say which servers may send for it."
        record = "v=spf1 include:THE-DOMAIN-THAT-YOUR-MAIL-SERVICE-NAMES ~all"
        return "none", [_problem(warning, words, f'publish this TXT record for {domain}: "{record}", for {asked.host}')]
    if len(records) > 1:
        words = f"{domain} has {len(records)} SPF records, so servers ignore all of them."
        return " | ".join(records), [_problem(error, words, f"merge the SPF records of {domain} into one")]
    return records[0], list(_judge_spf(domain, records[0], resolver))


def _judge_spf(domain: str, record: str, resolver: Resolver) -> Iterator[Problem]:
    match = _ALL.search(record)
    if match and match[1] in ("", "+"):
        words = f"The SPF record of {domain} ends with +all, so anyone may send for it."
        yield _problem(error, words, f"replace +all by ~all in the SPF record of {domain}")
    elif match is None and "redirect=" not in record:
        words = f"The SPF record of {domain} has no ~all, so it forbids no server."
        yield _problem(note, words, f"add ~all to the SPF record of {domain}")
    lookups = _count_lookups(record, resolver, {domain})
    if lookups > _MAX_LOOKUPS:
        words = f"The SPF record of {domain} needs {lookups} look-ups in DNS; servers stop at {_MAX_LOOKUPS}."
        yield _problem(error, words, f"shorten the SPF record of {domain}: remove services that no longer send")


def _count_lookups(record: str, resolver: Resolver, seen: set[str]) -> int:
    """Count the look-ups of a record and of those it includes; each domain's record is read once."""
    count = 0
    for term in record.split()[1:]:
        match = _LOOKUP.match(term)
        if match is None:
            continue
        count += 1
        other = (match[2] if (match[1] or "").lower() == "include" else match[4]) or ""
        if other and other not in seen and len(seen) < 3 * _MAX_LOOKUPS:
            seen.add(other)
            count += sum(_count_lookups(each, resolver, seen) for each in _records(resolver, other, "v=spf1")[:1])
    return count


def _check_dkim(asked: SenderDomain, resolver: Resolver) -> tuple[str, list[Problem]]:
    if not asked.selector:
        words = "Without a selector, the key in DNS cannot be checked."
        step = "tell you the DKIM selector with which your mail service signs, and add it: --selector NAME"
        return "not checked", [_problem(note, words, step)]
    name = f"{asked.selector}._domainkey.{asked.signing or asked.domain}"
    records = [each for each in resolver.texts(name) if "p=" in each]
    key = f"p={asked.public_key}" if asked.public_key else "p=THE-PUBLIC-KEY"
    publish = f'publish this TXT record for {name}: "v=DKIM1; k=rsa; {key}"'
    if not records:
        return "none", [_problem(error, f"There is no DKIM key at {name}, so no signature is valid.", publish)]
    published = _tag(records[0], "p")
    if not published:
        return records[0], [_problem(error, f"The DKIM key at {name} was withdrawn (its p= is empty).", publish)]
    if asked.public_key and published != asked.public_key:
        words = f"The DKIM key at {name} does not fit the key with which Openletter signs."
        return records[0], [_problem(error, words, publish)]
    return f"{name}: {records[0][:60]}…", []


def _check_dmarc(asked: SenderDomain, resolver: Resolver) -> tuple[str, list[Problem]]:
    """Find the record of the domain, or of the nearest one above it."""
    labels = asked.domain.split(".")
    names = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    found = next(((name, records) for name in names if (records := _dmarc(resolver, name))), None)
    if found is None:
        record = f"v=DMARC1; p=none; rua=mailto:postmaster@{asked.domain}"
        words = f"{asked.domain} has no DMARC record. Gmail and Yahoo require one from those who send to many people."
        step = f'publish this TXT record for _dmarc.{asked.domain}: "{record}"'
        return "none", [_problem(warning, words, step)]
    name, records = found
    if len(records) > 1:
        words = f"_dmarc.{name} has {len(records)} DMARC records, so servers ignore all of them."
        return " | ".join(records), [_problem(error, words, f"leave one DMARC record at _dmarc.{name}")]
    return records[0], list(_judge_dmarc(asked, name, records[0]))


def _judge_dmarc(asked: SenderDomain, name: str, record: str) -> Iterator[Problem]:
    policy = _tag(record, "p").lower()
    if policy not in ("none", "quarantine", "reject"):
        words = f'The DMARC record of {name} has no valid policy: "{record}".'
        yield _problem(error, words, f"add p=none, p=quarantine or p=reject to _dmarc.{name}")
    elif policy == "none":
        words = f"The DMARC policy of {name} is none, so forged mails are delivered all the same."
        yield _problem(note, words, "consider p=quarantine, when the reports show that your own mails pass")
    aligned = f".{asked.envelope}".endswith(f".{name}")
    if not aligned and not asked.selector:
        words = f"The envelope sender is at {asked.envelope}, so SPF does not count for DMARC; only a signature does."
        yield _problem(note, words, f"make sure that mails are signed for {name}")


def _dmarc(resolver: Resolver, name: str) -> list[str]:
    return _records(resolver, f"_dmarc.{name}", "v=DMARC1")


def _records(resolver: Resolver, name: str, start: str) -> list[str]:
    return [each for each in resolver.texts(name) if each.partition(";")[0].split()[:1] == [start]]


def _tag(record: str, name: str) -> str:
    pairs = (part.partition("=") for part in record.split(";"))
    return next(("".join(value.split()) for key, _, value in pairs if key.strip() == name), "")


class _Make(Protocol):
    def __call__(self, path: str, code: str, message: str, hint: str = "") -> Problem: ...


def _problem(make: _Make, words: str, step: str) -> Problem:
    return make("", "mail-dns", words, f"Ask your postmaster to {step}.")
