"""Define the options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from generator.cli.console import note_site_folder

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def parse_moment(text: str) -> datetime:
    """Read a time in ISO 8601: `2026-11-22`, `2026-11-22T09:30` or `2026-11-22T09:30:00+01:00`.

    Without an offset the value is naive, and counts in the site's time zone.

    Raises: click.UsageError for anything else.
    """
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        message = f'"{text}" is not a date or time. Write it as 2026-11-22 or 2026-11-22T09:30.'
        raise click.UsageError(message) from None


def _check_url(_ctx: click.Context, _parameter: click.Parameter, url: str | None) -> str:
    """Check an address as site.toml's own is checked; "" for none."""
    if url is None:
        return ""
    from generator.config.checks import site_url
    from generator.errors import ConfigError, error
    from generator.text.mapping_reader import RefusedError

    try:
        return site_url(url.strip())
    except RefusedError as refused:
        raise ConfigError(error("", "option", f"--url: {refused.message}", refused.hint)) from None


_FOLDER = click.Path(file_okay=False, path_type=Path)

site_option: Decorator = click.option(
    "--site",
    "root",
    type=_FOLDER,
    default=".",
    metavar="DIR",
    callback=note_site_folder,
    help="The site's folder (default: this folder, or the nearest above it with a site.toml).",
)
issue_argument: Decorator = click.argument("issue", metavar="[ISSUE]", required=False, default="")
output_option: Decorator = click.option(
    "--output",
    type=_FOLDER,
    metavar="DIR",
    help="The folder for the built site (default: output/ in the site; a preview: preview/).",
)
drafts_option: Decorator = click.option("--drafts", is_flag=True, help="Also build drafts.")
future_option: Decorator = click.option("--future", is_flag=True, help="Also build scheduled posts.")
url_option: Decorator = click.option(
    "--url", metavar="URL", callback=_check_url, help="Build for this web address, not the url in site.toml."
)
json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
jobs_option: Decorator = click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="Use at most N processes (default: as many as help)."
)
_to_option: Decorator = click.option(
    "--to", multiple=True, metavar="LIST|ADDRESS", help="A list of subscribers, or one address (repeatable)."
)
only_option: Decorator = click.option(
    "--only",
    multiple=True,
    metavar="COLUMN=VALUE",
    help='Choose only rows with this value, such as "campus=North" (repeatable).',
)
except_option: Decorator = click.option(
    "--except", "except_", multiple=True, metavar="LIST", help="Leave out everyone on this list (repeatable)."
)
max_late_option: Decorator = click.option(
    "--max-late",
    type=click.IntRange(1),
    default=24,
    callback=lambda _ctx, _parameter, hours: timedelta(hours=hours),
    metavar="HOURS",
    help="Send an issue at most this many hours after its time (default: 24).",
)
strict_option: Decorator = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


def audience_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--to`, `--only` and `--except`."""
    return _to_option(only_option(except_option(command)))


def at_option(text: str) -> Decorator:
    """Make `--at` with its help: the time a command uses instead of now."""
    return click.option(
        "--at", type=parse_moment, metavar="ISO-TIME", help=f"{text} Without an offset, the site's time zone applies."
    )


def preview_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--drafts`, `--future` and `--at`."""
    return drafts_option(future_option(at_option("Build the site as it will be at this time.")(command)))
