"""`openletter new`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.site.issue_selection import Criteria, IssueSelection

_KINDS = {"post": "post", "page": "page", "newsletter": "issue"}
_SHOWN = 20


@click.command("new")
@click.argument("kind", metavar="post|page|newsletter", type=click.Choice(list(_KINDS)))
@click.argument("words", metavar="TITLE", nargs=-1, required=True)
@options.site_option
@click.option("--bundle", is_flag=True, help="Create a folder, for a post or page with its own pictures or files.")
@click.option("--post", "posts", multiple=True, metavar="SLUG", help="Newsletter: include this post (repeatable).")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Newsletter: only posts with this tag (repeatable).")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Newsletter: at most N posts, newest first.")
@click.option("--since", type=options.parse_moment, metavar="DATE", help="Newsletter: only posts since this date.")
@click.option("--like", metavar="ISSUE", help="Newsletter: with the blocks of this issue, in its order.")
@options.json_option
def command(
    kind: str,
    words: tuple[str, ...],
    root: Path,
    bundle: bool,
    posts: tuple[str, ...],
    tags: tuple[str, ...],
    limit: int | None,
    since: datetime | None,
    like: str | None,
    as_json: bool,
) -> None:
    """Start a new post, page or newsletter issue.

    Prints the path of the new file, which is named after TITLE. TITLE needs no quotation marks. No file is ever
    overwritten. It is a draft until you delete its line `draft: true`. An issue includes the posts that no issue has
    included yet, or those you name with
    --post. You see what it includes, and what it skips and why. A post skipped by --tag or --limit comes back with
    the next issue.
    """
    from generator.model import Kind
    from generator.scaffold.new_source import create_source

    title = " ".join(words)
    chosen = bool(posts or tags or limit or since or like)
    if bundle and kind == "newsletter":
        raise click.UsageError("A newsletter issue is one file. Remove --bundle.")
    if chosen and kind != "newsletter":
        raise click.UsageError("--post, --tag, --limit, --since and --like only work with: openletter new newsletter")
    if posts and (tags or limit or since):
        raise click.UsageError("--post chooses the posts. Remove --tag, --limit and --since.")
    if kind == "newsletter":
        from generator.site.issue_selection import Criteria

        _new_issue(root, title, Criteria(posts, tags, limit, since), like or "", as_json)
        return
    path = create_source(root, Kind(_KINDS[kind]), title, bundle=bundle)
    if as_json:
        say(to_json({"path": path, "draft": True}), lines=True)
        return
    say(str(root / path))
    _say_draft()


def _say_draft() -> None:
    say('It is a draft. To publish it, delete the line "draft: true".', err=True)


def _new_issue(root: Path, title: str, wish: Criteria, like: str, as_json: bool) -> None:
    from generator.clock import Clock
    from generator.scaffold.new_issue import create_issue

    path, selection = create_issue(root, title, wish, Clock.system(), like)
    if as_json:
        taken = [{"path": each.path, "title": each.title, "earlier": each.earlier} for each in selection.taken]
        left_out = [{"path": each.path, "title": each.title, "reason": each.reason} for each in selection.left_out]
        facts = {"path": path, "draft": True, "since": selection.since.isoformat(), "last": selection.last}
        facts["unread_issues"] = list(selection.unread_issues)
        say(to_json({**facts, "taken": taken, "left_out": left_out}), lines=True)
        return
    say(str(root / path))
    _say_selection(selection)
    say("Next, write the introduction and put the posts in order. The first one leads.", err=True)
    _say_draft()


def _say_selection(selection: IssueSelection) -> None:
    """Show the included and skipped posts, on stderr."""
    since = f"since {selection.since.day} {selection.since:%B %Y}"
    which = f"that no issue has included (last issue: {selection.last})" if selection.last else f"published {since}"
    say(f"Included {format_count(len(selection.taken), 'post')} {which}:", err=True)
    for each in selection.taken:
        say(f"  {each.path}: {each.title}{' (older than the last issue)' if each.earlier else ''}", err=True)
    if any(each.earlier for each in selection.taken):
        say(
            "To leave out the older ones, delete them from posts, and write newsletter: false in each of them.",
            err=True,
        )
    for path in selection.unread_issues:
        say(f"{path} cannot be read, so posts in it may be included again.", err=True)
    if not selection.left_out:
        return
    say(f"Skipped {format_count(len(selection.left_out), 'post')}:", err=True)
    for each in selection.left_out[:_SHOWN]:
        say(f"  {each.path}: {each.reason}", err=True)
    if len(selection.left_out) > _SHOWN:
        say(f"  and {len(selection.left_out) - _SHOWN:,} more", err=True)
