"""Write the manual pages and the shells' completions from the commands themselves.

`python -m release.manual` writes them below share/, where the wheel takes them from.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from generator import __version__
from generator.cli import cli
from release.documentation import ROOT

SHARE = ROOT / "share"
COMPLETIONS = {
    "bash": "bash-completion/completions/openletter",
    "zsh": "zsh/site-functions/_openletter",
    "fish": "fish/vendor_completions.d/openletter.fish",
}
"""Shell → where its script is below share/."""

_EXIT = {
    "0": "Success.",
    "1": "Some content could not be built, or a file could not be written.",
    "2": "The command, an option or site.toml has a mistake; nothing was done.",
    "3": "Publishing or mail failed.",
    "130": "You stopped the command.",
}


def walk_commands(command: click.Command = cli, names: tuple[str, ...] = ()) -> Iterator[tuple[click.Context, str]]:
    """Go through a command and all below it: each with its context and its words, such as `newsletter send`."""
    ctx = click.Context(command, info_name=" ".join(("openletter", *names)))
    yield ctx, " ".join(names)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from walk_commands(below, (*names, name))


def format_manual(ctx: click.Context, words: str) -> str:
    """Write a command's manual page in the macros of man(7)."""
    command = ctx.command
    name = "-".join(("openletter", *words.split()))
    usage = " ".join(command.collect_usage_pieces(ctx))
    parts = [
        f'.TH "{_escape(name.upper())}" "1" "" "Openletter {__version__}" "Openletter"',
        f".SH NAME\n{_escape(name)} \\- {_escape(command.get_short_help_str(200).rstrip('.'))}",
        f".SH SYNOPSIS\n.B {_escape(ctx.info_name or '')}\n{_escape(usage)}",
        ".SH DESCRIPTION\n" + "\n.PP\n".join(_paragraphs(command.help or "")),
        ".SH OPTIONS\n" + "".join(_options(ctx)),
    ]
    if isinstance(command, click.Group):
        rows = [(below, command.get_command(ctx, below)) for below in command.list_commands(ctx)]
        shown = [(f"{name}-{below}(1)", each.get_short_help_str(200)) for below, each in rows if each]
        parts.append(".SH COMMANDS\n" + "".join(map(_row, *zip(*shown, strict=True))))
    parts.append(".SH EXIT STATUS\n" + "".join(map(_row, _EXIT, _EXIT.values())))
    if words:
        parts.append(".SH SEE ALSO\n.BR openletter (1)")
    return "\n".join(parts).rstrip() + "\n"


def write_share(folder: Path) -> list[Path]:
    """Write all manual pages and completions; returns the files."""
    shutil.rmtree(folder, ignore_errors=True)
    texts = {f"man/man1/{'-'.join(('openletter', *w.split()))}.1": format_manual(ctx, w) for ctx, w in walk_commands()}
    for shell, path in COMPLETIONS.items():
        kind = get_completion_class(shell)
        assert kind is not None
        texts[path] = kind(cli, {}, "openletter", "_OPENLETTER_COMPLETE").source()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
    return [folder / path for path in texts]


def _paragraphs(text: str) -> list[str]:
    return [_escape(" ".join(each.split())) for each in text.split("\n\n")]


def _options(ctx: click.Context) -> Iterator[str]:
    for parameter in ctx.command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            yield _row(*record)


def _row(term: str, text: str) -> str:
    return f".TP\n.B {_escape(term)}\n{_escape(' '.join(text.split()))}\n"


def _escape(text: str) -> str:
    """Escape what roff reads as its own: backslashes, hyphens, a point at a line's start, letters beyond ASCII."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def main() -> int:
    """Write everything and print how much it is."""
    print(f"{len(write_share(SHARE))} files below {SHARE.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
