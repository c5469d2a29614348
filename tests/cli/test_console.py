"""Colour and a bar for people, plain lines for everything else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.console import escape_controls

ROOT = Path(__file__).parents[2]
SHOW = """
from generator.cli.console import progress_bar, show_problems
from generator.errors import error, warning
with progress_bar(wanted=True) as progress:
    if progress:
        for done in range(4):
            progress("render", done, 3)
long = error("a.md", "bad", "Bad " + "word " * 60, line=2)
show_problems([warning("b.md", "odd", "Odd [bold]markup[/bold] :smile:."), long])
import sys
print("rich" in sys.modules)
"""


def on_a_terminal(**environment: str) -> str:
    """Run SHOW on a terminal of its own, 80 columns wide, and give what the terminal received."""
    import pty

    env = {
        key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "COLUMNS", "GITHUB_ACTIONS")
    }
    parent, child = pty.openpty()
    command = [sys.executable, "-c", SHOW]
    with subprocess.Popen(command, cwd=ROOT, stdout=child, stderr=child, env={**env, "TERM": "xterm", **environment}):
        os.close(child)
        received = b""
        while chunk := _read(parent):
            received += chunk
    os.close(parent)
    return received.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux: the other end is closed
        return b""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in the standard library")
def test_a_terminal_gets_colour_and_a_bar_with_counts() -> None:
    text = on_a_terminal()
    assert "3/3" in text
    assert "\x1b[1;31merror:\x1b[0m" in text
    assert "[bold]markup[/bold] :smile:" in text
    assert "word word\r\n" not in text, "a long problem is one line: the terminal wraps it, we do not"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in the standard library")
@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_ci_and_dumb_terminals_get_plain_lines(environment: dict[str, str]) -> None:
    text = on_a_terminal(**environment)
    assert "\x1b" not in text
    assert text.splitlines()[0].startswith("a.md:2 error: Bad word")
    assert text.splitlines()[-1] == "False"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals in the standard library")
def test_no_color_is_respected() -> None:
    assert "\x1b[1;31m" not in on_a_terminal(NO_COLOR="1")


def test_a_pipe_gets_plain_lines_and_never_imports_rich() -> None:
    done = in_a_pipe()
    assert done.stdout == "False\n"
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["a.md:2", "b.md"]


def in_a_pipe(**environment: str) -> subprocess.CompletedProcess[str]:
    env = {**{key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"}, **environment}
    return subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True, env=env)


def test_a_github_workflow_gets_annotations_below_the_lines() -> None:
    lines = in_a_pipe(GITHUB_ACTIONS="true", CI="true").stderr.splitlines()
    assert [line.split()[0] for line in lines] == ["a.md:2", "b.md", "::error", "::warning"]
    assert lines[3] == "::warning file=b.md,title=odd::Odd [bold]markup[/bold] :smile:. [odd]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ☃ é", "plain ☃ é"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\u202eb", r"a\u202eb"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x9b2J", r"\x9b2J"),
    ],
)
def test_what_could_steer_the_terminal_is_shown_as_escapes(text: str, shown: str) -> None:
    assert escape_controls(text) == shown
