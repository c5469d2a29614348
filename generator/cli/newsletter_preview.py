"""`openletter newsletter preview`."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock


@click.command("preview")
@options.issue_argument
@options.site_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write (default: in a temporary folder).",
)
@click.option("--open/--no-open", "opened", default=None, help="Open it in your browser (default on a terminal).")
@options.at_option("Preview it as of this time instead of now.")
def command(issue: str, root: Path, output: Path | None, opened: bool | None, at: datetime | None) -> None:
    """Preview an issue as mail programs show it.

    Writes one page with the mail on a wide screen and a phone: light, dark, inverted, without pictures, without its
    style sheet, and as old Outlook draws it; with its plain text, headers, the size of each story and all checks. Its
    pictures are in a folder beside it; it loads nothing else. Prints the page's path.
    """
    import sys

    from generator.cli.console import is_terminal
    from generator.newsletter.export.file import write_export_file
    from generator.newsletter.export.preview_page import make_letter_preview, render_preview_page
    from generator.newsletter.issue import with_rendered_issue

    shown = with_rendered_issue(root, issue, Clock.system(), make_letter_preview, at)
    show_problems(shown.problems)
    file = output or Path(tempfile.gettempdir()) / f"openletter-{shown.letter.slug}.html"
    folder = file.with_name(f"{file.stem}-pictures")
    for name, data in shown.pictures.items():
        write_export_file(folder / name, data)
    write_export_file(file, render_preview_page(shown, f"{quote(folder.name)}/").encode("utf-8", "replace"))
    say(str(file))
    if opened if opened is not None else is_terminal(sys.stdout) and output is None:
        click.launch(file.resolve().as_uri())
