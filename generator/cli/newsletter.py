"""`openletter newsletter`: a group of commands, each in its own module."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "list": "List the issues with their posts and state.",
    "preview": "Preview an issue as mail programs show it.",
    "check": "Check an issue for mistakes before you send it.",
    "eml": "Write an issue to a file that mail programs open.",
    "ask-approval": "Send an issue to someone who must approve it.",
    "approve": "Record that someone has approved an issue.",
    "due": "List the issues that are due to be sent, and those to come.",
    "send": "Send an issue to a list or to each subscriber, once.",
    "verify": "Check a test mail as it arrived.",
    "doctor": "Ask DNS whether other servers can trust your mails.",
    "bounces": "Read the reports of failed deliveries and complaints.",
    "who": "Print which subscriber a failed delivery is about.",
    "push": "Make or update a draft campaign at a mail service.",
    "export": "Export an issue's HTML, text and pictures for a mail service.",
}
"""Command → its one-line help, in the order shown; each is in a module `newsletter_NAME`."""


@click.group(
    "newsletter",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="newsletter_",
    epilog="Run `openletter newsletter COMMAND --help` for the options of a command.",
)
def command() -> None:
    """Preview, check, send or export a newsletter issue.

    ISSUE is the issue's slug, or the path of its file; default: the newest issue, drafts included.
    """
