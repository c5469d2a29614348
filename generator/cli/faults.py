"""Report what stops a command: with sentences and an exit code, never with a traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from generator.cli.console import never_fail_to_print, say, show_problems

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


@contextmanager
def show_faults(ctx: click.Context) -> Iterator[None]:
    """Show an exception's message and exit with its code; with OPENLETTER_DEBUG=1, bugs also show their traceback.

    Raises: click.exceptions.Exit with the code. Click's own exceptions pass, because click shows them itself.
    """
    never_fail_to_print()
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        ctx.exit(INTERRUPTED)
    except OSError as fault:
        if fault.errno == errno.EPIPE:  # `openletter … | head`: click exits quietly
            raise
        say(f"openletter: {_os_sentence(fault)}", err=True)
        _trace_if_asked()
        ctx.exit(1)
    except Exception as fault:
        _show_exception(ctx, fault)


def _show_exception(ctx: click.Context, fault: Exception) -> NoReturn:
    from generator.errors import OpenletterError  # `--help` needs none of it

    if isinstance(fault, OpenletterError):
        show_problems(fault.problems)
        ctx.exit(fault.exit_code)
    say(f"openletter: {_bug_sentence(fault)}", err=True)
    _trace_if_asked()
    ctx.exit(1)


def _os_sentence(fault: OSError) -> str:
    reason = fault.strerror or str(fault) or type(fault).__name__
    if fault.filename is None:
        return f"The operating system refused: {reason}."
    return f"Cannot use {os.fspath(fault.filename)!s}: {reason}."


def _bug_sentence(fault: Exception) -> str:
    return (
        f"This is a bug in Openletter, not a mistake in your site ({type(fault).__name__}: {fault}). "
        "To report it, run the command again with OPENLETTER_DEBUG=1 and copy what it prints."
    )


def _trace_if_asked() -> None:
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        import traceback

        say(traceback.format_exc(), err=True, lines=True)
