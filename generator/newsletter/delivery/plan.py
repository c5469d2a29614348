"""What a sending would do: the issue, the recipients, what the ledger knows, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.errors import Level, MailError, Problem, error, warning
from generator.model import Letter
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.delivery.begun_issues import refuse_missing_ledger
from generator.newsletter.delivery.ledger_file import locate_ledger
from generator.newsletter.delivery.ledger_search import find_ledger
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner, check_alignment, load_dkim_signer
from generator.newsletter.message.letter_size import check_size
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.message.sender import Sender, make_sender
from generator.newsletter.message.unsubscribe_link import needs_tokens, personalize_recipient
from generator.newsletter.subscribers.audience import gather_recipients
from generator.newsletter.subscribers.list_key import make_token, require_list_key


class SendOptions(Struct, frozen=True, kw_only=True):
    """What is asked of `newsletter send`: `to` are lists and addresses, () for `[newsletter] to`.

    `test`: one mail to `to`, which no ledger knows of.
    """

    root: Path
    to: tuple[str, ...] = ()
    ledger: Path | None = None
    pace: float | None = None
    strict: bool = False
    test: bool = False
    add_new: bool = False
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
    list_key: bytes = b""

    def personalize(self, person: Recipient) -> Recipient:
        """Give a recipient the list's addresses to unsubscribe at, filled in."""
        return personalize_recipient(self.sender, person, partial(make_token, self.list_key))

    def search_ledger_again(self) -> None:
        """Make sure, under the lock, that the ledger is still the one that was planned with.

        Raises: MailError if another process has made one since, or as `find_ledger`.
        """
        if _find_ledger(self.options, self.letter, self.recipients) != self.ledger:
            message = "Another process has begun to send this issue."
            raise MailError(error(self.ledger.as_posix(), "mail-busy", message, "Run the same command again."))

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
    recipients, shared = gather_recipients(options.root, config, options.to)
    sender = make_sender(config, shared=shared and not options.test)
    signer = load_dkim_signer(config, options.root)
    key = require_list_key(config, _WHY_KEY) if needs_tokens(sender) else b""
    personal = partial(personalize_recipient, sender, make_token=partial(make_token, key))
    recipients = replace(recipients, people=tuple(map(personal, recipients.people)))
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
        ledger=_find_ledger(options, letter, recipients),
        problems=tuple(sorted({*found, *check_alignment(signer, sender)} if signer else found)),
        signer=signer,
        list_key=key,
    )


def _find_ledger(options: SendOptions, letter: Letter, recipients: RecipientList) -> Path:
    if options.test:
        return locate_ledger(options.root, letter.slug, options.ledger)
    found = find_ledger(options.root, letter, [person.folded for person in recipients.people], options.ledger)
    refuse_missing_ledger(options.root, letter.id, found)
    return found


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


_WHY_KEY = "unsubscribe in site.toml holds {token}, which is made with it."
_ODD = "{} has letters before the @ that only some mail servers take; if yours does not, nothing is sent there."
