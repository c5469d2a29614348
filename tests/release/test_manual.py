"""The manual pages and the completions: `make man`, `openletter completion`."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from generator.cli import COMMANDS, cli
from release.manual import COMPLETIONS, format_manual, walk_commands, write_share

PAGES = {words: (ctx, format_manual(ctx, words)) for ctx, words in walk_commands()}


def test_every_command_has_a_page() -> None:
    assert set(COMMANDS) <= set(PAGES)
    assert {"newsletter send", "theme new", "subscribers unsubscribes", "comments erase", ""} <= set(PAGES)


@pytest.mark.parametrize("words", PAGES)
def test_a_page_has_every_option_with_its_help(words: str) -> None:
    ctx, page = PAGES[words]
    plain = re.sub(r"\\\[u(\w+)\]", lambda code: chr(int(code[1], 16)), page)
    plain = plain.replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")
    for parameter in ctx.command.params:
        if isinstance(parameter, click.Option):
            assert all(name in plain for name in parameter.opts), parameter.opts
            assert " ".join((parameter.help or "").split())[:30] in plain
    assert ctx.command.get_short_help_str(200).rstrip(".") in plain


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_groff_has_no_warning(tmp_path: Path) -> None:
    pages = [str(file) for file in write_share(tmp_path) if file.suffix == ".1"]
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", *pages], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_the_command_prints_the_script_of_each_shell(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell])
    assert done.exit_code == 0
    assert f"_OPENLETTER_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("openletter bui", "build"),
        ("openletter newsletter se", "send"),
        ("openletter build --ver", "--verify"),
        ("openletter init --ci git", "github"),
        ("openletter completion f", "fish"),
    ],
)
def test_tab_completes(typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_OPENLETTER_COMPLETE": "bash_complete"}
    done = CliRunner().invoke(cli, [], env=words, prog_name="openletter")
    assert f"plain,{offered}" in done.stdout.splitlines()
