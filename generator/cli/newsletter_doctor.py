"""`openletter newsletter doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json
from generator.errors import has_errors, raise_warnings


@click.command("doctor")
@options.site_option
@click.option("--selector", default="", metavar="NAME", help="The DKIM selector of your mail service.")
@click.option("--nameserver", default="", metavar="ADDRESS", help="Ask this name server (default: the system's).")
@options.strict_option
@options.json_option
@click.pass_context
def command(ctx: click.Context, root: Path, selector: str, nameserver: str, strict: bool, as_json: bool) -> None:
    """Ask DNS whether other servers can trust your mails.

    Checks MX, SPF, DKIM and DMARC of the sender's domain, and says in words what to ask your postmaster. Sends
    nothing. Exit code 1: there is an error, or with --strict a warning.
    """
    from generator.config import load_config
    from generator.newsletter.checks.domain_of_site import describe_sender_domain
    from generator.newsletter.checks.name_server import NameServer
    from generator.newsletter.checks.sender_domain import check_sender_domain

    asked = describe_sender_domain(load_config(root)[0], root, selector)
    found = check_sender_domain(asked, NameServer(nameserver))
    problems = raise_warnings(found.problems) if strict else found.problems
    if as_json:
        say(facts_json({"domain": asked.domain, "records": dict(found.lines)}, problems), lines=True)
    else:
        show_problems(problems)
        say(f"Domain:  {asked.domain}")
        for name, words in found.lines:
            say(f"{name + ':':<8} {words}")
    ctx.exit(1 if has_errors(problems) else 0)
