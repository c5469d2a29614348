"""docs/commands.md and the command line say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from generator.cli import COMMANDS, cli
from generator.cli.newsletter import COMMANDS as LETTERS
from generator.cli.subscribers import COMMANDS as PEOPLE
from release.manual import walk_commands

ROOT = Path(__file__).parents[2]
SECTIONS = dict(
    re.findall(r"^## openletter (\w+)\n(.*?)(?=^## |\Z)", (ROOT / "docs/commands.md").read_text("utf-8"), re.M | re.S)
)


LETTER = dict(re.findall(r"^### openletter newsletter ([\w-]+)\n(.*?)(?=^##|\Z)", SECTIONS["newsletter"], re.M | re.S))


def options_of(*names: str) -> set[str]:
    command: click.Command | None = cli
    for name in names:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    return {word for option in options for word in (*option.opts, *option.secondary_opts)}


def test_every_command_has_a_section_and_no_section_is_left_over() -> None:
    assert list(SECTIONS) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_s_table_names_every_option_and_no_other(name: str) -> None:
    rows = [row.split("|")[1] for row in SECTIONS[name].partition("\n### ")[0].splitlines() if row.startswith("| `")]
    assert set(re.findall(r"`(--[a-z-]+)", "".join(rows))) == options_of(name)


def test_every_command_of_the_newsletter_has_a_section() -> None:
    assert list(LETTER) == list(LETTERS)


@pytest.mark.parametrize("name", LETTERS)
def test_a_table_of_the_newsletter_names_every_option_and_no_other(name: str) -> None:
    text = LETTER[name] if name != "send" else (ROOT / "docs/newsletter-sending.md").read_text("utf-8")
    rows = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `--")]
    assert set(re.findall(r"`(--[a-z-]+)", "".join(rows))) == options_of("newsletter", name)


SUBSCRIBERS = dict(
    re.findall(r"^### openletter subscribers ([\w-]+)\n(.*?)(?=^##|\Z)", SECTIONS["subscribers"], re.M | re.S)
)


def test_every_command_of_the_subscribers_has_a_section_and_its_options() -> None:
    assert list(SUBSCRIBERS) == list(PEOPLE)
    for name, text in SUBSCRIBERS.items():
        rows = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `--")]
        assert set(re.findall(r"`(--[a-z-]+)", "".join(rows))) == options_of("subscribers", name), name


NESTED = [words for _, words in walk_commands() if " " in words and words.split()[0] != "newsletter"]


@pytest.mark.parametrize("words", NESTED)
def test_a_command_of_a_group_has_a_section_whose_table_names_every_option_and_no_other(words: str) -> None:
    group, name = words.split()
    sections = re.findall(rf"^### openletter {words}\n(.*?)(?=^##|\Z)", SECTIONS[group], re.M | re.S)
    assert len(sections) == 1
    rows = [row.split(" | ")[0] for row in sections[0].splitlines() if row.startswith("| `--")]
    assert set(re.findall(r"`(--[a-z-]+)", "".join(rows))) == options_of(group, name)


@pytest.mark.parametrize("group", sorted({words.split()[0] for words in NESTED}))
def test_a_group_has_no_section_of_a_command_that_is_not_there(group: str) -> None:
    described = set(re.findall(rf"^### openletter ({group} \w+)$", SECTIONS[group], re.M))
    assert described == {words for words in NESTED if words.startswith(f"{group} ")}


def test_what_readme_and_getting_started_tell_to_type_exists() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/getting-started.md"))
    typed = re.findall(r"(?:^|`|/)openletter (init|new|build|due|[a-z]+)\b([^`\n]*)", text, re.M)
    assert len(typed) > 8
    for name, rest in typed:
        if name in COMMANDS:
            assert set(re.findall(r"--[a-z-]+", rest)) <= options_of(name), (name, rest)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_within_the_repository_leads_to_a_file(name: str) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / name).read_text("utf-8"), flags=re.S)
    links = [link for link in re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text) if not link.startswith("https://")]
    assert len(links) >= 5
    assert [link for link in links if not (ROOT / link).exists()] == []
