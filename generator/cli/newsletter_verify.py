"""`openletter newsletter verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json
from generator.clock import Clock
from generator.errors import MailError, error, has_errors, raise_warnings
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.checks.arrived_mail import ArrivedMail


@click.command("verify")
@click.argument("file", metavar="FILE.eml", type=click.Path(path_type=Path))
@options.site_option
@click.option("--issue", metavar="ISSUE", help="The issue that the mail shows: compare its words and links too.")
@options.strict_option
@options.json_option
@click.pass_context
def command(ctx: click.Context, file: Path, root: Path, issue: str | None, strict: bool, as_json: bool) -> None:
    """Check a test mail as it arrived.

    Send a test to a mailbox on another server, save the mail as a file, and give that file. Shows what the server says
    of SPF, DKIM and DMARC, what the signature covers, and the size; with --issue, also what was changed on the way.
    Exit code 1: there is an error, or with --strict a warning.
    """
    from generator.newsletter.checks.arrived_mail import check_arrived_mail
    from generator.newsletter.checks.preflight import load_letter

    try:
        data = file.read_bytes()
    except OSError as failure:
        message = f"The mail cannot be read: {failure.strerror or failure}."
        raise MailError(error(file.as_posix(), "mail-mailbox", message, "Check the path.")) from failure
    letter = load_letter(root, issue, Clock.system())[0] if issue is not None else None
    found = check_arrived_mail(data, letter, file.as_posix())
    problems = raise_warnings(found.problems) if strict else found.problems
    if as_json:
        results = {method: result for method, (result, _) in found.results.items()}
        facts = {"subject": found.subject, "results": results, "signed": list(found.signed)}
        say(facts_json({**facts, "bytes": found.size, "html_bytes": found.html_size}, problems), lines=True)
    else:
        show_problems(problems)
        for line in _lines(found):
            say(line)
    ctx.exit(1 if has_errors(problems) else 0)


def _lines(found: ArrivedMail) -> list[str]:
    from generator.newsletter.checks.arrived_mail import METHODS

    lines = [f"Subject: {found.subject}"]
    for method in METHODS:
        result, domain = found.results.get(method, ("none", ""))
        lines.append(f"{method.upper() + ':':<8} {result}{f' ({domain})' if domain else ''}")
    lines.append(f"Signed:  {format_count(len(set(found.signed)), 'header')}")
    lines.append(f"Size:    {found.size:,} bytes, HTML {found.html_size:,}")
    return lines
