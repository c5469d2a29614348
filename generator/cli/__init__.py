"""The command line: one file for each command, imported only when that command is used."""

from __future__ import annotations

import click

from generator import __version__
from generator.cli.lazy import LazyGroup

COMMANDS = {
    "init": "Create a new site in a folder.",
    "new": "Start a new post, page or newsletter issue.",
    "build": "Build the site into its output folder.",
    "check": "Build the site, and find what is wrong with it.",
    "serve": "Preview the site in a browser while you write.",
    "publish": "Publish the site to its web server or host.",
    "unpublish": "Take a page off every web server and host.",
    "newsletter": "Preview, check, send or export a newsletter issue.",
    "subscribers": "Manage the people who get the newsletter.",
    "import": "Import a blog from another program.",
    "comments": "Manage the comments that the site keeps.",
    "theme": "Change the look with templates of your own.",
    "due": "Show when the next scheduled post goes live or expires.",
    "completion": "Print the script that completes commands in your shell.",
}
"""Command → its one-line help, in the order shown; each command is in the module of its name."""


@click.group(
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    epilog="Run `openletter COMMAND --help` for the options of a command.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", "-V", message="openletter %(version)s")
def cli() -> None:
    """Turn a folder of Markdown into a blog, its feeds and its newsletter."""
