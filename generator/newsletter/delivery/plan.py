"""Plan a sending: the issue, the recipients, the ledger, and all problems."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.config.example_url import find_example_url
from generator.digest import digest_bytes
from generator.errors import MailError, Problem, error, has_errors, raise_warnings, warning
from generator.model import Letter
from generator.newsletter.checks.preflight import load_letter, run_preflight
from generator.newsletter.delivery.begun_issues import refuse_missing_ledger
from generator.newsletter.delivery.ledger_file import locate_ledger
from generator.newsletter.delivery.ledger_search import find_ledger
from generator.newsletter.delivery.limits import SendWindow
from generator.newsletter.export.pictures import render_letter_pictures
from generator.newsletter.issue import RenderedIssue, with_rendered_issue
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner, check_alignment, load_dkim_signer
from generator.newsletter.message.letter_size import check_size
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.message.sender import Sender, make_sender
from generator.newsletter.message.unsubscribe_link import needs_tokens, personalize_recipient
from generator.newsletter.subscribers.audience import Selection, gather_recipients
from generator.newsletter.subscribers.list_key import make_token, require_list_key


class SendOptions(Struct, frozen=True, kw_only=True):
    """The options of `newsletter send`. `to`, `only` and `except_` choose the recipients, as in `Selection`.

    `test`: send one mail to `to`, and leave the ledger unchanged.
    """

    root: Path
    to: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    ledger: Path | None = None
    pace: float | None = None
    connections: int = 1
    window: SendWindow | None = None
    max_per_day: int | None = None
    strict: bool = False
    test: bool = False
    add_new: bool = False
    resend_uncertain: bool = False
    retry_failed: bool = False
    as_first_sent: bool = False


class SendPlan(Struct, frozen=True, kw_only=True):
    """What a sending would do: the letter, the recipients, the ledger and all problems.

    `pictures` are the letter's pictures for its approval: URL and digest; () if no approval is required.
    """

    options: SendOptions
    config: Config
    letter: Letter
    sender: Sender
    recipients: RecipientList
    ledger: Path
    problems: tuple[Problem, ...]
    signer: DkimSigner | None = None
    list_key: bytes = b""
    pictures: tuple[tuple[str, str], ...] = ()

    def personalize(self, person: Recipient) -> Recipient:
        """Return a recipient with their own unsubscribe links."""
        return personalize_recipient(self.sender, person, partial(make_token, self.list_key))

    def search_ledger_again(self) -> None:
        """Check, under the lock, that the plan's ledger is still the right one.

        Raises: MailError if another process has created one since, or as `find_ledger`.
        """
        if _find_ledger(self.options, self.letter, self.recipients) != self.ledger:
            message = "Another process has started to send this issue."
            raise MailError(error(self.ledger.as_posix(), "mail-busy", message, "Run the same command again."))

    def refuse_errors(self) -> None:
        """Refuse to continue if there is an error.

        Raises: MailError with all problems if one is an error, or with `strict` a warning.
        """
        problems = raise_warnings(self.problems) if self.options.strict else self.problems
        if has_errors(problems):
            raise MailError(problems)


def load_plan(options: SendOptions, issue: str, clock: Clock, *, to_approve: bool = False) -> SendPlan:
    """Read the settings, render and check the issue named `issue`, and plan its sending. Writes nothing.

    With `to_approve`, or if site.toml requires approvals, the pictures are rendered too.

    Raises: MailError if there is no such issue, no sender or no list; ConfigError; TemplateError.
    """
    config, warnings = load_config(options.root)
    pictures: tuple[tuple[str, str], ...] = ()
    if to_approve or config.newsletter.approvals:
        letter, problems, pictures = with_rendered_issue(options.root, issue, clock, _letter_with_pictures)
    else:
        letter, problems = load_letter(options.root, issue, clock)
    found = (*warnings, *find_example_url(options.root, config.url), *problems)
    return replace(plan_send(options, config, letter, found, clock.now), pictures=pictures)


def _letter_with_pictures(
    rendered: RenderedIssue,
) -> tuple[Letter, tuple[Problem, ...], tuple[tuple[str, str], ...]]:
    pictures = render_letter_pictures(rendered)
    digests = tuple((url, digest_bytes(data)) for url, data in pictures.items())
    return rendered.letter, run_preflight(rendered), digests


def plan_send(
    options: SendOptions, config: Config, letter: Letter, problems: Collection[Problem], now: datetime
) -> SendPlan:
    """Read the list and check the letter for it. Writes nothing and contacts no server.

    Raises: MailError if there is no sender or no list; ConfigError if mails cannot be signed as site.toml asks.
    """
    config = config.in_language(letter.language)
    recipients, shared = gather_recipients(options.root, config, _selection(options))
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


def _selection(options: SendOptions) -> Selection:
    return Selection(to=options.to, only=options.only, except_=options.except_)


def _find_ledger(options: SendOptions, letter: Letter, recipients: RecipientList) -> Path:
    if options.test:
        return locate_ledger(options.root, letter.slug, options.ledger)
    found = find_ledger(options.root, letter, [person.folded for person in recipients.people], options.ledger)
    refuse_missing_ledger(options.root, letter.id, found)
    return found


def _longest(recipients: RecipientList) -> Recipient:
    """Find the recipient with the largest message."""
    return max(recipients.people, key=lambda person: len(person.unsubscribe) * 10 + len(person.name))


def _warn_of_smtputf8(recipients: RecipientList) -> list[Problem]:
    """Warn about addresses that only a server with SMTPUTF8 accepts."""
    return [
        warning(person.path, "mail-address", _ODD.format(person.address), line=person.line)
        for person in recipients.people
        if not person.address.isascii()
    ]


_WHY_KEY = "It is required for {token} in unsubscribe (site.toml)."
_ODD = "{} has letters before the @ that only some mail servers accept. If yours does not, nothing is sent there."
