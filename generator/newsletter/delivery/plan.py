"""What a sending would do: the issue, the recipients, what the ledger knows, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.errors import Level, MailError, Problem, error, warning
from generator.model import Letter
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.delivery.ledger_file import locate_ledger
from generator.newsletter.delivery.subscribers import read_subscribers
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner, check_alignment, load_dkim_signer
from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.message.letter_size import check_size
from generator.newsletter.message.recipients import Recipient, RecipientList, make_default_recipient
from generator.newsletter.message.sender import Sender, make_sender


class SendOptions(Struct, frozen=True, kw_only=True):
    """What is asked of `newsletter send`; `to` is a CSV file, an address, or "" for `[newsletter] to`."""

    root: Path
    to: str = ""
    ledger: Path | None = None
    pace: float | None = None
    strict: bool = False
    resend_uncertain: bool = False
    retry_failed: bool = False
    as_first_sent: bool = False


class SendPlan(Struct, frozen=True, kw_only=True):
    """What a sending would do: the letter, the recipients, the ledger and all problems."""

    options: SendOptions
    config: Config
    letter: Letter
    sender: Sender
    recipients: RecipientList
    ledger: Path
    problems: tuple[Problem, ...]
    signer: DkimSigner | None = None

    def refuse_errors(self) -> None:
        """Go on only where nothing is wrong.

        Raises: MailError with all problems, when one is an error, or with `strict` a warning.
        """
        problems = self.problems
        if self.options.strict:
            problems = tuple(replace(problem, level=Level.ERROR) for problem in problems)
        if any(problem.level is Level.ERROR for problem in problems):
            raise MailError(problems)


def load_plan(options: SendOptions, issue: str, clock: Clock) -> SendPlan:
    """Read the settings, render the issue named `issue`, check it and plan its sending. Nothing is written.

    Raises: MailError, if there is no such issue, no sender or no list; ConfigError; TemplateError.
    """
    config, warnings = load_config(options.root)
    letter, problems = load_letter(options.root, issue, clock)
    return plan_send(options, config, letter, (*warnings, *problems), clock.now)


def plan_send(
    options: SendOptions, config: Config, letter: Letter, problems: Collection[Problem], now: datetime
) -> SendPlan:
    """Read the list, and check what would go out. Nothing is written, and nobody is asked.

    Raises: MailError, when there is no sender or no list; ConfigError, when mails cannot be signed as asked for.
    """
    sender = make_sender(config)
    signer = load_dkim_signer(config, options.root)
    recipients = _read_recipients(options, config)
    if not recipients.people:
        nobody = error(options.to, "mail-list", "there is nobody to send to.", "Begin the list with: address,name")
        raise MailError([nobody, *recipients.problems])
    known = {(problem.code, problem.level) for problem in problems}
    largest = check_size(letter, compose_message(letter, sender, _longest(recipients), now, b""))
    larger = [problem for problem in largest if (problem.code, problem.level) not in known]  # than preflight's specimen
    found = {*problems, *larger, *recipients.problems, *_warn_of_smtputf8(recipients)}
    return SendPlan(
        options=options,
        config=config,
        letter=letter,
        sender=sender,
        recipients=recipients,
        ledger=locate_ledger(options.root, letter.slug, options.ledger),
        problems=tuple(sorted({*found, *check_alignment(signer, sender)} if signer else found)),
        signer=signer,
    )


def parse_recipient(text: str) -> Recipient:
    """Take an address that was typed.

    Raises: MailError.
    """
    try:
        return Recipient(parse_email_address(text.strip()))
    except EmailAddressError as refused:
        raise MailError(error("", "mail-address", refused.message, refused.hint)) from None


def _read_recipients(options: SendOptions, config: Config) -> RecipientList:
    if not options.to:
        return RecipientList((make_default_recipient(config),)) if config.newsletter.to else _refuse_without_list()
    file = Path(options.to)
    if "@" in options.to and not file.exists():
        return RecipientList((parse_recipient(options.to),))
    return read_subscribers(file)


def _refuse_without_list() -> RecipientList:
    message = "it is not said whom the issue goes to."
    hint = 'Name a list with --to list.csv, or write the list\'s address into site.toml: to = "staff@lists.example.org"'
    raise MailError(error("site.toml", "mail-list", message, hint))


def _longest(recipients: RecipientList) -> Recipient:
    """Find whose message is the largest."""
    return max(recipients.people, key=lambda person: len(person.unsubscribe) * 10 + len(person.name))


def _warn_of_smtputf8(recipients: RecipientList) -> list[Problem]:
    """Warn of the addresses that only a server with SMTPUTF8 accepts."""
    return [
        warning(person.path, "mail-address", _ODD.format(person.address), line=person.line)
        for person in recipients.people
        if not person.address.isascii()
    ]


_ODD = "{} has letters before the @ that only some mail servers take; if yours does not, nothing is sent there."
