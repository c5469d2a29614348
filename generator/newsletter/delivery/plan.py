"""Plan a sending: the issue, the recipients, the ledger, and all problems."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.config.example_url import find_example_url
from generator.digest import digest_bytes
from generator.errors import MailError, Problem, error, has_errors, raise_warnings, warning
from generator.model import READER_NAME, Letter
from generator.newsletter.checks.preflight import run_preflight
from generator.newsletter.delivery.begun_issues import refuse_missing_ledger
from generator.newsletter.delivery.ledger_file import locate_ledger
from generator.newsletter.delivery.ledger_search import find_ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue, LetterVersion
from generator.newsletter.delivery.limits import SendWindow
from generator.newsletter.export.pictures import render_letter_pictures
from generator.newsletter.issue import RenderedIssue, with_issue_versions
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.dkim_signature import DkimSigner, check_alignment, load_dkim_signer
from generator.newsletter.message.letter_size import check_size
from generator.newsletter.message.reader_name import name_for
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.message.sender import Sender, make_sender
from generator.newsletter.message.unsubscribe_link import needs_tokens, personalize_recipient
from generator.newsletter.subscribers.audience import Selection, gather_recipients
from generator.newsletter.subscribers.list_key import make_token, require_list_key
from generator.text.counts import format_count


class SendOptions(Struct, frozen=True, kw_only=True):
    """The options of `newsletter send`. `to`, `only` and `except_` choose the recipients, as in `Selection`.

    `test`: send one mail to `to`, and leave the ledger unchanged. `unattended`: outside the window, end
    instead of waiting, because the command is run again later. `save`: the command that saves the ledger, before the
    first mail and at the end.
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
    unattended: bool = False
    save: str = ""


class SendPlan(Struct, frozen=True, kw_only=True):
    """What a sending would do: the letter, the recipients, the ledger and all problems.

    `pictures` are the letter's pictures for its approval: URL and digest; () if no approval is required.
    `translations` are the versions of the letter for readers of other languages.
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
    translations: tuple[LetterVersion, ...] = ()

    def personalize(self, sender: Sender, person: Recipient) -> Recipient:
        """Return a recipient with their own unsubscribe links from this sender."""
        return personalize_recipient(sender, person, partial(make_token, self.list_key))

    def search_ledger_again(self) -> None:
        """Check, under the lock, that the plan's ledger is still the right one.

        Raises: MailError if another process has created one since, or as `find_ledger`.
        """
        if _find_ledger(self.options, self.letter, self.recipients, self.translations) != self.ledger:
            message = "Another process has started to send this issue."
            raise MailError(error(self.ledger.as_posix(), "mail-busy", message, "Run the same command again."))

    @property
    def is_refused(self) -> bool:
        """Return True if a problem is an error, or with `strict` a warning."""
        return has_errors(self._judged)

    @property
    def _judged(self) -> tuple[Problem, ...]:
        return tuple(raise_warnings(self.problems)) if self.options.strict else self.problems

    def refuse_errors(self) -> None:
        """Refuse to continue if there is an error.

        Raises: MailError with all problems if one is an error, or with `strict` a warning.
        """
        if self.is_refused:
            raise MailError(self._judged)


def load_plan(options: SendOptions, issue: str, clock: Clock, *, to_approve: bool = False) -> SendPlan:
    """Read the settings, render and check the issue named `issue`, and plan its sending. Writes nothing.

    With `to_approve`, or if site.toml requires approvals, the pictures are rendered too.

    Raises: MailError if there is no such issue, no sender or no list; ConfigError; TemplateError.
    """
    config, warnings = load_config(options.root)
    use = partial(_read_versions, with_pictures=bool(to_approve or config.newsletter.approvals))
    letter, translations, problems, pictures = with_issue_versions(options.root, issue, clock, use)
    found = (*warnings, *find_example_url(options.root, config.url), *problems)
    return replace(plan_send(options, config, letter, found, clock.now, translations), pictures=pictures)


def _read_versions(
    versions: Sequence[RenderedIssue], *, with_pictures: bool
) -> tuple[Letter, tuple[Letter, ...], tuple[Problem, ...], tuple[tuple[str, str], ...]]:
    """Return the main letter, its translations, all problems, and the digests of the pictures."""
    main, *others = (rendered.letter for rendered in versions)
    problems = {problem for rendered in versions for problem in run_preflight(rendered)}
    pictures: dict[str, str] = {}
    for rendered in versions if with_pictures else ():
        pictures |= {url: digest_bytes(data) for url, data in render_letter_pictures(rendered).items()}
    return main, tuple(others), tuple(sorted(problems)), tuple(pictures.items())


def plan_send(
    options: SendOptions,
    config: Config,
    letter: Letter,
    problems: Collection[Problem],
    now: datetime,
    translations: Sequence[Letter] = (),
) -> SendPlan:
    """Read the list and check the letter for it. Writes nothing and contacts no server.

    Readers of another language get the translation in it, if there is one.

    Raises: MailError if there is no sender or no list; ConfigError if mails cannot be signed as site.toml asks.
    """
    site, config = config, config.in_language(letter.language)
    recipients, shared = gather_recipients(options.root, config, _selection(options))
    sender = make_sender(config, shared=shared and not options.test)
    signer = load_dkim_signer(config, options.root)
    one = shared and not options.test
    versions = tuple(_make_version(each, letter, site, shared=one) for each in translations)
    senders = (sender, *(each.sender for each in versions))
    key = require_list_key(config, _WHY_KEY) if any(map(needs_tokens, senders)) else b""
    frozen = FrozenIssue(letter, sender, now, versions)
    people = tuple(
        personalize_recipient(frozen.choose_version(person.language)[1], person, partial(make_token, key))
        for person in recipients.people
    )
    recipients = replace(recipients, people=people)
    known = {(problem.code, problem.level) for problem in problems}
    largest = check_size(letter, compose_message(letter, sender, _longest(letter, recipients), now, b""))
    larger = [problem for problem in largest if (problem.code, problem.level) not in known]  # than preflight's specimen
    found = {*problems, *larger, *recipients.problems, *_warn_of_smtputf8(recipients)}
    found |= {*_warn_of_languages(frozen, recipients)}
    return SendPlan(
        options=options,
        config=config,
        letter=letter,
        sender=sender,
        recipients=recipients,
        ledger=_find_ledger(options, letter, recipients, versions),
        translations=versions,
        problems=tuple(sorted({*found, *check_alignment(signer, sender)} if signer else found)),
        signer=signer,
        list_key=key,
    )


def _selection(options: SendOptions) -> Selection:
    return Selection(to=options.to, only=options.only, except_=options.except_)


def _find_ledger(
    options: SendOptions, letter: Letter, recipients: RecipientList, translations: Sequence[LetterVersion] = ()
) -> Path:
    if options.test:
        return locate_ledger(options.root, letter.slug, options.ledger)
    folded = [person.folded for person in recipients.people]
    found = find_ledger(options.root, letter, folded, options.ledger, [each.own_id for each in translations])
    refuse_missing_ledger(options.root, letter.id, found)
    return found


def _make_version(translation: Letter, main: Letter, config: Config, *, shared: bool) -> LetterVersion:
    sender = make_sender(config.in_language(translation.language), shared=shared)
    return LetterVersion(replace(translation, id=main.id), sender, translation.id)


def _warn_of_languages(frozen: FrozenIssue, recipients: RecipientList) -> list[Problem]:
    """Warn of readers whose language the issue does not have, if it has several: they get the main letter."""
    main = frozen.letter.language
    languages = (main, *(each.letter.language for each in frozen.translations))
    served = {each.partition("-")[0].casefold() for each in languages}
    others: dict[str, list[Recipient]] = {}
    for person in recipients.people if frozen.translations else ():
        tag = person.language.replace("_", "-").partition("-")[0].casefold()
        if tag and tag not in served:
            others.setdefault(tag, []).append(person)
    return [
        warning(
            people[0].path,
            "mail-language",
            f'{format_count(len(people), "recipient")} of the language "{tag}" get the issue in "{main}".',
            "Translate the issue, or correct the column: a language is a tag such as cy or en-GB.",
            line=people[0].line,
        )
        for tag, people in others.items()
    ]


def _longest(letter: Letter, recipients: RecipientList) -> Recipient:
    """Find the recipient with the largest message."""
    names = letter.html.count(READER_NAME)

    def estimate(person: Recipient) -> int:
        greeted = len(escape(name_for(letter, person)).encode()) * names if names else 0
        return len(person.unsubscribe) * 10 + len(person.name) + greeted

    return max(recipients.people, key=estimate)


def _warn_of_smtputf8(recipients: RecipientList) -> list[Problem]:
    """Warn about addresses that only a server with SMTPUTF8 accepts."""
    return [
        warning(person.path, "mail-address", _ODD.format(person.address), line=person.line)
        for person in recipients.people
        if not person.address.isascii()
    ]


_WHY_KEY = "It is required for {token} in unsubscribe (site.toml)."
_ODD = "{} has letters before the @ that only some mail servers accept. If yours does not, nothing is sent there."
