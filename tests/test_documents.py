"""What the pages for maintainers and the reference pages name is there, and what is there is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import fields

from generator.config import options
from generator.content.known import KEYS
from generator.model import Kind
from generator.site.index_model import Card
from tests.soak import pools

ROOT = Path(__file__).parents[1]
MAPS = ("docs/architecture.md", "CONTRIBUTING.md")
# Where a path of these pages may begin: the repository, the package.
STARTS = (ROOT, ROOT / "generator")
PATH = re.compile(r"(?<![\w./-])(?:[a-z_][\w-]*/)+(?:[\w-]+(?:\.\w+)*)?")
MADE = ("output/", "dist/")  # by a build


def paths_in(text: str) -> set[str]:
    """Find the paths in code and in diagrams; addresses begin with a slash or a dot, and are none."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))
    return {path for path in PATH.findall(code) if not path.startswith(MADE) and "NAME" not in path}


@pytest.mark.parametrize("name", MAPS)
def test_every_path_that_a_map_names_exists(name: str) -> None:
    named = paths_in((ROOT / name).read_text("utf-8"))
    assert len(named) > 30
    content = {path for path in named if path.startswith(("content/posts/", "content/newsletters/"))}
    assert [path for path in sorted(named - content) if not any((start / path).exists() for start in STARTS)] == []


@pytest.mark.parametrize("name", MAPS)
def test_every_name_that_a_map_finds_in_a_module_is_in_it(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    pairs = re.findall(r"`(generator/[\w/]+\.py)`: `(\w+)`", text)
    pairs += [(module, word) for word, module in re.findall(r"`(\w+)` in\s+`(generator/[\w/]+\.py)`", text)]
    assert pairs
    assert [pair for pair in pairs if not re.search(rf"\b{pair[1]}\b", (ROOT / pair[0]).read_text("utf-8"))] == []


def test_theming_describes_every_field_of_a_document() -> None:
    page = (ROOT / "docs/theming.md").read_text("utf-8")
    assert [field.name for field in fields(Card) if f"`{field.name}`" not in page] == []


def test_theming_describes_every_value_that_the_themes_use() -> None:
    page = (ROOT / "docs/theming.md").read_text("utf-8")
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", page))))
    used: dict[str, set[str]] = {name: set() for name in ("site", "page", "doc", "pager", "series", "discussion")}
    for file in (ROOT / "themes").glob("*/templates/**/*.*"):
        code = " ".join(re.findall(r"{[{%].*?[}%]}", file.read_text("utf-8"), re.S))
        for name, value in re.findall(r"(?<![\w.])(\w+)\.(\w+)", re.sub(r'"[^"]*"', "", code)):
            used.get(name, set()).add(value)
    assert sum(map(len, used.values())) > 90
    assert {f"{name}.{value}" for name in ("site", "page") for value in used[name]} - set(
        re.findall(r"\w+\.\w+", page)
    ) == set()
    assert {value for values in used.values() for value in values} - words == set()


def test_the_configuration_names_every_choice_of_a_setting() -> None:
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    choices = {choice for value in vars(options).values() for choice in get_args(value) if isinstance(choice, str)}
    assert len(choices) > 8
    assert {choice for choice in choices if f'`"{choice}"`' not in page} == set()


@pytest.mark.parametrize("kind", [Kind.POST, Kind.PAGE, Kind.ISSUE])
def test_random_edits_write_every_field_of_front_matter(kind: Kind) -> None:
    written = set(pools.KEYS) | set(pools.ISSUE_KEYS)
    the_same_as_author, only_in_mails = {"authors"}, {"subject", "preheader"}
    assert KEYS[kind] - written - the_same_as_author - only_in_mails == set()
