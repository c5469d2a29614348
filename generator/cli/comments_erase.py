"""`openletter comments erase`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.text.counts import format_count


@click.command("erase")
@click.argument("id_", metavar="ID")
@click.option("--post", default="", metavar="PATH", help="The post, if comments of several posts have this id.")
@options.site_option
@options.json_option
def command(id_: str, post: str, root: Path, as_json: bool) -> None:
    """Erase a comment for good.

    Its words, name and date are deleted from the file beside the post. Only its id stays, so that no later import
    brings it back. Replies to it move to the top level. Build and publish the site to remove it from the web.
    """
    from generator.importers.erased_comments import erase_comment

    done = erase_comment(root, id_, post)
    if as_json:
        say(to_json({"path": done.path, "replies": done.replies}), lines=True)
        return
    replies = f" {format_count(done.replies, 'reply', 'replies')} to it moved to the top level." if done.replies else ""
    say(f"Erased the comment {id_} in {done.path}.{replies}")
    say("Build and publish the site to remove it from the web.")
