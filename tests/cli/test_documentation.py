"""docs/commands.md and the command line say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from generator.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
SECTIONS = dict(
    re.findall(r"^## openletter (\w+)\n(.*?)(?=^## |\Z)", (ROOT / "docs/commands.md").read_text("utf-8"), re.M | re.S)
)


def options_of(name: str) -> set[str]:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    return {word for option in options for word in option.opts}


def test_every_command_has_a_section_and_no_section_is_left_over() -> None:
    assert list(SECTIONS) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_s_table_names_every_option_and_no_other(name: str) -> None:
    rows = [row.split("|")[1] for row in SECTIONS[name].splitlines() if row.startswith("| `")]
    assert set(re.findall(r"`(--[a-z-]+)", "".join(rows))) == options_of(name)


def test_what_readme_and_getting_started_tell_to_type_exists() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/getting-started.md"))
    typed = re.findall(r"(?:^|`|/)openletter (init|new|build|due|[a-z]+)\b([^`\n]*)", text, re.M)
    assert len(typed) > 8
    for name, rest in typed:
        if name in COMMANDS:
            assert set(re.findall(r"--[a-z-]+", rest)) <= options_of(name), (name, rest)


def test_every_link_of_the_documents_leads_to_a_file_or_heading() -> None:
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dead = [
        f"{document.name}: {link}"
        for document in documents
        for link in links_of(document)
        if not leads_somewhere(document, link)
    ]
    assert dead == []


def links_of(document: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.S)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def leads_somewhere(document: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    if re.match(r"(https?|mailto):", link):
        return True
    file = document.parent / path if path else document
    if not file.exists():
        return False
    headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.M) if anchor else []
    return not anchor or anchor in {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
