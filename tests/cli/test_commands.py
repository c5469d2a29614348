"""The command line as a person or a program meets it: real processes, exit codes, what is on which stream."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from generator import __version__
from generator.cli import COMMANDS, cli
from generator.cli.lazy import LazyGroup
from generator.errors import ConfigError, PublishError, error

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_said(run: Run, option: str) -> None:
    assert run(option).stdout == f"openletter {__version__}\n"
    assert CliRunner().invoke(cli, [option]).output == f"openletter {__version__}\n"


def test_the_version_needs_no_library() -> None:
    code = "import sys; sys.argv[1:] = ['--version']; from generator.__main__ import main; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"click", "jinja2", "msgspec", "rich", "pathlib"} & set(done.stdout.splitlines()[1].split())


def test_help_lists_every_command_and_imports_none() -> None:
    code = "import sys; from generator.cli import cli; cli(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    *text, modules = done.stdout.splitlines()
    width = max(map(len, COMMANDS)) + 2
    assert {name: line for name, line in COMMANDS.items() if f"{name:<{width}}{line}" not in "\n".join(text)} == {}
    assert not {f"generator.cli.{name}" for name in COMMANDS} & set(modules.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_the_words_of_the_table(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.help
    assert command.help.splitlines()[0].split()[0] == COMMANDS[name].split()[0]
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["bild"], 'Did you mean "build"?'),
        (["xyzzy"], "The commands are: init, new, build"),
        (["build", "--strct"], "--strict"),
        (["build", "--at", "12/31"], "is not a date or time"),
        (["new", "letter", "x"], "newsletter"),
        (["new", "newsletter", "x", "--bundle"], "--bundle"),
        (["new", "post"], "TITLE"),
        (["init", "x", "--ci", "jenkins"], "gitlab"),
    ],
)
def test_a_wrong_command_or_option_is_a_usage_error_with_a_hint(run: Run, words: list[str], hint: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_init_and_new_make_a_site_and_print_the_path(run: Run, tmp_path: Path) -> None:
    made = run("init", "my-site", "--title", "Letters")
    assert (made.returncode, made.stderr) == (0, "")
    assert "  cd my-site\n  openletter serve\n" in made.stdout
    assert "  git init" in made.stdout
    done = run("new", "post", "A *good* week?", "--site", "my-site")
    assert done.returncode == 0
    assert (tmp_path / done.stdout.strip()).is_file()
    assert "draft" in done.stderr


def test_init_in_the_way_of_files_names_them_and_has_exit_code_2(run: Run) -> None:
    assert run("init", ".").returncode == 0
    done = run("init", ".")
    assert done.returncode == 2
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        ".gitignore",
        "content/pages/about.md",
        "content/pages/privacy.md",
        "site.toml",
    ]


def test_json_of_init_and_new_is_one_object(run: Run, tmp_path: Path) -> None:
    made = json.loads(run("init", "s", "--json").stdout)
    assert made["folder"] == "s"
    assert all((tmp_path / "s" / path).is_file() for path in made["files"])
    done = run("new", "page", "Ünïcode ☃", "--site", "s", "--json")
    assert json.loads(done.stdout) == {"path": "content/pages/ünïcode.md", "draft": True}
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_a_console_without_the_characters_gets_escapes_not_a_failure(run: Run, encoding: str) -> None:
    run("init", ".")
    done = run("new", "post", "図書館", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert r"\u56f3" in done.stdout


def test_a_folder_that_may_not_be_written_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    run("init", ".")
    (tmp_path / "content/newsletters").write_text("a file, not a folder")
    done = run("new", "newsletter", "Spring")
    assert done.returncode == 1
    assert "newsletters" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_failure_worth_a_word() -> None:
    command = [sys.executable, "-m", "generator", "--help"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[LazyGroup]:
    """Give a group whose only command raises what a test asks for."""

    class Failing(LazyGroup):
        fault: BaseException = RuntimeError()

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            def raise_it() -> None:
                raise self.fault

            return click.Command("fail", callback=raise_it)

    return Failing


@pytest.mark.parametrize(
    ("fault", "code", "text"),
    [
        (
            ConfigError([error("b.md", "x", "Second."), error("a.md", "x", "First.", line=3, column=7)]),
            2,
            "a.md:3:7 error: First. [x]\nb.md error: Second. [x]\n",
        ),
        (PublishError(error("", "x", "The server refused.")), 3, "openletter error: The server refused. [x]\n"),
        (
            PermissionError(13, "Permission denied", "output/a"),
            1,
            "openletter: Cannot use output/a: Permission denied.\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (ConfigError(error("\x1b[2Ja\u202e.md", "x", "Odd.")), 2, "\\x1b[2Ja\\u202e.md error: Odd. [x]\n"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_an_exit_code(
    failing: type[LazyGroup], fault: BaseException, code: int, text: str
) -> None:
    group = failing(name="openletter", commands_help={"fail": "Fail."}, package="")
    group.fault = fault  # type: ignore[attr-defined]
    done = CliRunner().invoke(group, ["fail"])
    assert (done.exit_code, done.stdout, done.stderr) == (code, "", text)


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_bug_asks_to_be_reported_and_shows_its_traceback_only_when_asked(
    failing: type[LazyGroup], debug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", debug)
    group = failing(name="openletter", commands_help={"fail": "Fail."}, package="")
    group.fault = KeyError("gone")  # type: ignore[attr-defined]
    done = CliRunner().invoke(group, ["fail"])
    assert done.exit_code == 1
    assert "bug in Openletter" in done.stderr
    assert ("Traceback" in done.stderr) is bool(debug)
