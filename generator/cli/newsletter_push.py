"""`openletter newsletter push`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock
from generator.errors import MailError, error

SERVICES = ("listmonk", "mailchimp", "brevo", "buttondown")


@click.command("push")
@click.argument("service", type=click.Choice(SERVICES), metavar="SERVICE")
@options.issue_argument
@options.site_option
@click.option("--list", "lists", multiple=True, metavar="ID", help="The service's id of the list (repeatable).")
@click.option("--url", default="", metavar="URL", help="The address of your listmonk, or of the service's API.")
@click.pass_context
def command(ctx: click.Context, service: str, issue: str, root: Path, lists: tuple[str, ...], url: str) -> None:
    """Make or update a draft campaign at a mail service.

    SERVICE is listmonk, mailchimp, brevo or buttondown. Never sends: you do that at the service. The key is in the
    environment variable OPENLETTER_LISTMONK_KEY (as USER:TOKEN), OPENLETTER_MAILCHIMP_KEY and so on.
    """
    import os

    from generator.config import load_config
    from generator.newsletter.export.folder import HTML_FILE, TEXT_FILE, export_issue
    from generator.newsletter.export.push import Draft, push_draft
    from generator.newsletter.export.services import SERVICES as TAGS
    from generator.newsletter.message.sender import make_sender

    variable = f"OPENLETTER_{service.upper()}_KEY"
    key = os.environ.get(variable, "")
    if not key:
        hint = f"Make a key at the service, and set {variable}."
        raise MailError(error("", "mail-push", f"There is no key for {service}.", hint))
    problems, exported = export_issue(root, issue, Clock.system(), TAGS[service])
    show_problems(problems)
    letter = exported.letter if exported else None
    if exported is None or letter is None:
        say("No draft was made. Fix the errors first.", err=True)
        ctx.exit(1)
    sender = make_sender(load_config(root)[0].in_language(letter.language))
    draft = Draft(
        name=f"openletter {exported.slug} {letter.id[:8]}",
        subject=letter.subject or letter.title,
        preheader=letter.preheader,
        html=exported.files[HTML_FILE].decode(),
        text=exported.files[TEXT_FILE].decode(),
        sender_name=sender.name,
        sender_address=sender.address,
        lists=lists,
    )
    identity, new = push_draft(service, url, key, draft)
    say(f"{'Made' if new else 'Updated'} the draft {identity} at {service}. Nothing was sent: check and send it there.")
