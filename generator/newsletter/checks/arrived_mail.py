"""Check a mail as it arrived: what the receiving server says of it, what the signature covers, what was changed.

Source: RFC 8601 (Authentication-Results), RFC 6376 (DKIM), RFC 8058 (the signature must cover List-Unsubscribe).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from generator.errors import Problem, error, note, warning
from generator.model import READER_NAME, UNSUBSCRIBE, Letter
from generator.newsletter.message.reader_name import replace_names
from generator.text.counts import format_count

MAX_HTML_BYTES = 102_000
METHODS = ("spf", "dkim", "dmarc")
_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)([^;]*)", re.I)
_COMMENT = re.compile(r"\([^()]*\)")
_DOMAIN = re.compile(r"\b(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s*=\s*\S*?@?([\w.-]+\.\w+)", re.I)
_SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Reply-To",
)  # fmt: skip
_KEPT = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Message-ID", "Reply-To")
_MAX_LINES = 8


class ArrivedMail(Struct, frozen=True):
    """What a mail shows: the results by method (`spf` → `pass`) with their domains, its sizes, and the problems."""

    subject: str
    results: dict[str, tuple[str, str]]
    signed: tuple[str, ...]
    size: int
    html_size: int
    problems: tuple[Problem, ...]


def check_arrived_mail(data: bytes, letter: Letter | None, path: str) -> ArrivedMail:
    """Check a mail; with `letter`, also compare its words and links with those that were sent.

    Only the topmost Authentication-Results counts: the others come from servers on the way, or from a forger.
    """
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    results = _read_results(message)
    signed = _read_signed(message)
    page, text = (_content(message, kind) for kind in ("html", "plain"))
    problems = [
        *_judge_results(results, path),
        *_judge_signature(message, signed, path),
        *_judge_size(page, path),
        *(_compare(message, page, text, letter, path) if letter else ()),
    ]
    html_size = len(page.encode())
    return ArrivedMail(str(message["subject"] or ""), results, signed, len(data), html_size, tuple(problems))


def _read_results(message: EmailMessage) -> dict[str, tuple[str, str]]:
    header = " ".join(str(message.get("authentication-results", "")).split())
    found: dict[str, tuple[str, str]] = {}
    for match in _RESULT.finditer(_COMMENT.sub(" ", header)):
        domain = _DOMAIN.search(match[3])
        method, result = match[1].lower(), match[2].lower()
        if method not in found or result == "pass":  # of several signatures, one that is valid is enough
            found[method] = (result, domain[1].lower() if domain else "")
    return found


def _judge_results(results: dict[str, tuple[str, str]], path: str) -> Iterator[Problem]:
    if not results:
        message = "The mail has no Authentication-Results, so it does not show how it was received."
        hint = "Save the mail as it arrived, from a mailbox on another server, not from your folder of sent mails."
        yield warning(path, "mail-auth", message, hint)
        return
    for method in METHODS:
        result, _ = results.get(method, ("none", ""))
        if result == "pass":
            continue
        message = f"{method.upper()}: {result}."
        make = error if result in ("fail", "permerror", "hardfail") else warning
        yield make(path, "mail-auth", message, "To see what to ask your postmaster, run: openletter newsletter doctor")


def _read_signed(message: EmailMessage) -> tuple[str, ...]:
    """Return the names of the signed headers, of the signature that signs most."""
    signatures = [_tags(str(value)).get("h", "") for value in message.get_all("dkim-signature", ())]
    lists = [tuple(name.strip().lower() for name in each.split(":") if name.strip()) for each in signatures]
    return max(lists, key=len, default=())


def _tags(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in "".join(header.split()).split(";"))
    return {name: value for name, _, value in pairs}


def _judge_signature(message: EmailMessage, signed: tuple[str, ...], path: str) -> Iterator[Problem]:
    if not signed:
        hint = "Ask your mail service to sign, or sign yourself: [newsletter.dkim]."
        yield warning(path, "mail-signed", "The mail has no DKIM signature.", hint)
        return
    missing = [name for name in _SIGNED if message[name] is not None and name.lower() not in signed]
    if missing:
        grave = {"From", "List-Unsubscribe", "List-Unsubscribe-Post"} & set(missing)
        words = f"The DKIM signature does not cover {', '.join(missing)}."
        hint = "Ask your mail service to sign these headers too (h=). The one-click button needs List-Unsubscribe."
        yield (warning if grave else note)(path, "mail-signed", words, hint)
    if any("l" in _tags(str(value)) for value in message.get_all("dkim-signature", ())):
        words = "The DKIM signature covers only the beginning of the mail (l=), so anyone can add to it."
        yield warning(path, "mail-signed", words, "Ask your mail service to sign without l=.")


def _judge_size(page: str, path: str) -> Iterator[Problem]:
    size = len(page.encode())
    if size > MAX_HTML_BYTES:
        message = f"The HTML arrived with {size:,} bytes. Gmail cuts off what is above {MAX_HTML_BYTES:,}."
        yield error(path, "mail-size", message, "Shorten the issue, or ask who made it larger on its way.")


def _compare(message: EmailMessage, page: str, text: str, letter: Letter, path: str) -> Iterator[Problem]:
    subject = str(message["subject"] or "").removeprefix("[Test] ")
    sent = letter.subject or letter.title
    if subject != sent:
        yield _altered(path, f'The subject was changed: "{subject}" instead of "{sent}".')
    lost = [name for name in _KEPT[:4] if message[name] is None and name != "List-Unsubscribe-Post"]
    if lost:
        yield _altered(path, f"Headers were removed: {', '.join(lost)}.")
    added, removed = _compare_text(text, letter.text)
    if added:
        yield _altered(path, f"Lines were added to the text: {_quote(added)}.")
    if removed:
        yield _altered(path, f"Lines are missing from the text: {_quote(removed)}.")
    yield from _compare_links(page, letter.html, path)


def _compare_text(arrived: str, sent: str) -> tuple[list[str], list[str]]:
    """Return the lines that were added and removed, without those with the reader's own link."""
    one, other = ([" ".join(line.split()) for line in each.splitlines()] for each in (sent, arrived))
    added, removed = [], []
    own = next((line for line in one if UNSUBSCRIBE in line), "")
    named = [_with_any_name(line) for line in one if READER_NAME in line]
    one = [line for line in one if READER_NAME not in line]
    other = [line for line in other if not any(each.fullmatch(line) for each in named)]
    for line in difflib.ndiff([each for each in one if each and each != own], [each for each in other if each]):
        if line.startswith("+ ") and not _fits_own_line(line[2:], own):
            added.append(line[2:])
        elif line.startswith("- "):
            removed.append(line[2:])
    return added, removed


def _with_any_name(line: str) -> re.Pattern[str]:
    """Match a line with any name in it."""
    marked = replace_names(line, lambda _: "\0")
    return re.compile(".*".join(map(re.escape, marked.split("\0"))))


def _fits_own_line(line: str, own: str) -> bool:
    before, _, after = own.partition(UNSUBSCRIBE)
    return bool(own) and line.startswith(before) and line.endswith(after) and ":" in line


def _compare_links(arrived: str, sent: str, path: str) -> Iterator[Problem]:
    if not arrived:
        yield _altered(path, "The HTML part is missing.")
        return
    before = _links(sent)
    new = [link for link in dict.fromkeys(_links(arrived)) if link not in before]
    rewritten = [link for link in new if any(each in unquote(unquote(link)) for each in before if len(each) > 8)]
    if rewritten:
        hosts = ", ".join(sorted({urlsplit(link).hostname or "" for link in rewritten}))
        count = format_count(len(rewritten), "link")
        yield _altered(path, f"{count} now lead through {hosts}, which sees who clicks.")
    missing = [link for link in before if link not in _links(arrived) and UNSUBSCRIBE not in link]
    others = [link for link in new if link not in rewritten and not link.startswith("mailto:")]
    extra = len(others) - sum(UNSUBSCRIBE in link for link in before)
    if extra > 0 or len(missing) > len(rewritten):
        count = format_count(max(extra, len(missing) - len(rewritten)), "link")
        yield _altered(path, f"{count} in the HTML were added or replaced, such as {(others or missing)[0]}.")


def _links(page: str) -> list[str]:
    from lxml.html import document_fromstring

    if not page.strip():
        return []
    return list(
        dict.fromkeys(str(link.get("href")) for link in document_fromstring(page).iter("a") if link.get("href"))
    )


def _altered(path: str, message: str) -> Problem:
    hint = "Ask your postmaster to leave mails of this sender unchanged: a changed mail breaks its DKIM signature."
    return warning(path, "mail-altered", message, hint)


def _quote(lines: list[str]) -> str:
    shown = "; ".join(f'"{line[:80]}"' for line in lines[:_MAX_LINES])
    return f"{shown} and {len(lines) - _MAX_LINES:,} more" if len(lines) > _MAX_LINES else shown


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # an unknown character set
        return ""
